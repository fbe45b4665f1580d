import { Type, type TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { RELAXED } from '#shared/domain/choose-songs.ts';
import { readIfThere, writeWholeAsync } from '../whole-file.ts';
import { NO_PLAYBACK, type Playback, type Played } from './playback.ts';
import { NO_PLAN, type Plan } from './programme.ts';

/** What the booth keeps beside the log: nothing of it is the club's history, and without it the music goes on all the same. */
export type Kept = {
  readonly v: 1;
  readonly plan: Plan;
  readonly playback: Playback;
  /** Plays that are over and not in the log yet. */
  readonly unlogged: readonly Played[];
};
export const NOTHING_KEPT: Kept = { v: 1, plan: NO_PLAN, playback: NO_PLAYBACK, unlogged: [] };

const text = Type.String();
const number = Type.Number();
const texts = Type.Array(text);
const song = Type.Object({ track: text, title: text });
const word = <T extends string>(...words: readonly T[]) => Type.Union(words.map((one) => Type.Literal(one)));
const orNull = <T extends TSchema>(schema: T) => Type.Union([Type.Null(), schema]);

const letGo = Type.Array(word(...RELAXED));

const plan = Type.Object({
  turns: Type.Array(
    Type.Object({
      entry: text,
      number,
      set: orNull(text),
      proposed: Type.Array(orNull(Type.Object({ song, letGo }))),
      askedAt: orNull(number),
      missing: number,
      over: Type.Record(Type.String({ pattern: '^[0-9]+$' }), song),
    }),
  ),
  extras: Type.Array(Type.Object({ item: text, song, after: orNull(text) })),
  auto: Type.Array(Type.Object({ item: text, song, letGo })),
  done: texts,
  last: number,
});
const track = Type.Object({
  track: text,
  title: text,
  artist: orNull(text),
  album: orNull(text),
  genre: orNull(text),
  bpm: orNull(number),
  key: orNull(text),
  explicit: orNull(word('explicit', 'clean')),
  seconds: number,
  cueIn: number,
  cueOut: number,
  startsAt: number,
  trimDb: number,
  warnings: texts,
});
const nowPlaying = Type.Object({
  item: text,
  from: word('planned', 'proposed', 'hand', 'auto'),
  turn: orNull(Type.Object({ entry: text, name: text, position: number, live: Type.Boolean() })),
  song,
  letGo,
  track: orNull(track),
  deck: word('a', 'b'),
  startedAt: number,
  positionMs: number,
  heardAt: number,
});
const kept = Compile(
  Type.Object({
    v: Type.Literal(1),
    plan,
    playback: Type.Object({
      player: orNull(Type.Object({ page: text, load: text })),
      now: orNull(nowPlaying),
      paused: Type.Boolean(),
      orders: Type.Object({
        skip: orNull(text),
        seek: orNull(Type.Object({ item: text, positionMs: number, nr: number })),
      }),
      alarm: orNull(word('silent', 'page_gone')),
    }),
    unlogged: Type.Array(Type.Object({ item: text, song, startedAt: number, endedAt: number })),
  }),
);

/** A file that was cut off, that holds something else or that another program wrote is as none: the node starts all the same. */
export function readKept(file: string): Kept {
  const bytes = readIfThere(file);
  const read = bytes === null ? null : parsed(bytes.toString('utf8'));
  return kept.Check(read) ? read : NOTHING_KEPT;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}

export type Keeping = { readonly keep: (what: Kept) => void; readonly close: () => Promise<void> };

/** Writes beside the floor's work, one write at a time; of what comes meanwhile the last counts. A disk that is full, or gone, stops no music. */
export function openKeeping(file: string, broken: (error: unknown) => void): Keeping {
  const now = { wanted: null as Kept | null, writing: null as Promise<void> | null };
  const write = async (): Promise<void> => {
    for (let what = now.wanted; what !== null; what = now.wanted) {
      now.wanted = null;
      await writeWholeAsync(file, JSON.stringify(what)).catch(broken);
    }
    now.writing = null;
  };
  return {
    keep: (what) => {
      now.wanted = what;
      now.writing ??= write();
    },
    close: async () => now.writing ?? undefined,
  };
}
