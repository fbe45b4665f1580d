import { and, desc, eq, gt, sql } from 'drizzle-orm';
import { EVENT_LINE_BYTES_MAX, type Actor, type At } from '#shared/contract/event-line.ts';
import type { ClubEvent } from '#shared/domain/event.ts';
import { assert } from '#shared/kit/assert.ts';
import { genesisHash, nextHash, type Genesis } from '#shared/log/chain.ts';
import { hot } from '../db/hot.ts';
import type { Db } from '../db/open.ts';
import { event, log } from '../db/schema.ts';
import type { NewId } from '../ids.ts';
import type { Apply } from '../state/apply.ts';
import { values } from '../state/values.ts';

/** Where the log stands: the last event's number in its log, its place on the mainline, its hash. */
export type Head = { readonly seq: number; readonly pos: number; readonly hash: Buffer };
export type Written = { readonly pos: number; readonly event: ClubEvent; readonly day: string | null };
export type Meta = { readonly at: At; readonly actor: Actor; readonly cmd: string; readonly day: string | null };

export type Log = {
  readonly logId: string;
  readonly genesis: Genesis;
  readonly head: () => Head;
  /** After a rollback: the head goes back with the rows. */
  readonly backTo: (head: Head) => void;
  /** Only inside a transaction. Throws where a line would be over 64 KB, so that none ever is. */
  readonly append: (events: readonly ClubEvent[], meta: Meta) => readonly Written[];
  readonly linesFrom: (seq: number, most: number) => readonly string[];
  /** The hash at a seq; at 0 the genesis hash. Null where the log does not reach. */
  readonly hashAt: (seq: number) => Buffer | null;
};

/** The log that this node writes. One writer, dense from 1; every line goes to the tables in the same transaction. */
export function openLog(
  db: Db,
  {
    genesis,
    base,
    newId,
    apply,
  }: { readonly genesis: Genesis; readonly base: number; readonly newId: NewId; readonly apply: Apply },
): Log {
  const { logId } = genesis;
  const put = hot(db, db.insert(event).values(values(event)));
  const queries = openQueries(db, logId);
  const zero: Head = { seq: 0, pos: base, hash: genesisHash(genesis) };
  let head: Head = queries.last() ?? zero;

  const append = (events: readonly ClubEvent[], meta: Meta): readonly Written[] =>
    events.map((one) => {
      const seq = head.seq + 1;
      const pos = head.pos + 1;
      const day = one.type === 'day.opened' ? one.body.day : meta.day;
      const line = toLine(one, { seq, id: newId(), meta: { ...meta, day } });
      const hash = nextHash(head.hash, line);
      put.run({ pos, logId, seq, line, hash });
      apply(one, { pos, wall: meta.at.wall, day });
      head = { seq, pos, hash };
      return { pos, event: one, day };
    });

  return {
    logId,
    genesis,
    head: () => head,
    backTo: (earlier) => {
      head = earlier;
    },
    append,
    linesFrom: queries.linesFrom,
    hashAt: (seq) => (seq === 0 ? zero.hash : queries.hashAt(seq)),
  };
}

function toLine(
  one: ClubEvent,
  { seq, id, meta }: { readonly seq: number; readonly id: string; readonly meta: Meta },
): string {
  const { type, tv, sub, body, pii } = one;
  const { at, actor, cmd, day } = meta;
  const line = JSON.stringify({ v: 1, seq, id, type, tv, at, day, actor, cmd, sub, body, ...(pii && { pii }) });
  // Measured only where it can matter: a character takes three bytes at most.
  assert(
    line.length * 3 <= EVENT_LINE_BYTES_MAX || Buffer.byteLength(line) <= EVENT_LINE_BYTES_MAX,
    `a line of ${type} fits`,
  );
  return line;
}

function openQueries(db: Db, logId: string) {
  const last = db.select().from(event).where(eq(event.logId, logId)).orderBy(desc(event.pos)).limit(1).prepare();
  const base = db.select({ base: log.base }).from(log).where(eq(log.logId, logId)).prepare();
  const from = db
    .select({ line: event.line })
    .from(event)
    .where(and(gt(event.pos, sql.placeholder('after')), eq(event.logId, logId)))
    .orderBy(event.pos)
    .limit(sql.placeholder('most'))
    .prepare();
  const at = db
    .select({ hash: event.hash })
    .from(event)
    .where(and(eq(event.pos, sql.placeholder('pos')), eq(event.logId, logId)))
    .prepare();
  const baseOf = () => base.get()?.base ?? 0;
  return {
    last: () => last.get(),
    linesFrom: (seq: number, most: number) => from.all({ after: baseOf() + seq - 1, most }).map(({ line }) => line),
    hashAt: (seq: number) => at.get({ pos: baseOf() + seq })?.hash ?? null,
  };
}
