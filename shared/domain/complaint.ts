import { accept, refuse, type Decision } from '#shared/kit/decision.ts';
import type { Asking } from './asking.ts';
import type { ClubDates } from './business-day.ts';
import { isDate } from './calendar.ts';
import { event, type EventBodies, type EventOf } from './event.ts';
import type { RecordFact } from './record.ts';
import type { Refusal } from './refusal.ts';

export type LogComplaint = Omit<EventBodies['complaint.logged'], 'complaint' | 'root'> & {
  /** Any earlier complaint about the same customer; null for none that is known. */
  readonly sameCustomerAs: string | null;
};
export type ComplaintFacts = {
  readonly nightKnown: boolean;
  readonly dancerKnown: boolean;
  readonly same: (Pick<RecordFact, 'kind'> & { readonly root: string | null }) | undefined;
  readonly dates: ClubDates;
};

/**
 * Logs an allegation against a customer: every one, with his name or best identifiers, which the box seals (WAC 296-831).
 * No statement is ever asked for. A further allegation names the earlier one, and starts the clock of them all anew.
 */
export function logComplaint(
  facts: ComplaintFacts,
  { sameCustomerAs, ...command }: LogComplaint,
  ask: Asking,
): Decision<EventOf<'complaint.logged'>, Refusal> {
  if (!isDate(command.happenedOn)) return refuse('body_invalid');
  if (command.night !== null && !facts.nightKnown) return refuse('night_unknown');
  if (command.dancer !== null && !facts.dancerKnown) return refuse('dancer_unknown');
  if (sameCustomerAs !== null && facts.same?.kind !== 'complaint') return refuse('record_unknown');
  if (command.happenedOn > facts.dates.calendar) return refuse('date_in_future');
  const root = sameCustomerAs === null ? ask.id : (facts.same?.root ?? sameCustomerAs);
  const about = command.dancer === null ? [] : [command.dancer];
  return accept(event('complaint.logged', { complaint: ask.id, ...command, root }, about));
}

/** Whether the evidence is credible, with a rational explanation that the box seals, whichever way it goes. May be judged again. */
export function judgeComplaint(
  fact: RecordFact | undefined,
  { isCredible }: { readonly isCredible: boolean },
): Decision<EventOf<'complaint.judged'>, Refusal> {
  if (fact?.kind !== 'complaint') return refuse('record_unknown');
  if (fact.erasedAt !== null) return refuse('record_erased');
  return accept(event('complaint.judged', { complaint: fact.record, isCredible }));
}
