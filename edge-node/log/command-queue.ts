import type { Actor } from '#shared/contract/event-line.ts';
import type { Asking } from '#shared/domain/asking.ts';
import { event, type ClubEvent } from '#shared/domain/event.ts';
import type { Refusal } from '#shared/domain/refusal.ts';
import type { Decision } from '#shared/kit/decision.ts';
import type { Clock } from '../clock.ts';
import type { Opened } from '../db/open.ts';
import type { NewId } from '../ids.ts';
import { limits } from '../limits.ts';
import type { Reads } from '../state/reads.ts';
import { openAnswers, type Answer } from './answers.ts';
import { watchClock, type ClockWatch } from './clock-watch.ts';
import type { Log, Written } from './log.ts';

/** One command as it waits: what decides, for whom, and the client's own key for it. */
export type Submission = {
  readonly key: string;
  /** What the key stands for: the same key with other content is refused. */
  readonly content: string;
  readonly actor: Actor;
  readonly decide: (ask: Asking) => Decision<ClubEvent, Refusal>;
};

export type CommandQueue = {
  /** Answers after the commit is on the disk, never before. Never rejects: what breaks is a refusal. */
  readonly submit: (submission: Submission) => Promise<Answer>;
  /** Refuses what comes later, finishes what waits. */
  readonly close: () => Promise<void>;
};

export type QueueParts = Opened & {
  readonly log: Log;
  readonly reads: Reads;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly fingerprint: (content: string) => Buffer;
  readonly lastWall: number | null;
  /** The refusal of every command while this box may take none; null where it may. */
  readonly closed: () => Refusal | null;
  /** What the first event of this boot follows on. */
  readonly boot: ClubEvent;
  /** Hands what was committed to the second copy. A promise: those who asked are answered when it is there too. */
  readonly copied: (written: readonly Written[]) => Promise<void> | null;
  readonly committed: (written: readonly Written[]) => void;
  readonly broken: (error: unknown, what: string) => void;
};
type Waiting = Submission & { readonly answer: (answer: Answer) => void };

/**
 * The one write path. All commands that wait at one turn of the event loop share one BEGIN IMMEDIATE … COMMIT, so
 * one fsync; each has a savepoint of its own, so that a refused or broken one leaves its neighbours alone.
 */
export function openCommandQueue(parts: QueueParts): CommandQueue {
  const runBatch = openBatch(parts);
  let copying: Promise<void> = Promise.resolve();
  let waiting: Waiting[] = [];
  let scheduled = false;
  let lastSize = 0;
  let patience = 0;
  let closed = false;

  const turn = (): void => {
    // Those who were just answered are about to ask again: a few turns of the loop let them join, for one fsync fewer.
    if (waiting.length < lastSize && patience > 0) {
      patience -= 1;
      setImmediate(turn);
      return;
    }
    scheduled = false;
    const batch = waiting.slice(0, limits.commandsPerCommitMax);
    waiting = waiting.slice(limits.commandsPerCommitMax);
    lastSize = batch.length;
    if (waiting.length > 0) schedule();
    const copied = batch.length > 0 ? runBatch(batch) : null;
    if (copied) copying = copied;
  };
  const schedule = (): void => {
    if (scheduled) return;
    scheduled = true;
    patience = limits.commitPatienceTurns;
    setImmediate(turn);
  };

  return {
    submit: (submission) => {
      const refusal = parts.closed();
      if (refusal !== null) return Promise.resolve({ ok: false, refusal });
      if (closed || waiting.length >= limits.commandsWaitingMax)
        return Promise.resolve({ ok: false, refusal: 'box_busy' });
      return new Promise((answer) => {
        waiting.push({ ...submission, answer });
        schedule();
      });
    },
    close: async () => {
      closed = true;
      while (waiting.length > 0) await new Promise<void>((resolve) => setImmediate(resolve));
      await copying;
    },
  };
}

/**
 * All of a batch in one transaction; each caller is answered when it is on the disk, or when it is sure that it never
 * will be. The promise, where there is one, is for the second copy.
 */
