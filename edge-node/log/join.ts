import { assert } from '#shared/kit/assert.ts';
import type { Genesis } from '#shared/log/chain.ts';
import { lineCommand, lineHead } from '#shared/log/line.ts';
import type { Place } from '#shared/log/stretch.ts';
import type { Checks } from '../checks.ts';
import type { Sqlite } from '../db/open.ts';
import type { NewId } from '../ids.ts';
import type { Review } from '../state/apply.ts';
import type { Log, Written } from './log.ts';
import { openMainline } from './mainline.ts';
import { tell, type Row, type Told } from './told.ts';

/** Another history of the same club, up to now elsewhere; the lines of it that this box lacks wait in `incoming`. */
export type Other = {
  /** Events on the mainline that both have; the last of them is in the local log number `nth`, -1 where there is none. */
  readonly common: { readonly pos: number; readonly nth: number };
  /** Logs of the other history that begin after the common place, in order, each with the events before its first. */
  readonly logs: readonly { readonly genesis: Genesis; readonly base: number }[];
  /** Where it ends, and a new log grows from, and how many events it has; null where the other history is empty. */
  readonly end: (Place & { readonly pos: number }) | null;
  /** That its last log is this box's own and still open, so that a box with nothing to carry goes on in it. */
  readonly goesOn: boolean;
};
export type Joined = { readonly theirs: number; readonly carried: number; readonly repeated: number };

export type Join = {
  /**
   * Takes the other history over and carries what only this box has into a new log at its end, all in one transaction:
   * both histories are on the mainline then, none of it twice. Where both had gone on, the tables are made anew.
   */
  readonly join: (other: Other) => Joined;
  /**
   * Adds events of other logs behind what is here, way by way and each once; `after` is a place before any of them can be
   * here. `also` runs in the same transaction: `isHere` tells whether an event is, or was done by other events.
   */
  readonly carry: (
    ways: readonly Way[],
    after: number,
    also: (written: readonly Written[], isHere: (line: string) => boolean) => void,
  ) => readonly Written[];
};
/** Lines of a history that others kept. Whole: no line of that history behind the place is left out before them. */
export type Way = { readonly lines: readonly string[]; readonly isWhole: boolean };
type Parts = {
  readonly sqlite: Sqlite;
  readonly log: Log;
  readonly review: Review;
  readonly checks: Checks;
  /** Makes the tables anew from all that is in `event`. */
  readonly replay: () => void;
  readonly newId: NewId;
  readonly node: { readonly nodeId: string; readonly keyThumbprint: string };
};

export function openJoin(parts: Parts): Join {
  const { sqlite, log, checks } = parts;
  const after = sqlite.prepare<[number], Row>('SELECT pos, line FROM event WHERE pos > ? ORDER BY pos');
  const arrived = sqlite.prepare<[], Row>('SELECT pos, line FROM incoming ORDER BY pos');
  const page = sqlite.prepare<[number], Row>('SELECT pos, line FROM event WHERE pos > ? ORDER BY pos LIMIT 1000');
  const take = openTake(parts);
  const moveAnswers = openMoveAnswers(sqlite);
  const learnAnswers = openLearnAnswers(sqlite);
  const atomic = openAtomic(parts);
  const add = openAdd(parts);

  /** With nothing of its own: page by page, as this may be a club's whole past. */
  const takeAll = (other: Other): Joined => {
    take(other, false);
    let last = other.common.pos;
    for (let rows = page.all(last); rows.length > 0; rows = page.all(last)) {
      for (const { pos, line } of rows) parts.review(line, pos);
      if (checks.learnsKeys) learnAnswers(rows);
      last = rows.at(-1)?.pos ?? last;
    }
    return { theirs: last - other.common.pos, carried: 0, repeated: 0 };
  };

  return {
    join: (other) =>
      atomic(() => {
        const mine = after.all(other.common.pos);
        if (mine.length === 0) return takeAll(other);
        const theirs = arrived.all();
        const told = tell(
          theirs,
          mine.map(({ line }) => line),
        );
        const carried = mine.filter(({ line }) => !checks.isRepeat(line, told));
        take(other, carried.length > 0);
        const moved = new Map(mine.map(({ pos, line }) => [pos, told.placeOf(line) ?? pos]));
        for (const { pos, line } of carried) moved.set(pos, log.place(line));
        if (theirs.length > 0) parts.replay();
        moveAnswers(other.common.pos, moved);
        if (checks.learnsKeys) learnAnswers(theirs);
        return { theirs: theirs.length, carried: carried.length, repeated: mine.length - carried.length };
      }),
    carry: (ways, from, also) =>
      atomic(() => {
        const written = ways.flatMap((way) => add(way, from));
        if (checks.learnsKeys) learnAnswers(written);
        let told: Told | null = null;
        also(written, (line) => {
          told ??= tell(after.all(from), []);
          return told.hasEvent(line) || told.answersElsewhere(line);
        });
        return written;
      }),
  };
}

