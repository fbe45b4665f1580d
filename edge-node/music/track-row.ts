import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { TrackRow } from '#shared/contract/music-api.ts';
import type { Facts } from './facts.ts';
import type { Home } from './home.ts';
import { readFacts } from './library.ts';

/** What a list shows of a track. */
export function trackRow(facts: Facts): TrackRow {
  const { sha256, title, artist, album, genre, bpm, key, explicit, seconds, cueIn, cueOut, rendition, warnings } =
    facts;
  return {
    track: sha256,
    title,
    artist,
    album,
    genre,
    bpm: bpm?.value ?? null,
    key: key?.value ?? null,
    explicit,
    seconds,
    cueIn,
    cueOut,
    startsAt: rendition.startsAt,
    trimDb: 0,
    warnings,
  };
}

/** The facts of every track of a library, read from its folder one by one. What can't be read is passed over. */
export function* everyTrack(home: Home): Generator<Facts> {
  for (const name of readdirSync(path.dirname(home.facts('x')))) {
    const facts = name.endsWith('.json') ? readFacts(home.facts(name.slice(0, -5))) : null;
    if (facts) yield facts;
  }
}
