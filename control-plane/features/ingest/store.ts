import { and, asc, eq, gt, gte, lte } from 'drizzle-orm';
import { edgeLog, event } from '../../db/schema.ts';
import type { Tenant } from '../../db/tenant.ts';
import type { Caller } from '../../node-auth/signed-request.ts';
import type { RollUp } from './projection.ts';

export type EdgeLog = typeof edgeLog.$inferSelect;

/** The caller's own log, locked until the transaction ends. A log of another node is as unknown as none. */
export async function lockLog({ db, org }: Tenant, caller: Caller, logId: string): Promise<EdgeLog | undefined> {
  const mine = and(eq(edgeLog.org, org), eq(edgeLog.logId, logId), eq(edgeLog.node, caller.node));
  const [log] = await db.select().from(edgeLog).where(mine).for('update');
  return log;
}

/** Notes how far the node says it is; what it said before may not be undone by a request that was late. */
export async function noteHead({ db, org }: Tenant, { log, nodeHead }: EdgeLog, head: number): Promise<void> {
  if (head <= nodeHead) return;
  await db
    .update(edgeLog)
    .set({ nodeHead: head })
    .where(and(eq(edgeLog.org, org), eq(edgeLog.log, log)));
}

export async function storedLines(
  { db, org }: Tenant,
  log: number,
  range: { from: number; to: number },
): Promise<string[]> {
  const within = and(eq(event.org, org), eq(event.log, log), gte(event.seq, range.from), lte(event.seq, range.to));
  const rows = await db.select({ line: event.line }).from(event).where(within).orderBy(asc(event.seq));
  return rows.map(({ line }) => line);
}

export async function eventsAfter({ db, org }: Tenant, log: number, range: { after: number; limit: number }) {
  const within = and(eq(event.org, org), eq(event.log, log), gt(event.seq, range.after));
  return db
    .select({ seq: event.seq, line: event.line })
    .from(event)
    .where(within)
    .orderBy(asc(event.seq))
    .limit(range.limit);
}

export type Append = {
  readonly log: number;
  readonly first: number;
  readonly count: number;
  /** The chain's hash at the last of these lines. */
  readonly hash: Buffer;
  /** The lines, joined by newlines. */
  readonly lines: Buffer;
  /** Null: one of them can't be read, so store them alone. */
  readonly rollUp: RollUp | null;
};

/** One call for the whole batch. The lines go as the bytes that came: nobody quotes or copies them line by line. */
export async function append({ client }: Tenant, { log, first, count, hash, lines, rollUp }: Append): Promise<void> {
  const values = [log, first, count, hash, lines, rollUp === null ? null : JSON.stringify(rollUp)];
  await client.query('SELECT ingest($1, $2, $3, $4, $5, $6)', values);
}
