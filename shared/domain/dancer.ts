import { accept, refuse, type Decision } from '#shared/kit/decision.ts';
import type { Asking } from './asking.ts';
import { isBirthDate } from './calendar.ts';
import { event, type Engagement, type EventOf, type SealedFields } from './event.ts';
import type { Refusal } from './refusal.ts';
import { edited, type LocalField } from './take-over.ts';

export type RegisterDancer = {
  readonly stageName: string;
  readonly birthDate: string;
  readonly engagement: Engagement;
};

/**
 * Puts a dancer on the roster. Her legal name and birth date travel sealed; `sealed` is made by the box,
 * which alone has the key.
 */
export function registerDancer(
  roster: { readonly stageNameTaken: boolean },
  command: RegisterDancer,
  sealed: SealedFields,
  ask: Asking,
): Decision<EventOf<'dancer.registered'>, Refusal> {
  if (!isBirthDate(command.birthDate, ask.now)) return refuse('birth_date_invalid');
  if (roster.stageNameTaken) return refuse('stage_name_taken');
  const { stageName, engagement } = command;
  return accept({ ...event('dancer.registered', { dancer: ask.id, stageName, engagement }, [ask.id]), pii: sealed });
}

export type RenameFacts = {
  /** Her stage name as it is; null for a dancer that nobody knows. */
  readonly stageName: string | null;
  readonly stageNameTaken: boolean;
  /** She is here, and so is somebody who dances under the new name as a further one. */
  readonly isNameHere: boolean;
  readonly local: LocalField;
};

/** A stage name is shared with headquarters: the change is here at once, and goes up with the version that it was made from. */
export function renameDancer(
  facts: RenameFacts,
  { dancer, stageName }: { readonly dancer: string; readonly stageName: string },
  ask: Asking,
): Decision<EventOf<'shared_field.edited'>, Refusal> {
  if (facts.stageName === null) return refuse('dancer_unknown');
  if (facts.stageName === stageName) return refuse('nothing_changed');
  if (facts.stageNameTaken) return refuse('stage_name_taken');
  if (facts.isNameHere) return refuse('stage_name_here');
  return accept(edited({ coll: 'dancer', id: dancer, field: 'stage_name' }, facts.local, stageName, ask));
}

/** Adds a note. `sealed` is its text, made by the box; notes are only ever added. */
export function noteDancer(
  known: boolean,
  { dancer }: { readonly dancer: string },
  sealed: SealedFields,
  ask: Asking,
): Decision<EventOf<'dancer.noted'>, Refusal> {
  if (!known) return refuse('dancer_unknown');
  const body = { note: ask.id, dancer, origin: 'floor', by: ask.by } as const;
  return accept({ ...event('dancer.noted', body, [dancer]), pii: sealed });
}
