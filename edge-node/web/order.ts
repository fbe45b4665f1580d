import type { EntryFact } from '#shared/domain/rotation.ts';
import { byPlace } from '#shared/domain/rotation.ts';
import type { Row } from './store.ts';

export type Entry = Row<'entry'>;
/** A move that is on its way: shown as done until the node has answered. */
export type Move = { readonly entry: string; readonly after: string | null };

/** The rotation of one stage with the moves that are on their way, the one on stage included. */
export function orderOf(entries: readonly Entry[], moves: readonly Move[]): readonly Entry[] {
  return moves.reduce(moved, entries.toSorted(byPlace));
}

function moved(order: readonly Entry[], { entry, after }: Move): readonly Entry[] {
  const mover = order.find(({ id }) => id === entry);
  if (!mover) return order;
  const others = order.filter(({ id }) => id !== entry);
  const at = after === null ? lastFixed(others) : others.findIndex(({ id }) => id === after);
  return at < 0 && after !== null ? order : others.toSpliced(at + 1, 0, mover);
}

/** Who waits or is called: what a list shows below the one on stage. */
export function waitingOf(order: readonly Entry[]): readonly Entry[] {
  return order.filter(({ state }) => state !== 'ON_STAGE');
}

/** The first place in the list of others that a dancer may be put to: behind all who are called or on stage. */
export function firstFree(order: readonly Entry[], mover: string): number {
  const others = order.filter(({ id }) => id !== mover);
  return waitingOf(others.slice(0, lastFixed(others) + 1)).length;
}

/**
 * Behind whom a dancer goes who is put below `before`; null is first of those that wait. Nobody goes before one who is
 * called or on stage, so any place up there means the first free one.
 */
export function afterFor(order: readonly Entry[], mover: string, before: string | null): string | null {
  const others = order.filter(({ id }) => id !== mover);
  const at = others.findIndex(({ id }) => id === before);
  return at >= 0 && at <= lastFixed(others) ? null : before;
}

/**
 * The order that a list shows while a finger is on it: who is there keeps her place, who is gone goes,
 * who is new comes in behind the one she follows.
 */
export function heldOrder(held: readonly string[], order: readonly Entry[]): readonly Entry[] {
  const known = new Map(order.map((one) => [one.id, one]));
  const shown = held.flatMap((id) => known.get(id) ?? []);
  const ids = new Set(held);
  for (const [index, one] of order.entries()) {
    if (ids.has(one.id)) continue;
    const before = order[index - 1]?.id;
    shown.splice(shown.findIndex(({ id }) => id === before) + 1, 0, one);
  }
  return shown;
}

export function factOf({ id, ...rest }: Entry): EntryFact {
  return { entry: id, ...rest };
}

function lastFixed(others: readonly Entry[]): number {
  return others.findLastIndex(({ state }) => state !== 'WAITING');
}
