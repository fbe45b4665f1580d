import { accept, refuse, type Decision } from '#shared/kit/decision.ts';
import type { Asking } from './asking.ts';
import { event, type EventOf } from './event.ts';
import type { RecordFact } from './record.ts';
import type { Refusal } from './refusal.ts';

export type PackFacts = {
  /** The night that it is of: the open one, or the last. */
  readonly night: string | undefined;
  /** Of the visit that it is made for, where one is named. */
  readonly visit: RecordFact | undefined;
  /** Everybody whose sealed name is opened for it. */
  readonly dancers: readonly string[];
};

/** Whoever makes an inspection pack opens the legal names of a whole night: that is written down, with whose and for which visit. */
export function makeInspectionPack(
  facts: PackFacts,
  { visit }: { readonly visit: string | null },
  ask: Asking,
): Decision<EventOf<'inspection_pack.made'>, Refusal> {
  if (facts.night === undefined) return refuse('night_unknown');
  if (visit !== null && facts.visit?.kind !== 'site_visit') return refuse('record_unknown');
  const { night, dancers } = facts;
  return accept(event('inspection_pack.made', { pack: ask.id, night, visit, dancers }, dancers));
}
