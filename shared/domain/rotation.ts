import { accept, refuse, type Decision } from '#shared/kit/decision.ts';
import type { Asking } from './asking.ts';
import type { AttendanceFact } from './attendance.ts';
import { cannotStart } from './business-day.ts';
import { event, type EventOf } from './event.ts';
import type { Refusal } from './refusal.ts';
import type { SkipReason, Song } from './rotation-events.ts';

/**
 * WAITING → CALLED → ON_DECK (she answered) → ON_STAGE → WAITING at the tail of the next round. CALLED without an answer
 * is missed, and WAITING again one round on; so is who is skipped. `held`: she is in a room (a skip that keeps its place)
 * and is passed over. Removed and left entries are gone. The order is by round, then rank; a rank is any number, so that
 * one can always be put between two.
 */
export type EntryState = 'WAITING' | 'CALLED' | 'ON_DECK' | 'ON_STAGE';
export type EntryFact = {
  readonly entry: string;
  readonly stage: string;
  readonly dancer: string;
  readonly state: EntryState;
  readonly round: number;
  readonly rank: number;
  readonly held: boolean;
  /** How near she was called last, 3 to 0; null while she is not called. */
  readonly away: number | null;
  /** When she was first called for this turn, epoch milliseconds. */
  readonly calledAt: number | null;
  /** Seq of the last event that touched it: what a screen saw. */
  readonly version: number;
};
export type Place = { readonly round: number; readonly rank: number };

export function byPlace(a: Place, b: Place): number {
  return a.round - b.round || a.rank - b.rank;
}

/** Tail of the round that is being danced: behind all who wait in it, before those who danced already. */
export function tailOfRound(entries: readonly EntryFact[]): Place {
  const waiting = entries.filter(({ state }) => state !== 'ON_STAGE');
  const round =
    waiting.length > 0 ? Math.min(...waiting.map((one) => one.round)) : Math.max(1, ...entries.map((one) => one.round));
  return { round, rank: lastRank(entries, round) + 1 };
}

/** Behind everybody, one round on: where a finished or missed turn goes. */
export function tailOfNext(entries: readonly EntryFact[], from: number): Place {
  const round = from + 1;
  return { round, rank: lastRank(entries, round) + 1 };
}

function lastRank(entries: readonly EntryFact[], round: number): number {
  return Math.max(0, ...entries.filter((one) => one.round === round).map(({ rank }) => rank));
}

export function addToRotation(
  facts: {
    readonly stageKnown: boolean;
    readonly stageOpen: boolean;
    readonly tonight: AttendanceFact | undefined;
    readonly entries: readonly EntryFact[];
    readonly inRoom: boolean;
  },
  command: { readonly stage: string },
  ask: Asking,
): Decision<EventOf<'rotation.added' | 'rotation.held'>, Refusal> {
  const closed = cannotStart(ask.day);
  if (closed) return refuse(closed);
  if (!facts.stageKnown) return refuse('stage_unknown');
  if (!facts.stageOpen) return refuse('stage_closed');
  if (facts.tonight?.state !== 'CHECKED_IN') return refuse('not_checked_in');
  const { dancer, attendance } = facts.tonight;
  if (facts.entries.some((one) => one.dancer === dancer)) return refuse('in_rotation_already');
  const added = event(
    'rotation.added',
    { entry: ask.id, stage: command.stage, attendance, dancer, ...tailOfRound(facts.entries) },
    [dancer],
  );
  return facts.inRoom
    ? accept<EventOf<'rotation.added' | 'rotation.held'>>(added, event('rotation.held', { entry: ask.id }, [dancer]))
    : accept(added);
}

export type MoveEntry = { readonly entry: string; readonly afterEntry: string | null; readonly version: number };

/**
 * Puts an entry behind another one (null: first of those that wait). An intent, not a list, so that a dancer who was
 * added meanwhile is not lost. The mover who saw an older version gets `entry_changed` and the present state.
 */
export function moveEntry(
  entries: readonly EntryFact[],
  command: MoveEntry,
): Decision<EventOf<'rotation.moved'>, Refusal> {
  const moved = entries.find((one) => one.entry === command.entry);
  if (!moved) return refuse('entry_unknown');
  if (moved.version !== command.version) return refuse('entry_changed');
  if (moved.state !== 'WAITING') return refuse('entry_called');
  const others = entries.filter((one) => one.entry !== command.entry).sort(byPlace);
  const at =
    command.afterEntry === null ? lastCalled(others) : others.findIndex((one) => one.entry === command.afterEntry);
  if (at < 0 && command.afterEntry !== null) return refuse('entry_unknown');
  if (at < lastCalled(others)) return refuse('above_called');
  const place = between(others[at], others[at + 1]);
  if (isBetween(place, others[at], others[at + 1])) return accept(movedTo(moved, others[at], place));
  return accept(...renumbered(others.toSpliced(at + 1, 0, { ...moved, ...place })));
}

function movedTo(moved: EntryFact, before: EntryFact | undefined, place: Place): EventOf<'rotation.moved'> {
  const { round, rank } = place;
  return event('rotation.moved', { entry: moved.entry, after: before?.entry ?? null, round, rank }, [moved.dancer]);
}

/** Halving a gap some fifty times leaves no number between: then everyone gets a whole number again. */
function isBetween(place: Place, before: Place | undefined, after: Place | undefined): boolean {
  return (!before || byPlace(before, place) < 0) && (!after || byPlace(place, after) < 0);
}

