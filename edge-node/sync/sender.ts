import { eq } from 'drizzle-orm';
import { assert } from '#shared/kit/assert.ts';
import { UPLINK_PROTO, type UplinkAnswer } from '#shared/contract/uplink.ts';
import type { CloudState } from '#shared/contract/live.ts';
import type { Db } from '../db/open.ts';
import { uplink } from '../db/schema.ts';
import type { NewId } from '../ids.ts';
import { limits } from '../limits.ts';
import type { Log } from '../log/log.ts';
import type { CloudClient } from './cloud-client.ts';

/** What to do after a step: more waits, nothing waits, wait a while, or stop until a person has looked. */
export type Next = { readonly next: 'more' | 'idle' | 'halted' } | { readonly next: 'wait'; readonly ms: number };
export type Sender = {
  /** One exchange with the cloud. Throws where no answer came; asking again is always safe. */
  readonly step: () => Promise<Next>;
  readonly state: () => CloudState;
  readonly lost: () => void;
  /** Says hello before the next push: after a doubt, and now and then while idle. */
  readonly doubt: () => void;
};
type Parts = { readonly db: Db; readonly log: Log; readonly cloud: CloudClient; readonly newId: NewId };
type Row = typeof uplink.$inferSelect;

/** Why a log is pushed no further. A fork, a sealed log and a lost cloud are answered by the full protocol, later; nothing is thrown away. */
type Halt = 'fork' | 'sealed' | 'bad_parent' | 'cloud_ahead' | 'revoked' | 'proto_old' | 'bad_batch' | 'not_signed';

/** What the sender knows beside the book: lost with the process, found again by a hello. */
type Standing = { helloFirst: boolean; link: CloudState['link']; batchEventsMax: number };
type Book = ReturnType<typeof openBook>;

/**
 * Hands the log to the cloud in order. The log is the outbox: what is kept here is only how far the cloud has it,
 * and an `acked` is adopted only where the node's own hash at that place is the same.
 */
export function openSender({ db, log, cloud, newId }: Parts): Sender {
  const book = openBook(db, log.logId);
  const standing: Standing = { helloFirst: true, link: 'down', batchEventsMax: limits.uplinkBatchEventsMax };
  const take = openTake({ log, book, standing });

  const push = async (row: Row): Promise<Next> => {
    const lines = fitting(log.linesFrom(row.acked + 1, standing.batchEventsMax));
    const prev = log.hashAt(row.acked)?.toString('hex');
    if (lines.length === 0 || prev === undefined) return { next: 'idle' };
    const header = {
      proto: UPLINK_PROTO,
      from: row.acked + 1,
      prev,
      n: lines.length,
      batch: newId(),
      head: log.head().seq,
    };
    return take(await cloud.push(log.logId, header, lines));
  };
  const hello = async (): Promise<Next> => {
    const { seq, hash } = log.head();
    return take(await cloud.hello(log.logId, { seq, hash: hash.toString('hex') }));
  };
  const open = async (): Promise<Next> => {
    const { logId, parent, keyThumbprint } = log.genesis;
    return take(await cloud.openLog({ proto: UPLINK_PROTO, logId, parent, keyThumbprint }));
  };

  return {
    step: async () => {
      const row = book.get();
      if (row.halted !== null && !standing.helloFirst) return { next: 'halted' };
      if (!row.opened) return open();
      return standing.helloFirst ? hello() : push(row);
    },
    state: () => ({ link: standing.link, waiting: log.head().seq - book.get().acked }),
    lost: () => {
      if (standing.link === 'up') standing.link = 'down';
      standing.helloFirst = true;
    },
    doubt: () => {
      standing.helloFirst = true;
    },
  };
}

type Taking = { readonly log: Log; readonly book: Book; readonly standing: Standing };

/** The next move after each answer: decided by its code, never by its text. */
function openTake(taking: Taking): (answer: UplinkAnswer) => Next {
  const { book } = taking;
  const moves = openMoves(taking);
  return (answer) => {
    switch (answer.s) {
      case 'ok':
        return moves.adopt(answer);
      case 'gap':
        return moves.goBack(answer);
      case 'unknown_log':
        book.set({ opened: false });
        return { next: 'more' };
      case 'too_large':
        return moves.halve();
      case 'slow':
        return { next: 'wait', ms: answer.retryMs };
      case 'nonce_stale':
        return { next: 'wait', ms: limits.uplinkRetryMsMin };
      case 'fork':
      case 'sealed':
      case 'bad_parent':
      case 'revoked':
      case 'proto_old':
      case 'bad_batch':
      case 'not_signed':
        return moves.halt(answer.s);
    }
  };
}

function openMoves({ log, book, standing }: Taking) {
  const halt = (why: Halt): Next => {
    book.set({ halted: why });
    standing.link = 'halted';
    standing.helloFirst = false;
    return { next: 'halted' };
  };
  /** Neither side trusts: the cloud's word on where we stand holds only where our own hash says the same. */
  const disagreement = (answer: { readonly acked: number; readonly hash: string }): Halt | null => {
    if (answer.acked > log.head().seq) return 'cloud_ahead';
    return log.hashAt(answer.acked)?.toString('hex') === answer.hash ? null : 'fork';
  };
  const adopt = (answer: Extract<UplinkAnswer, { s: 'ok' }>): Next => {
    const wrong = disagreement(answer);
    if (wrong) return halt(wrong);
    book.set({
      acked: answer.acked,
      opened: true,
      cloudEpoch: answer.cloudEpoch,
      receipt: answer.receipt,
      halted: null,
    });
    standing.link = 'up';
    standing.helloFirst = false;
    standing.batchEventsMax = Math.min(limits.uplinkBatchEventsMax, answer.next.maxEvents);
    return { next: answer.acked < log.head().seq ? 'more' : 'idle' };
  };
  const halve = (): Next => {
    if (standing.batchEventsMax === 1) return halt('bad_batch');
    standing.batchEventsMax = Math.max(1, Math.floor(standing.batchEventsMax / 2));
    return { next: 'more' };
  };
  const goBack = (answer: Extract<UplinkAnswer, { s: 'gap' }>): Next => {
    const wrong = disagreement(answer);
    if (wrong) return halt(wrong);
    book.set({ acked: answer.acked });
    return { next: 'more' };
  };
  return { halt, adopt, halve, goBack };
}

/** As many lines as fit a batch, and at least one. */
function fitting(lines: readonly string[]): readonly string[] {
  let bytes = 0;
  const over = lines.findIndex((line, at) => {
    bytes += Buffer.byteLength(line) + 1;
    return at > 0 && bytes > limits.uplinkBatchBytesMax;
  });
  return over < 0 ? lines : lines.slice(0, over);
}

function openBook(db: Db, logId: string) {
  db.insert(uplink)
    .values({ logId, acked: 0, opened: false, cloudEpoch: null, receipt: null, halted: null })
    .onConflictDoNothing()
    .run();
  const find = db.select().from(uplink).where(eq(uplink.logId, logId)).prepare();
  const kept = find.get();
  assert(kept !== undefined, 'the uplink has a row for its log');
  let known: Row = kept;
  return {
    get: () => known,
    set: (change: Partial<Row>) => {
      db.update(uplink).set(change).where(eq(uplink.logId, logId)).run();
      known = { ...known, ...change };
    },
  };
}
