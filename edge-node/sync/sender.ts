import { setImmediate as immediate } from 'node:timers/promises';
import { assert } from '#shared/kit/assert.ts';
import { readLine } from '#shared/contract/event-line.ts';
import { UPLINK_PROTO, type BoxStatus, type UplinkAnswer } from '#shared/contract/uplink.ts';
import type { CloudState } from '#shared/contract/live.ts';
import type { Checks } from '../checks.ts';
import type { Clock } from '../clock.ts';
import type { Db } from '../db/open.ts';
import type { NewId } from '../ids.ts';
import { limits } from '../limits.ts';
import type { Join } from '../log/join.ts';
import type { Log, Written } from '../log/log.ts';
import { openBook, type BoxBook } from './book.ts';
import type { CloudClient } from './cloud-client.ts';
import { openEscrow } from './escrow.ts';
import { openJoining } from './joining.ts';
import { openTake } from './moves.ts';
import type { ReceiptKeys } from './receipts.ts';
import type { Recovering } from './recovery.ts';

/**
 * What to do after a step: more waits, nothing waits, wait a while, or stop until a person has looked. `events` is how many
 * the cloud just took, so that whoever steps can leave the floor its share of the box.
 */
export type Next =
  | { readonly next: 'more'; readonly events?: number }
  | { readonly next: 'idle' | 'halted' }
  | { readonly next: 'wait'; readonly ms: number; readonly events?: number };
export type Sender = {
  /** One exchange with the cloud, or a few that belong together. Throws where no answer came; asking again is always safe. */
  readonly step: () => Promise<Next>;
  readonly state: () => Pick<CloudState, 'link' | 'waiting' | 'oldestMs'>;
  readonly lost: () => void;
  /** Says hello before the next push: after a doubt, and now and then while idle. */
  readonly doubt: () => void;
};

export type SenderParts = {
  readonly db: Db;
  readonly log: Log;
  readonly cloud: CloudClient;
  readonly newId: NewId;
  readonly clock: Clock;
  readonly version: string;
  readonly nodeId: string;
  readonly secondCopy: () => BoxStatus['secondCopy'];
  readonly box: BoxBook;
  readonly join: Join;
  readonly recovering: Recovering;
  /** The end of the history was made anew. */
  readonly rewritten: () => void;
  /** Events of other logs were added. */
  readonly carried: (written: readonly Written[]) => void;
  /** Data keys of joined lines came in. */
  readonly keysCame: () => void;
  /** Keys by which the cloud signs; empty where none are known, and nothing is checked then. */
  readonly receiptKeys: ReceiptKeys;
  readonly checks: Checks;
};

/** What the sender knows beside the book: lost with the process, found again by a hello. */
export type Standing = {
  helloFirst: boolean;
  helloAt: number;
  link: CloudState['link'];
  batchEventsMax: number;
  /** Joins since the last push that was taken. */
  joins: number;
};

/**
 * Hands the log to the cloud in order. The log is the outbox: what is kept here is only how far the cloud has it, and an
 * `acked` is adopted only where the node's own hash at that place is the same. Whatever else is wrong (a fork, a sealed
 * log, an older disk, a cloud that was restored) has one way out: the two histories are joined.
 */
export function openSender(parts: SenderParts): Sender {
  const { db, log, clock } = parts;
  const book = openBook(db, () => log.logId);
  const standing: Standing = {
    helloFirst: true,
    helloAt: clock.mono(),
    link: 'down',
    batchEventsMax: limits.uplinkBatchEventsMax,
    joins: 0,
  };
  const escrow = openEscrow(parts);
  const joining = openJoining(parts, book);
  const take = openTake(parts, { book, standing, joining });
  const oldest = openOldest(log, clock);
  const state: Sender['state'] = () => {
    const { acked } = book.get();
    const waiting = log.head().seq - acked;
    return { link: standing.link, waiting, oldestMs: waiting > 0 ? oldest(acked + 1) : null };
  };

  const { hello, open, push } = openAsks(parts, { standing, state, take });
  const isHelloDue = (): boolean => standing.helloFirst || clock.mono() - standing.helloAt >= limits.uplinkHelloMs;

  const oneStep = async (): Promise<Next> => {
    const { halted, opened, acked } = book.get();
    if (halted !== null && !standing.helloFirst) return { next: 'halted' };
    const begun = opened || log.head().seq > 0;
    if (isHelloDue()) return begun && !opened ? open() : hello();
    if (await escrow.step()) return { next: 'more' };
    if (opened) return push(acked);
    return begun ? open() : { next: 'idle' };
  };

  return {
    step: async () => {
      const next = await oneStep();
      return next.next === 'idle' && escrow.isDue() ? { next: 'more' } : next;
    },
    state,
    lost: () => {
      if (standing.link === 'up') standing.link = 'down';
      standing.helloFirst = true;
    },
    doubt: () => {
      standing.helloFirst = true;
    },
  };
}

type Asking = {
  readonly standing: Standing;
  readonly state: Sender['state'];
  readonly take: (answer: UplinkAnswer) => Promise<Next>;
};

/** The three questions of a log, each with its next move. */
function openAsks(parts: SenderParts, { standing, state, take }: Asking) {
  const { log, cloud, newId, clock } = parts;
  const hello = async (): Promise<Next> => {
    const { seq, hash } = log.head();
    const { waiting, oldestMs } = state();
    const status = { version: parts.version, waiting, oldestMs, secondCopy: parts.secondCopy() };
    standing.helloAt = clock.mono();
    return take(await cloud.hello(log.logId, { seq, hash: hash.toString('hex') }, status));
  };
  const open = async (): Promise<Next> => {
    const { logId, parent, keyThumbprint } = log.genesis;
    return take(await cloud.openLog({ proto: UPLINK_PROTO, logId, parent, keyThumbprint }));
  };
  const push = async (acked: number): Promise<Next> => {
    const prev = log.hashAt(acked)?.toString('hex');
    const lines = await oneBatch(log, acked + 1, standing.batchEventsMax);
    if (lines.length === 0 || prev === undefined) return { next: 'idle' };
    const head = log.head().seq;
    const header = { proto: UPLINK_PROTO, from: acked + 1, prev, n: lines.length, batch: newId(), head };
    return take(await cloud.push(log.logId, header, lines));
  };
  return { hello, open, push };
}

/** The age of the first event that the cloud lacks, looked up once for each. */
function openOldest(log: Log, clock: Clock): (seq: number) => number {
  let known: { readonly log: string; readonly seq: number; readonly wall: number } | null = null;
  return (seq) => {
    if (known?.log !== log.logId || known.seq !== seq) {
      const [line] = log.linesFrom(seq, 1);
      assert(line !== undefined, 'an event that waits is in the log');
      known = { log: log.logId, seq, wall: readLine(line).event.at.wall };
    }
    return Math.max(0, clock.wall() - known.wall);
  };
}

/** As many lines as fit a batch, and at least one. A page at a time, so that no command of the floor waits for all of it. */
async function oneBatch(log: Log, from: number, most: number): Promise<readonly string[]> {
  const lines: string[] = [];
  let bytes = 0;
  while (lines.length < most) {
    const page = log.linesFrom(from + lines.length, Math.min(limits.uplinkPageEvents, most - lines.length));
    for (const line of page) {
      bytes += Buffer.byteLength(line) + 1;
      if (bytes > limits.uplinkBatchBytesMax && lines.length > 0) return lines;
      lines.push(line);
    }
    if (page.length < limits.uplinkPageEvents) break;
    await immediate();
  }
  return lines;
}