function renumbered(order: readonly EntryFact[]): EventOf<'rotation.moved'>[] {
  return order.map((one, at) => movedTo(one, order[at - 1], { round: one.round, rank: at + 1 }));
}

function lastCalled(others: readonly EntryFact[]): number {
  return others.findLastIndex(({ state }) => state !== 'WAITING');
}

function between(before: Place | undefined, after: Place | undefined): Place {
  if (!before && !after) return { round: 1, rank: 1 };
  if (!before && after) return { round: after.round, rank: after.rank - 1 };
  const { round, rank } = before as Place;
  if (!after || after.round !== round) return { round, rank: rank + 1 };
  return { round, rank: (rank + after.rank) / 2 };
}

/** 3, 2, 1 away; 0 is now. */
export function callEntry(
  found: EntryFact | undefined,
  command: { readonly away: number },
): Decision<EventOf<'rotation.called'>, Refusal> {
  if (!found) return refuse('entry_unknown');
  if (found.held) return refuse('entry_held');
  if (found.state === 'ON_STAGE') return refuse('on_stage');
  if (found.state === 'ON_DECK') return refuse('on_deck');
  return accept(event('rotation.called', { entry: found.entry, away: command.away }, [found.dancer]));
}

/** She did not come: her turn is over, she stands at the tail of the next round. */
export function missEntry(
  entries: readonly EntryFact[],
  command: { readonly entry: string },
): Decision<EventOf<'rotation.missed'>, Refusal> {
  const found = entries.find((one) => one.entry === command.entry);
  if (!found) return refuse('entry_unknown');
  if (found.state === 'ON_DECK') return refuse('on_deck');
  if (found.state !== 'CALLED') return refuse('entry_not_called');
  return accept(event('rotation.missed', { entry: found.entry, ...tailOfNext(entries, found.round) }, [found.dancer]));
}

/** Her turn passes, for a reason: she stands at the tail of the next round. Who is in a room is held instead. */
export function skipEntry(
  entries: readonly EntryFact[],
  command: { readonly entry: string; readonly reason: SkipReason; readonly mayBuyOut: boolean },
): Decision<EventOf<'rotation.skipped'>, Refusal> {
  const found = entries.find((one) => one.entry === command.entry);
  if (!found) return refuse('entry_unknown');
  if (found.held) return refuse('entry_held');
  if (found.state === 'ON_STAGE') return refuse('on_stage');
  if (command.reason === 'buyout' && !command.mayBuyOut) return refuse('buyout_not_allowed');
  const { entry, dancer, round } = found;
  return accept(event('rotation.skipped', { entry, reason: command.reason, ...tailOfNext(entries, round) }, [dancer]));
}

/** What is to be played at her next turn; none: what the house plays. */
export function planSongs(
  found: EntryFact | undefined,
  command: { readonly songs: readonly Song[] },
  songsPerSet: number,
): Decision<EventOf<'rotation.planned'>, Refusal> {
  if (!found) return refuse('entry_unknown');
  if (found.state === 'ON_STAGE') return refuse('on_stage');
  if (command.songs.length > songsPerSet) return refuse('set_too_long');
  return accept(event('rotation.planned', { entry: found.entry, songs: command.songs }, [found.dancer]));
}

export function removeEntry(
  found: EntryFact | undefined,
  command: { readonly reason: 'manager' | 'dj' },
): Decision<EventOf<'rotation.removed'>, Refusal> {
  if (!found) return refuse('entry_unknown');
  if (found.state === 'ON_STAGE') return refuse('on_stage');
  return accept(event('rotation.removed', { entry: found.entry, reason: command.reason }, [found.dancer]));
}

/**
 * Back from a room: their places are kept, but one who is ready goes first, so that nobody has to run. Those who come
 * back together keep their order among themselves.
 */
export function resumeEntries(
  entries: readonly EntryFact[],
  back: readonly string[],
): readonly EventOf<'rotation.moved' | 'rotation.resumed'>[] {
  const returning = entries.filter(({ entry, held }) => held && back.includes(entry)).sort(byPlace);
  const ready = entries.filter((one) => !one.held && one.state !== 'ON_STAGE').sort(byPlace)[0];
  const early = ready ? returning.filter((one) => byPlace(one, ready) < 0) : [];
  if (!ready || early.length === 0) return returning.map((one) => resumedAt(one, one));
  const others = entries.filter((one) => !early.includes(one)).sort(byPlace);
  const at = others.indexOf(ready) + 1;
  const placed = spread(early, ready, others[at]);
  if (placed) return returning.map((one) => resumedAt(one, placed.get(one.entry) ?? one));
  const order = others.toSpliced(at, 0, ...early.map((one) => ({ ...one, round: ready.round })));
  const ranks = renumbered(order);
  return [
    ...ranks,
    ...order.flatMap((one, index) =>
      returning.some(({ entry }) => entry === one.entry) ? [resumedAt(one, { round: one.round, rank: index + 1 })] : [],
    ),
  ];
}

/** A place for each, in order, between two others; null where there is no number left between them. */
function spread(
  entries: readonly EntryFact[],
  before: Place,
  after: Place | undefined,
): ReadonlyMap<string, Place> | null {
  const placed = new Map<string, Place>();
  let last = before;
  for (const { entry } of entries) {
    const place = between(last, after);
    if (!isBetween(place, last, after)) return null;
    placed.set(entry, place);
    last = place;
  }
  return placed;
}

function resumedAt({ entry, dancer }: EntryFact, { round, rank }: Place): EventOf<'rotation.resumed'> {
  return event('rotation.resumed', { entry, round, rank }, [dancer]);
}
