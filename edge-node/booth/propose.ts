import type { TrackRow } from '#shared/contract/music-api.ts';
import type { Song } from '#shared/domain/rotation-events.ts';

/** What the booth asks of the library. */
export type BoothShelf = {
  readonly track: (id: string) => TrackRow | undefined;
  readonly all: () => readonly TrackRow[];
  readonly size: () => number;
};

const TITLE_CHARS_MAX = 80;

/** The title as plans and plays have it: without signs that no screen shows, and not too long. */
export function songOf({ track, title }: TrackRow): Song {
  const shown = title
    .replaceAll(/\p{Cc}/gu, ' ')
    .trim()
    .slice(0, TITLE_CHARS_MAX);
  return { track, title: shown === '' ? track.slice(0, 8) : shown };
}
