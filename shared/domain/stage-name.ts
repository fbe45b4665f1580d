import { accept, refuse, type Decision } from '#shared/kit/decision.ts';
import { event, type EventOf } from './event.ts';
import type { Refusal } from './refusal.ts';

/** A dancer by one of the names that she dances under. */
export type Named = { readonly dancer: string; readonly name: string };

/** Two names that sound alike in the booth are one: case, spaces and characters that nobody sees don't tell them apart. */
export function spoken(name: string): string {
  const seen = name.normalize('NFKC').replaceAll(/\p{Cf}/gu, '');
  return seen.trim().replaceAll(/\s+/g, ' ').toLowerCase();
}

/**
 * Whether one of `names` is danced under by somebody else tonight. On the roster two dancers may have one name; on one
 * night they never do, as a call from the booth would reach both.
 */
export function isNameHere(dancer: string, names: readonly string[], tonight: readonly Named[]): boolean {
  const hers = new Set(names.map(spoken));
  return tonight.some((other) => other.dancer !== dancer && hers.has(spoken(other.name)));
}

export type NameFacts = {
  /** All of hers; null for a dancer that nobody knows. */
  readonly names: readonly string[] | null;
  /** She is here tonight, under all of her names. */
  readonly isHere: boolean;
  readonly tonight: readonly Named[];
};
type OneName = { readonly dancer: string; readonly stageName: string };

/** Adds a further name. Refuses one that she has already, and one that somebody else uses on a night that both work. */
export function addStageName(
  facts: NameFacts,
  command: OneName,
): Decision<EventOf<'dancer.stage_name_added'>, Refusal> {
  const { dancer, stageName } = command;
  if (facts.names === null) return refuse('dancer_unknown');
  if (facts.names.some((name) => spoken(name) === spoken(stageName))) return refuse('nothing_changed');
  if (facts.isHere && isNameHere(dancer, [stageName], facts.tonight)) return refuse('stage_name_here');
  return accept(event('dancer.stage_name_added', { dancer, stageName }, [dancer]));
}

/** Drops a further name; the first one is changed by a new name and is never dropped. */
export function dropStageName(
  facts: { readonly isKnown: boolean; readonly further: readonly string[] },
  { dancer, stageName }: OneName,
): Decision<EventOf<'dancer.stage_name_dropped'>, Refusal> {
  if (!facts.isKnown) return refuse('dancer_unknown');
  if (!facts.further.includes(stageName)) return refuse('stage_name_unknown');
  return accept(event('dancer.stage_name_dropped', { dancer, stageName }, [dancer]));
}
