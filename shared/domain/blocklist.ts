import { accept, refuse, type Decision } from '#shared/kit/decision.ts';
import type { Asking } from './asking.ts';
import type { ClubDates } from './business-day.ts';
import { isDate } from './calendar.ts';
import { event, type EventBodies, type EventOf } from './event.ts';
import { GENERIC_BAN_TERMS } from './pack-generic.ts';
import type { BanTerm, PolicyPack } from './policy-words.ts';
import type { RecordFact } from './record.ts';
import type { Refusal } from './refusal.ts';
import type { BanEvidence } from './safety-words.ts';

export type AddToBlocklist = Pick<
  EventBodies['blocklist_entry.added'],
  'complaint' | 'evidence' | 'incidentOn' | 'expiresOn' | 'reviewOn' | 'scope'
>;

/**
 * Puts a guest on the blocklist; who it is, the box seals. A ban ends by itself on a date, or is looked at again on one. Dates
 * by the club's calendar; refused `ban_too_short` below the minimum term that the night's pack has for its evidence, `ban_scope_too_small` where all
 * clubs under common ownership must ban, too.
 */
export function addToBlocklist(
  facts: { readonly complaintKnown: boolean; readonly dates: ClubDates; readonly pack: PolicyPack },
  command: AddToBlocklist,
  ask: Asking,
): Decision<EventOf<'blocklist_entry.added'>, Refusal> {
  const { complaint, evidence, incidentOn, expiresOn, reviewOn, scope } = command;
  if (![incidentOn, expiresOn, reviewOn].every((date) => date === null || isDate(date))) return refuse('body_invalid');
  if (complaint !== null && !facts.complaintKnown) return refuse('record_unknown');
  if (incidentOn > facts.dates.calendar) return refuse('date_in_future');
  const { minimumYears, scope: least, rule } = termOf(facts.pack, evidence);
  const minUntil = minimumYears === 0 ? null : yearsAfter(incidentOn, minimumYears);
  const wrong = endRefusal({ minUntil, expiresOn, reviewOn, tonight: facts.dates.night });
  if (wrong !== null) return refuse(wrong);
  if (least !== null && scope !== least) return refuse('ban_scope_too_small');
  return accept(
    event('blocklist_entry.added', { blocklistEntry: ask.id, ...command, startsOn: facts.dates.night, minUntil, rule }),
  );
}

function termOf(pack: PolicyPack, evidence: BanEvidence): BanTerm {
  return pack.banTerms?.find((one) => one.evidence === evidence) ?? GENERIC_BAN_TERMS[evidence];
}

export type BanFact = RecordFact & Pick<EventBodies['blocklist_entry.added'], 'startsOn' | 'minUntil' | 'expiresOn'>;

/** Looks at a ban again: another end, or another date to look at it; why, the box seals. Never below its minimum. */
export function reviewBan(
  fact: BanFact | undefined,
  command: { readonly expiresOn: string | null; readonly reviewOn: string | null },
  { night: tonight }: ClubDates,
): Decision<EventOf<'blocklist_entry.reviewed'>, Refusal> {
  const { expiresOn, reviewOn } = command;
  if (!fact) return refuse('ban_unknown');
  if (fact.state === 'LIFTED') return refuse('ban_lifted');
  if (isOver(fact, tonight)) return refuse('ban_over');
  if (![expiresOn, reviewOn].every((date) => date === null || isDate(date))) return refuse('body_invalid');
  const wrong = endRefusal({ minUntil: fact.minUntil, expiresOn, reviewOn, tonight });
  if (wrong !== null) return refuse(wrong);
  return accept(event('blocklist_entry.reviewed', { blocklistEntry: fact.record, expiresOn, reviewOn }));
}

/** Ends a ban now, by name and with a reason, which the box seals. Never before its minimum is over. */
export function liftBan(
  fact: BanFact | undefined,
  { night }: ClubDates,
  ask: Asking,
): Decision<EventOf<'blocklist_entry.lifted'>, Refusal> {
  if (!fact) return refuse('ban_unknown');
  if (fact.state === 'LIFTED') return refuse('ban_lifted');
  if (isOver(fact, night)) return refuse('ban_over');
  if (fact.minUntil !== null && night < fact.minUntil) return refuse('ban_minimum_stands');
  return accept(event('blocklist_entry.lifted', { blocklistEntry: fact.record, by: ask.by }));
}

/** Whether a ban holds on a business date: through the whole night of the date that it ends on, also after midnight. */
export function isBanned(fact: Pick<BanFact, 'state' | 'startsOn' | 'expiresOn'>, date: string): boolean {
  return fact.state === 'ACTIVE' && fact.startsOn <= date && (fact.expiresOn === null || date <= fact.expiresOn);
}

/** It ran out on its last date: what comes behind it is another ban. */
function isOver({ expiresOn }: Pick<BanFact, 'expiresOn'>, night: string): boolean {
  return expiresOn !== null && expiresOn < night;
}

function endRefusal(end: {
  readonly minUntil: string | null;
  readonly expiresOn: string | null;
  readonly reviewOn: string | null;
  readonly tonight: string;
}): Refusal | null {
  if (end.expiresOn === null && end.reviewOn === null) return 'ban_needs_end';
  if (end.reviewOn !== null && end.reviewOn < end.tonight) return 'date_in_past';
  if (end.expiresOn === null) return null;
  if (end.expiresOn < end.tonight) return 'date_in_past';
  return end.minUntil !== null && end.expiresOn < end.minUntil ? 'ban_too_short' : null;
}

/** The same date so many years on; 29 February gives 1 March, never a day too few. */
function yearsAfter(date: string, years: number): string {
  const made = `${String(Number(date.slice(0, 4)) + years).padStart(4, '0')}${date.slice(4)}`;
  return isDate(made) ? made : `${made.slice(0, 4)}-03-01`;
}
