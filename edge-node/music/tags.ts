import { readKey, type Tone } from './key-name.ts';
import { shown, titleFromName } from './names.ts';
import { bareId, TAG_IDS } from './tag-ids.ts';
import { askForTags } from './tag-reader.ts';
import type { Tools } from './tools.ts';

/** What a file says of itself, made safe to keep and to show. */
export type Tags = {
  readonly title: string;
  readonly artist: string | null;
  readonly album: string | null;
  readonly genre: string | null;
  readonly year: number | null;
  /** Null where the tags don't say. */
  readonly explicit: 'explicit' | 'clean' | null;
  /** Beats per minute where it is a plausible tempo, decimals kept. */
  readonly bpm: number | null;
  readonly key: Tone | null;
};

type Native = readonly [kind: string, id: string, value: string | number];
type Raw = {
  readonly title: string | number | null;
  readonly artists: readonly (string | number | null)[];
  readonly album: string | number | null;
  readonly genres: readonly (string | number | null)[];
  readonly year: string | number | null;
  readonly native: readonly Native[];
};
type Ask = {
  /** The copy in the spool. */
  readonly file: string;
  readonly mime: string;
  /** The DJ's name of it, for the title that is missing. */
  readonly name: string;
  readonly tools: Tools;
  readonly signal: AbortSignal | null;
};

const NOTHING: Raw = { title: null, artists: [], album: null, genres: [], year: null, native: [] };
const BPM_MIN = 60;
const BPM_MAX = 200;

/** Reads the tags in a process of its own. Tags that can't be read in time are as none: they never keep a track out. */
export async function readTags({ file, mime, name, tools, signal }: Ask): Promise<Tags> {
  const raw = ((await askForTags(tools, { file, mime, signal })) as Raw | null) ?? NOTHING;
  const year = Number(raw.year ?? Number.NaN);
  const title = text(raw.title);
  return {
    title: title ?? titleFromName(name),
    artist: joined(raw.artists),
    album: text(raw.album),
    genre: joined(raw.genres),
    year: Number.isInteger(year) && year >= 1000 && year <= 9999 ? year : null,
    explicit: readAdvisory(raw.native),
    bpm: readBpm(raw.native),
    key: readFirst(raw.native, TAG_IDS.key, (value) => readKey(String(value))),
  };
}

function text(value: string | number | null): string | null {
  const clean = value === null ? '' : shown(String(value));
  return clean === '' ? null : clean;
}

function joined(values: readonly (string | number | null)[]): string | null {
  return text(values.flatMap((value) => text(value) ?? []).join('; '));
}

/** The first value under one of the names that can be read. */
function readFirst<T>(
  native: readonly Native[],
  ids: readonly string[],
  read: (value: string | number) => T | null,
): T | null {
  for (const [, id, value] of native) {
    const found = ids.includes(bareId(id)) ? read(value) : null;
    if (found !== null) return found;
  }
  return null;
}

function readBpm(native: readonly Native[]): number | null {
  return readFirst(native, TAG_IDS.bpm, (value) => {
    const said = /^\s*(\d{1,5}(?:[.,]\d+)?)\s*(?:bpm)?\s*$/i.exec(String(value))?.[1] ?? '';
    const bpm = Number(said.replace(',', '.'));
    return bpm >= BPM_MIN && bpm <= BPM_MAX ? Math.round(bpm * 100) / 100 : null;
  });
}

function readAdvisory(native: readonly Native[]): Tags['explicit'] {
  return readFirst(native, TAG_IDS.advisory, (value) => {
    const said = String(value).trim().toLowerCase();
    if (['1', '4', 'explicit'].includes(said)) return 'explicit';
    return ['2', 'clean'].includes(said) ? 'clean' : null;
  });
}
