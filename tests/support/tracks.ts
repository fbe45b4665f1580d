import type { TrackRow } from '#shared/contract/music-api.ts';

/** A track of ten seconds, named by its hash in small. */
export function trackOf(name: string, more: Partial<TrackRow> = {}): TrackRow {
  return {
    track: name,
    title: `Song ${name}`,
    artist: null,
    album: null,
    genre: null,
    bpm: null,
    key: null,
    explicit: null,
    seconds: 10,
    cueIn: 0,
    cueOut: 10,
    startsAt: 0,
    trimDb: 0,
    warnings: [],
    ...more,
  };
}
