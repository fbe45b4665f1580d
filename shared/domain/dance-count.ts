import { accept, refuse, type Decision } from '#shared/kit/decision.ts';
import type { Asking } from './asking.ts';
import { event, type EventOf } from './event.ts';
import type { Refusal } from './refusal.ts';
import type { SessionFact } from './room-session.ts';

/** Three independent sources of how many dances a session had: what the host counted, the songs that played while it ran, its minutes. */
export type DanceCount = { readonly hostDances: number; readonly songs: number; readonly minutes: number };
export type Played = { readonly startedAt: number; readonly endedAt: number };

/**
 * Songs of which at least half played while the session ran (epoch milliseconds): a song that was nearly over when she came counts
 * for nobody.
 */
export function songsWithin(plays: readonly Played[], from: number, to: number): number {
  return plays.filter(({ startedAt, endedAt }) => {
    const inside = Math.min(endedAt, to) - Math.max(startedAt, from);
    return inside > 0 && inside * 2 >= endedAt - startedAt;
  }).length;
}

/** Whether host and songs say different things. Nobody is charged by it: a person looks. The minutes are told beside them. */
export function countsDiffer({ hostDances, songs }: DanceCount): boolean {
  return hostDances !== songs;
}

export function recordPlay(
  command: {
    readonly track: string | null;
    readonly title: string;
    readonly startedAt: number;
    readonly endedAt: number;
  },
  ask: Asking,
): Decision<EventOf<'play.recorded'>, Refusal> {
  if (command.endedAt <= command.startedAt) return refuse('dates_reversed');
  if (command.endedAt > ask.now) return refuse('date_in_future');
  return accept(event('play.recorded', { play: ask.id, ...command }));
}

/** What a person makes of a count whose sources differ, with the reason. The money stays as it was sold: what is to change is sold or voided. */
export function settleDanceCount(
  facts: { readonly session: SessionFact | undefined; readonly count: DanceCount; readonly isSettled: boolean },
  { dances, reason }: { readonly dances: number; readonly reason: string },
): Decision<EventOf<'dance_count.settled'>, Refusal> {
  const { session, count } = facts;
  if (!session) return refuse('session_unknown');
  if (session.state === 'QUOTED' || session.state === 'RUNNING') return refuse('session_not_ended');
  if (facts.isSettled) return refuse('count_settled');
  if (!countsDiffer(count)) return refuse('counts_agree');
  if (reason.trim() === '') return refuse('reason_missing');
  const body = { session: session.session, room: session.room, ...count, dances, reason };
  return accept(event('dance_count.settled', body, session.dancers));
}
