import { accept, refuse, type Decision } from '#shared/kit/decision.ts';
import type { Asking } from './asking.ts';
import { event, type EventOf, type Role } from './event.ts';
import type { Refusal } from './refusal.ts';
import { may } from './rights.ts';
import type { RecordKind, RecordState } from './safety-words.ts';

/** One thing that was written down, as the rules see it. */
export type RecordFact = {
  readonly record: string;
  readonly kind: RecordKind;
  readonly state: RecordState;
  readonly erasedAt: number | null;
};

/** Adds a follow-up, sealed by the box. What stands is never edited; a closed record, or one of a closed night, may be followed up. */
export function noteRecord(
  fact: RecordFact | undefined,
  { record }: { readonly record: string },
  ask: Asking,
): Decision<EventOf<'record.noted'>, Refusal> {
  if (!fact) return refuse('record_unknown');
  if (fact.erasedAt !== null) return refuse('record_erased');
  return accept(event('record.noted', { note: ask.id, record }));
}

/** Reading sealed texts is itself written down. The door needs to know whom it may not let in; all else is the bosses'. */
export function openRecord(
  fact: RecordFact | undefined,
  roles: readonly Role[],
): Decision<EventOf<'record.opened'>, Refusal> {
  if (!fact) return refuse('record_unknown');
  if (!may(roles, fact.kind === 'blocklist_entry' ? 'blocklist_entry.open' : 'record.open'))
    return refuse('not_allowed');
  if (fact.erasedAt !== null) return refuse('record_erased');
  return accept(event('record.opened', { record: fact.record, kind: fact.kind }));
}
