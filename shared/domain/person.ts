import { accept, refuse, type Decision } from '#shared/kit/decision.ts';
import type { Asking } from './asking.ts';
import { isBirthDate, isDate } from './calendar.ts';
import { event, type Engagement, type EventOf, type SealedFields } from './event.ts';
import type { Refusal } from './refusal.ts';
import type { PersonField } from './roster-events.ts';

/** Null leaves a field as it is. */
export type CorrectDancer = {
  readonly dancer: string;
  readonly legalName: string | null;
  readonly birthDate: string | null;
};
export type PersonFact = { readonly legalName: string | null; readonly birthDate: string | null };

/** Which fields a correction changes. */
export function changedIn(person: PersonFact, command: CorrectDancer): readonly PersonField[] {
  const { legalName, birthDate } = command;
  return [
    ...(legalName !== null && legalName !== person.legalName ? (['legal_name'] as const) : []),
    ...(birthDate !== null && birthDate !== person.birthDate ? (['birth_date'] as const) : []),
  ];
}

/**
 * Puts a legal name or a birth date right. What was there stays in the log, sealed. `sealed` has the changed fields, made
 * by the box; the event says which ones they are and who did it.
 */
export function correctDancer(
  person: PersonFact | null,
  command: CorrectDancer,
  sealed: SealedFields,
  ask: Asking,
): Decision<EventOf<'dancer.corrected'>, Refusal> {
  if (person === null) return refuse('dancer_unknown');
  if (command.birthDate !== null && !isBirthDate(command.birthDate, ask.now)) return refuse('birth_date_invalid');
  const fields = changedIn(person, command);
  if (fields.length === 0) return refuse('nothing_changed');
  const { dancer } = command;
  return accept({ ...event('dancer.corrected', { dancer, fields, by: ask.by }, [dancer]), pii: sealed });
}

export type EngagementSet = { readonly effectiveFrom: string; readonly engagement: Engagement };

/** Her engagement on a business date: the last one that was set up to then, or the one she was registered with. */
export function engagementOn(registered: Engagement, sets: readonly EngagementSet[], date: string): Engagement {
  const held = sets.filter(({ effectiveFrom }) => effectiveFrom <= date);
  const last = held.toSorted((a, b) => (a.effectiveFrom < b.effectiveFrom ? -1 : 1)).at(-1);
  return last?.engagement ?? registered;
}

/** Changes her engagement from a coming night on: what a night was decided by stays as it was. `lastDate` is the last that was opened. */
export function setEngagement(
  facts: {
    readonly registered: Engagement | null;
    readonly sets: readonly EngagementSet[];
    readonly lastDate: string | null;
  },
  command: { readonly dancer: string } & EngagementSet,
  ask: Asking,
): Decision<EventOf<'dancer.engagement_set'>, Refusal> {
  if (facts.registered === null) return refuse('dancer_unknown');
  const { dancer, effectiveFrom, engagement } = command;
  if (!isDate(effectiveFrom)) return refuse('body_invalid');
  if (facts.lastDate !== null && effectiveFrom <= facts.lastDate) return refuse('date_past');
  if (engagementOn(facts.registered, facts.sets, effectiveFrom) === engagement) return refuse('nothing_changed');
  return accept(event('dancer.engagement_set', { dancer, engagement, effectiveFrom, by: ask.by }, [dancer]));
}