function openBatch(parts: QueueParts): (batch: readonly Waiting[]) => Promise<void> | null {
  const { sqlite, log } = parts;
  const watch = watchClock(parts.clock, parts.lastWall);
  const starting = { said: false };
  const one = openOne(parts, watch, starting);
  const begin = sqlite.prepare('BEGIN IMMEDIATE');
  const commit = sqlite.prepare('COMMIT');
  const rollback = sqlite.prepare('ROLLBACK');

  return (batch) => {
    const before = { head: log.head(), seen: watch.seen(), said: starting.said };
    const written: Written[] = [];
    let answers: Answer[];
    try {
      begin.run();
      answers = batch.map((command) => one(command, written));
      commit.run();
    } catch (error) {
      if (sqlite.inTransaction) rollback.run();
      log.backTo(before.head);
      watch.backTo(before.seen);
      starting.said = before.said;
      written.length = 0;
      const refusal = refusalOf(error);
      if (refusal === 'box_fault') parts.broken(error, 'a commit');
      answers = batch.map(() => ({ ok: false, refusal }));
    }
    const tell = (): void => {
      for (const [index, command] of batch.entries()) {
        const answer = answers[index];
        if (answer) command.answer(answer);
      }
    };
    const copied = written.length > 0 ? parts.copied(written) : null;
    const told = copied?.then(tell) ?? null;
    if (!told) tell();
    if (written.length > 0) parts.committed(written);
    return told;
  };
}

/** One command inside the batch's transaction. */
function openOne(
  parts: QueueParts,
  watch: ClockWatch,
  starting: { said: boolean },
): (command: Submission, written: Written[]) => Answer {
  const { sqlite, log, reads } = parts;
  const answers = openAnswers(parts.db);
  const savepoint = sqlite.prepare('SAVEPOINT command');
  const release = sqlite.prepare('RELEASE command');
  const undo = sqlite.prepare('ROLLBACK TO command');
  const zone = clubZone(reads);

  return (command, written) => {
    const fingerprint = parts.fingerprint(command.content);
    const known = answers.known(command.key, fingerprint);
    if (known) return known;
    const head = log.head();
    const seen = watch.seen();
    const { said } = starting;
    savepoint.run();
    try {
      const { at, steppedByMs } = watch.read(zone());
      const mine: Written[] = [];
      const open = reads.day.open();
      const meta = { at, actor: command.actor, cmd: command.key, day: open?.day ?? null };
      if (steppedByMs !== 0) mine.push(...log.append([event('clock.stepped', { byMs: steppedByMs })], meta));
      const id = parts.newId();
      const decision = command.decide({ now: at.wall, day: open ?? null, id, by: command.actor.id });
      // A box that only woke up writes nothing, so that one that was put back to an older disk can still catch up.
      if (decision.ok && !said) mine.push(...log.append([parts.boot], meta));
      if (decision.ok) mine.push(...log.append(decision.events, meta));
      starting.said = said || decision.ok;
      const answer: Answer = decision.ok
        ? { ok: true, from: head.pos + 1, to: log.head().pos, id }
        : { ok: false, refusal: decision.refusal };
      answers.keep(command.key, fingerprint, { answer, head: log.head().pos });
      release.run();
      written.push(...mine);
      return answer;
    } catch (error) {
      watch.backTo(seen);
      starting.said = said;
      // A full disk undoes the whole transaction by itself: then nobody in the batch has been written.
      if (!sqlite.inTransaction || isFull(error)) throw error;
      undo.run();
      release.run();
      log.backTo(head);
      parts.broken(error, 'a command');
      return { ok: false, refusal: 'box_fault' };
    }
  };
}

/** A club is configured once, so its time zone is asked for until it is there. */
function clubZone(reads: Reads): () => string {
  let known: string | null = null;
  return () => {
    known ??= reads.club.settings()?.tz ?? null;
    return known ?? 'UTC';
  };
}

/** The disk has no room, or fails: nothing that must be kept can be. */
export function isFull(error: unknown): boolean {
  return sqliteCode(error) === 'SQLITE_FULL' || sqliteCode(error).startsWith('SQLITE_IOERR');
}

function refusalOf(error: unknown): Refusal {
  if (isFull(error)) return 'disk_full';
  return sqliteCode(error) === 'SQLITE_BUSY' ? 'box_busy' : 'box_fault';
}

function sqliteCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