/** Adds what is not here yet behind what is. */
function openAdd({ sqlite, log, checks }: Parts): (way: Way, after: number) => readonly Written[] {
  const after = sqlite.prepare<[number], Row>('SELECT pos, line FROM event WHERE pos > ? ORDER BY pos');
  const ownAnswer = sqlite
    .prepare<[string | null], number>(
      'SELECT 1 FROM command_answer WHERE key = ? AND refusal IS NULL AND length(fingerprint) > 0',
    )
    .pluck();
  return ({ lines, isWhole }, from) => {
    if (lines.length === 0) return [];
    const told = tell(after.all(from), lines);
    // A tablet may have asked both boxes of a fork. Of lines that are not whole, what is here may be the beginning of the same doing.
    const answersElsewhere = (line: string): boolean =>
      ownAnswer.get(lineCommand(line)) !== undefined || (isWhole && told.answersElsewhere(line));
    const news = lines.filter((line) => !checks.isRepeat(line, { ...told, answersElsewhere }));
    return onceEach(news).map((line) => log.carry(line));
  };
}

/** The same event may have come from several logs. */
function onceEach(lines: readonly string[]): readonly string[] {
  return [...new Map(lines.map((line) => [lineHead(line)?.id, line])).values()];
}

/** All or nothing; after nothing the log is where it was. */
function openAtomic({ sqlite, log }: Parts): <T>(work: () => T) => T {
  return (work) => {
    try {
      return sqlite.transaction(work).immediate();
    } catch (error) {
      log.reload();
      throw error;
    }
  };
}

/** Puts the other history's lines in place of what this box had after the common place, and sees to the log that goes on. */
function openTake({ sqlite, log, newId, node }: Parts): (other: Other, somethingToCarry: boolean) => void {
  const mainline = openMainline(sqlite);
  const dropEvents = sqlite.prepare('DELETE FROM event WHERE pos > ?');
  const dropLogs = sqlite.prepare('DELETE FROM log WHERE nth > ?');
  const place = sqlite.prepare(
    'INSERT INTO event (pos, log_id, seq, line, hash) SELECT pos, log_id, seq, line, hash FROM incoming ORDER BY pos',
  );
  const clear = sqlite.prepare('DELETE FROM incoming');
  const head = sqlite.prepare<[], number | null>('SELECT max(pos) FROM event').pluck();

  return ({ common, logs, end, goesOn }, somethingToCarry) => {
    dropEvents.run(common.pos);
    dropLogs.run(common.nth);
    place.run();
    clear.run();
    for (const [at, { genesis, base }] of logs.entries())
      mainline.add({ logId: genesis.logId, genesis, base, nth: common.nth + 1 + at });
    const base = end?.pos ?? 0;
    assert(base === (head.get() ?? 0), 'the other history is here whole');
    if (!goesOn || somethingToCarry) {
      const logId = newId();
      const parent = end && { logId: end.logId, seq: end.seq, hash: end.hash };
      mainline.add({ logId, genesis: { logId, parent, ...node }, base, nth: common.nth + 1 + logs.length });
    }
    log.reload();
  };
}

/** First answers name places on the mainline, and those of the box's own events have moved. */
function openMoveAnswers(sqlite: Sqlite): (common: number, moved: ReadonlyMap<number, number>) => void {
  const late = sqlite.prepare<[number], AnswerRow>(
    'SELECT key, from_pos AS fromPos, to_pos AS toPos FROM command_answer WHERE to_pos > ?',
  );
  const move = sqlite.prepare('UPDATE command_answer SET from_pos = ?, to_pos = ? WHERE key = ?');
  return (common, moved) => {
    for (const { key, fromPos, toPos } of late.all(common))
      move.run(moved.get(fromPos) ?? fromPos, moved.get(toPos) ?? toPos, key);
  };
}
type AnswerRow = { readonly key: string; readonly fromPos: number; readonly toPos: number };

/**
 * A tablet that lost its answer asks again, and now it asks this box: what a joined line says was done is not done twice.
 * What was asked can't be told from a line, so any repeat of the key gets the answer.
 */
function openLearnAnswers(sqlite: Sqlite): (rows: readonly Row[]) => void {
  const keep = sqlite.prepare(
    `INSERT INTO command_answer (key, fingerprint, refusal, from_pos, to_pos, born) VALUES (?, x'', NULL, ?, ?, '')
     ON CONFLICT DO NOTHING`,
  );
  return (rows) => {
    const places = new Map<string, { readonly from: number; readonly to: number }>();
    for (const { pos, line } of rows) {
      const key = lineCommand(line);
      if (key !== null) places.set(key, { from: places.get(key)?.from ?? pos, to: pos });
    }
    for (const [key, { from, to }] of places) keep.run(key, from, to);
  };
}
