import { readdirSync, readFileSync } from 'node:fs';
import type { Facts } from './facts.ts';
import type { Home } from './home.ts';
import { likeness } from './likeness.ts';

/** What is in a club's music folder already, as an ingest asks for it. */
export type Library = {
  readonly home: Home;
  readonly get: (sha256: string) => Facts | null;
  /** The track with the very same sound under other tags. */
  readonly bySound: (sound: string, but: string) => Facts | null;
  /** A track that sounds the same by its fingerprint. */
  readonly byFingerprint: (
    print: Uint32Array,
    about: { readonly seconds: number; readonly but: string },
  ) => Facts | null;
  /** Takes in a track whose facts have just been written. */
  readonly add: (facts: Facts) => void;
  /** Looks for tracks that another process has taken in meanwhile. */
  readonly refresh: () => void;
};

/** One recording in two formats reaches 0.99; other songs about 0.5, and the same one 3 % faster 0.66. */
const SAME_MIN = 0.85;
/** Two ends may be cut differently; a longer difference is another version of a song. */
const SECONDS_APART_MAX = 10;

type Known = {
  readonly sha256: string;
  readonly sound: string | null;
  readonly seconds: number;
  readonly print: Uint32Array;
};

/** Reads the facts of all tracks once. A file that can't be read as facts is passed over: its track is taken in again. */
export function openLibrary(home: Home): Library {
  const known = new Map<string, Known>();
  const bySound = new Map<string, string>();
  const add = (facts: Facts): void => {
    const { sha256, sound, seconds } = facts;
    known.set(sha256, { sha256, sound, seconds, print: readPrint(facts.fingerprint) });
    if (sound !== null && !bySound.has(sound)) bySound.set(sound, sha256);
  };
  const get = (sha256: string): Facts | null => readFacts(home.facts(sha256));
  const refresh = (): void => {
    for (const name of readdirSync(home.facts('').replace(/[^/\\]*$/, ''))) {
      const sha256 = name.replace(/\.json$/, '');
      if (!/^[0-9a-f]{64}\.json$/.test(name) || known.has(sha256)) continue;
      const facts = get(sha256);
      if (facts !== null) add(facts);
    }
  };
  refresh();
  return {
    home,
    get,
    add,
    refresh,
    bySound: (sound, but) => {
      const found = bySound.get(sound);
      return found === undefined || found === but ? null : get(found);
    },
    byFingerprint: (print, { seconds, but }) => {
      const near = [...known.values()].filter(
        (one) => one.sha256 !== but && Math.abs(one.seconds - seconds) <= SECONDS_APART_MAX,
      );
      const found = near.find((one) => likeness(one.print, print) >= SAME_MIN);
      return found === undefined ? null : get(found.sha256);
    },
  };
}

export function writePrint(print: Uint32Array): string {
  return Buffer.from(print.buffer, print.byteOffset, print.byteLength).toString('base64');
}

function readPrint(text: string): Uint32Array {
  return new Uint32Array(new Uint8Array(Buffer.from(text, 'base64')).buffer);
}

/** Null where there are none, or none that can be read. Before there was a choice every copy was AAC. */
export function readFacts(file: string): Facts | null {
  try {
    const facts = JSON.parse(readFileSync(file, 'utf8')) as Facts;
    return { ...facts, rendition: { ...facts.rendition, copy: facts.rendition.copy ?? 'aac' } };
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
