import { and, desc, eq, gt, sql } from 'drizzle-orm';
import { EVENT_LINE_BYTES_MAX, type Actor, type At } from '#shared/contract/event-line.ts';
import type { ClubEvent } from '#shared/domain/event.ts';
import { assert } from '#shared/kit/assert.ts';
import { genesisHash, nextHash, type Genesis } from '#shared/log/chain.ts';
import { renumbered } from '#shared/log/line.ts';
import { hot } from '../db/hot.ts';
import type { Db } from '../db/open.ts';
import { event } from '../db/schema.ts';
import type { NewId } from '../ids.ts';
import type { Apply, Review } from '../state/apply.ts';
import { values } from '../state/values.ts';
import { openMainline, type OwnLog } from './mainline.ts';

/** Where the log stands: the last event's number in its log, its place on the mainline, its hash. */
export type Head = { readonly seq: number; readonly pos: number; readonly hash: Buffer };
export type Written = {
  readonly pos: number;
  readonly event: ClubEvent;
  readonly day: string | null;
  /** The line as it was stored, its log and number there, and the chain's hash at it. */
  readonly logId: string;
  readonly seq: number;
  readonly line: string;
  readonly hash: Buffer;
  /** The chain's hash before it. */
  readonly prev: Buffer;
};
export type Meta = { readonly at: At; readonly actor: Actor; readonly cmd: string; readonly day: string | null };

export type Log = {
  /** Those of the log that is written now: after a joined history it is another one. */
  readonly logId: string;
  readonly genesis: Genesis;
  /** Events on the mainline before this log's first. */
  readonly base: number;
  readonly head: () => Head;
  /** After a rollback: the head goes back with the rows. */
  readonly backTo: (head: Head) => void;
  /** Looks anew which log is the last one: after a joined history, or a rolled back one. */
  readonly reload: () => void;
  /** Only inside a transaction. Throws where a line would be over 64 KB, so that none ever is. */
  readonly append: (events: readonly ClubEvent[], meta: Meta) => readonly Written[];
  /** Only inside a transaction: an event of another log, under the next number here. What contradicts goes to review. */
  readonly carry: (line: string) => Written;
  /** As `carry`, but leaves the tables alone; answers its place. */
  readonly place: (line: string) => number;
  readonly linesFrom: (seq: number, most: number) => readonly string[];
  /** The hash at a seq; at 0 the genesis hash. Null where the log does not reach. */
  readonly hashAt: (seq: number) => Buffer | null;
};
type Parts = { readonly newId: NewId; readonly apply: Apply; readonly review: Review };

/** The log that this node writes. One writer, dense from 1; every line goes to the tables in the same transaction. */
export function openLog(db: Db, { newId, apply, review }: Parts): Log {
  const put = hot(db, db.insert(event).values(values(event)));
  const mainline = openMainline(db.$client);
  const queries = openQueries(db);
  let now: OwnLog = mainline.last();
  let zero = zeroOf(now);
  let head: Head = queries.last(now) ?? zero;

  const store = (line: string): Head & { readonly prev: Buffer } => {
    const prev = head.hash;
    const seq = head.seq + 1;
    const pos = head.pos + 1;
    const hash = nextHash(prev, line);
    put.run({ pos, logId: now.logId, seq, line, hash });
    head = { seq, pos, hash };
    return { seq, pos, hash, prev };
  };
  const append = (events: readonly ClubEvent[], meta: Meta): readonly Written[] =>
    events.map((one) => {
      const day = one.type === 'day.opened' ? one.body.day : meta.day;
      const line = toLine(one, { seq: head.seq + 1, id: newId(), meta: { ...meta, day } });
      const at = store(line);
      apply(one, { pos: at.pos, wall: meta.at.wall, day });
      return { ...at, event: one, day, logId: now.logId, line };
    });

  return {
    get logId() {
      return now.logId;
    },
    get genesis() {
      return now.genesis;
    },
    get base() {
      return now.base;
    },
    head: () => head,
    backTo: (earlier) => {
      head = earlier;
    },
    reload: () => {
      now = mainline.last();
      zero = zeroOf(now);
      head = queries.last(now) ?? zero;
    },
    append,
    place: (line) => store(renumbered(line, head.seq + 1)).pos,
    carry: (old) => {
      const line = renumbered(old, head.seq + 1);
      const at = store(line);
      const logged = review(line, at.pos);
      return { ...at, event: logged, day: logged.day, logId: now.logId, line };
    },
    linesFrom: (seq, most) => queries.linesFrom({ logId: now.logId, after: now.base + seq - 1, most }),
    hashAt: (seq) => (seq === 0 ? zero.hash : queries.hashAt(now.logId, now.base + seq)),
  };
}

function zeroOf({ genesis, base }: OwnLog): Head {
  return { seq: 0, pos: base, hash: genesisHash(genesis) };
}

/** A number with more digits may come into the line when it is carried into another log. */
const LINE_BYTES_MAX = EVENT_LINE_BYTES_MAX - 16;

function toLine(
  one: ClubEvent,
  { seq, id, meta }: { readonly seq: number; readonly id: string; readonly meta: Meta },
): string {
  const { type, tv, sub, body, pii } = one;
  const { at, actor, cmd, day } = meta;
  const line = JSON.stringify({ v: 1, seq, id, type, tv, at, day, actor, cmd, sub, body, ...(pii && { pii }) });
  // Measured only where it can matter: a character takes three bytes at most.
  assert(line.length * 3 <= LINE_BYTES_MAX || Buffer.byteLength(line) <= LINE_BYTES_MAX, `a line of ${type} fits`);
  return line;
}

function openQueries(db: Db) {
  const last = db
    .select()
    .from(event)
    .where(gt(event.pos, sql.placeholder('base')))
    .orderBy(desc(event.pos))
    .limit(1)
    .prepare();
  // Thousands at a time, while the floor waits: drizzle's own mapping of rows costs several times the reading.
  const from = db.$client
    .prepare<[number, string, number], string>(
      'SELECT line FROM event WHERE pos > ? AND log_id = ? ORDER BY pos LIMIT ?',
    )
    .pluck();
  const at = db
    .select({ hash: event.hash })
    .from(event)
    .where(and(eq(event.pos, sql.placeholder('pos')), eq(event.logId, sql.placeholder('logId'))))
    .prepare();
  return {
    last: ({ base }: OwnLog) => last.get({ base }),
    linesFrom: (asked: { readonly logId: string; readonly after: number; readonly most: number }) =>
      from.all(asked.after, asked.logId, asked.most),
    hashAt: (logId: string, pos: number) => at.get({ logId, pos })?.hash ?? null,
  };
}
