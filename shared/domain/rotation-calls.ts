import { accept, refuse, type Decision } from '#shared/kit/decision.ts';
import { event, type EventOf } from './event.ts';
import type { Refusal } from './refusal.ts';
import { byPlace, tailOfNext, type EntryFact } from './rotation.ts';

/** The farthest that anybody is called. */
export const AWAY_MAX = 3;

/** Those who can go on stage, in their order: lowest round, then place. */
export function readyOf(queue: readonly EntryFact[]): readonly EntryFact[] {
  return queue.filter(({ held, state }) => !held && state !== 'ON_STAGE').sort(byPlace);
}

/** How many sets lie before hers, with so many stages of her queue free now; null for who is held or on stage. */
export function awayOf(queue: readonly EntryFact[], entry: string, freeStages: number): number | null {
  const at = readyOf(queue).findIndex((one) => one.entry === entry);
  return at < 0 ? null : Math.max(0, at + 1 - freeStages);
}

/** She says that she comes: CALLED → ON_DECK. */
export function acknowledgeCall(found: EntryFact | undefined): Decision<EventOf<'rotation.acknowledged'>, Refusal> {
  if (!found) return refuse('entry_unknown');
  if (found.state === 'ON_DECK') return refuse('on_deck');
  if (found.state !== 'CALLED') return refuse('entry_not_called');
  return accept(event('rotation.acknowledged', { entry: found.entry }, [found.dancer]));
}

export type CallFacts = {
  readonly queue: readonly EntryFact[];
  readonly freeStages: number;
  /** Milliseconds after a call without an answer. */
  readonly timeoutMs: number;
};

/**
 * Brings the calls of a queue up to date: who did not answer in time, or came to 0 away without an answer, has missed
 * her turn; who is three or fewer away by her place is called, and called again as she comes nearer.
 */
export function runCalls(
  { queue, freeStages, timeoutMs }: CallFacts,
  now: number,
): Decision<EventOf<'rotation.missed' | 'rotation.called'>, Refusal> {
  const missing = readyOf(queue).filter((one) => isMissed(one, awayOf(queue, one.entry, freeStages), now - timeoutMs));
  let after = queue;
  const missed = missing.map((one) => {
    const place = tailOfNext(after, one.round);
    const back: EntryFact = { ...one, ...place, state: 'WAITING', away: null, calledAt: null };
    after = after.map((other) => (other.entry === one.entry ? back : other));
    return event('rotation.missed', { entry: one.entry, ...place }, [one.dancer]);
  });
  const called = readyOf(after).flatMap((one) => {
    const away = awayOf(after, one.entry, freeStages) ?? Infinity;
    const isNews = one.state === 'WAITING' || (one.state === 'CALLED' && away < (one.away ?? Infinity));
    return away <= AWAY_MAX && isNews ? [event('rotation.called', { entry: one.entry, away }, [one.dancer])] : [];
  });
  if (missed.length + called.length === 0) return refuse('nothing_due');
  return accept<EventOf<'rotation.missed' | 'rotation.called'>>(...missed, ...called);
}

function isMissed({ state, calledAt, away }: EntryFact, awayNow: number | null, since: number): boolean {
  if (state !== 'CALLED') return false;
  return (calledAt !== null && calledAt <= since) || (awayNow === 0 && away !== null && away > 0);
}
