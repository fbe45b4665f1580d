import type { SecondCopy } from '#shared/contract/live.ts';
import { segmentKey } from '#shared/log/segment.ts';
import type { Db } from '../db/open.ts';
import { limits } from '../limits.ts';
import type { Written } from '../log/log.ts';
import { openCopier, type Copier } from './copier.ts';
import { openRunner, type Turn } from './runner.ts';

export type MirrorState = Exclude<SecondCopy, 'off'>;
/** The second copy of the log, on another disk. Whatever happens to it, the floor goes on. */
export type Mirror = {
  /**
   * After each commit. A promise in `sync`: it resolves when the lines are on the mirror's disk, or when that takes too
   * long or can't be. Null where nothing is to be waited for. Never rejects.
   */
  readonly committed: (written: readonly Written[]) => Promise<void> | null;
  /** `whole` in `async` may leave out the commits of the last moment, which are on their way. */
  readonly state: () => MirrorState;
  /** After a joined history: the end of what was written before is another one now. */
  readonly rewritten: () => void;
  /** After data keys came or were destroyed apart from a commit. */
  readonly keysChanged: () => void;
  /** Writes what waits, as long as that takes no longer than an answer would wait. */
  readonly close: () => Promise<void>;
};
export type MirrorParts = {
  /** Must be there: one that is made anew could lie where the other disk is missing. */
  readonly folder: string;
  readonly mode: 'sync' | 'async';
  /** A file or folder of the box's own disk, on which no second copy may be; null where that is not looked at. */
  readonly apartFrom: string | null;
  readonly clubKey: Buffer;
  readonly db: Db;
  /** While a box takes another's place, the folder may be the other's second copy: nothing is written or moved yet. */
  readonly held: () => boolean;
  /** Told each time that the mirror gets lost, and where something was put aside. */
  readonly broken: (error: unknown, what: string) => void;
};

export function openMirror(parts: MirrorParts): Mirror {
  const { mode, broken } = parts;
  const sqlite = parts.db.$client;
  const end = sqlite.prepare<[], number | null>('SELECT max(pos) FROM event').pluck();
  const copier = openCopier({ ...parts, key: segmentKey(parts.clubKey), sqlite });
  const answers = openAnswers();
  const at: At = { head: end.get() ?? 0, caughtUp: false, keysMayBeNew: true, lookIsDue: false };

  const runner = openRunner({
    turn: openTurn(parts, { copier, answers, at }),
    slow: answers.tellAll,
    failed: async (error, isNew) => {
      at.caughtUp = false;
      answers.tellAll();
      at.keysMayBeNew = true;
      if (isNew) broken(error, WHAT);
      await copier.leave();
    },
    gatherMs: mode === 'sync' ? 0 : limits.mirrorGatherMs,
  });
  const state = (): MirrorState => {
    if (runner.state() === 'failing') return 'lost';
    return runner.state() === 'well' && at.caughtUp ? 'whole' : 'behind';
  };
  const anew = (): void => {
    Object.assign(at, { head: end.get() ?? 0, caughtUp: false, keysMayBeNew: true });
    answers.moveTo(at.head);
    copier.forget();
    runner.wake();
  };
  const looking = setInterval(() => {
    at.lookIsDue = true;
    runner.wake();
  }, limits.mirrorLookMs).unref();
  runner.wake();

  return {
    committed: (written) => {
      const isWaitedFor = mode === 'sync' && state() === 'whole';
      at.head = written.at(-1)?.pos ?? at.head;
      at.caughtUp &&= at.head - (copier.place() ?? 0) <= limits.mirrorLagEventsMax;
      at.keysMayBeNew ||= written.some(({ event }) => event.pii !== undefined);
      const told = isWaitedFor ? answers.add(at.head) : null;
      runner.wake();
      return told;
    },
    state,
    rewritten: anew,
    keysChanged: anew,
    close: async () => {
      clearInterval(looking);
      if (await runner.close()) await copier.leave();
      answers.tellAll();
    },
  };
}

/** Where the box stands, and whether the mirror has come so far since it was last surveyed. */
type At = { head: number; caughtUp: boolean; keysMayBeNew: boolean; lookIsDue: boolean };
type Way = { readonly copier: Copier; readonly answers: ReturnType<typeof openAnswers>; readonly at: At };

/** One write, after a survey where one is due. */
function openTurn(
  { mode, held, broken }: Pick<MirrorParts, 'mode' | 'held' | 'broken'>,
  { copier, answers, at }: Way,
): Turn {
  /** So many at once are not left for the next write to gather. */
  const enough = mode === 'sync' ? 1 : limits.mirrorWriteEventsMax;
  return async () => {
    if (held()) return 'nothing';
    const putAside = copier.place() === null ? await copier.survey() : null;
    if (putAside !== null) broken(new Error(putAside), WHAT);
    const place = copier.place();
    if (place === null) return 'much';
    const { head } = at;
    const isLook = at.lookIsDue;
    at.lookIsDue = false;
    if (place < at.head) {
      const { keysMayBeNew } = at;
      at.keysMayBeNew = false;
      await copier.write(keysMayBeNew);
    } else if (isLook) await copier.look();
    const now = copier.place();
    answers.tellUpTo(now ?? 0);
    if (now === null) return 'much';
    // What came in meanwhile is for the next write: a floor that never rests would else never be waited for again.
    at.caughtUp ||= now >= head;
    const lag = at.head - now;
    return lag >= enough ? 'much' : lag > 0 ? 'little' : 'nothing';
  };
}

/** Those who wait until a place on the mainline is on the mirror's disk. */
function openAnswers() {
  let waiting: readonly { readonly pos: number; readonly tell: () => void }[] = [];
  const tellUpTo = (pos: number): void => {
    const told = waiting.filter((one) => one.pos <= pos);
    waiting = waiting.filter((one) => one.pos > pos);
    for (const { tell } of told) tell();
  };
  return {
    add: (pos: number) =>
      new Promise<void>((tell) => {
        waiting = [...waiting, { pos, tell }];
      }),
    tellUpTo,
    tellAll: () => tellUpTo(Number.POSITIVE_INFINITY),
    /** Places are others now: all wait for this one. */
    moveTo: (pos: number) => {
      waiting = waiting.map(({ tell }) => ({ pos, tell }));
    },
  };
}

const WHAT = 'the second copy';
