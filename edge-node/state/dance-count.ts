import { songsWithin, type DanceCount } from '#shared/domain/dance-count.ts';
import type { Reads } from './reads.ts';

const MINUTE_MS = 60_000;

/** What the three sources say of a session: the host, the songs that played, its minutes (whole ones). */
export function countOf(reads: Reads, session: string, now: number): DanceCount {
  const found = reads.rooms.session(session);
  const from = found?.startedAt ?? now;
  const to = found?.endedAt ?? now;
  return {
    hostDances: reads.desk.count(session)?.hostDances ?? 0,
    songs: songsWithin(reads.desk.plays(from, to), from, to),
    minutes: Math.max(0, Math.floor((to - from) / MINUTE_MS)),
  };
}
