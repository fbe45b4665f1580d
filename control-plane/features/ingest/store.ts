import { and, asc, eq, gt, gte, lte, sql } from 'drizzle-orm';
import { club, edgeLog, event } from '../../db/schema.ts';
import { feed } from '../../db/settings-schema.ts';
import type { Tenant } from '../../db/tenant.ts';
import type { Caller } from '../../node-auth/signed-request.ts';
import type { RollUp } from './projection.ts';

export type EdgeLog = typeof edgeLog.$inferSelect;
/** With what waits for its club: ends of fenced boxes' logs, and the newest revision of the feed. */
export type OwnLog = EdgeLog & { readonly salvageWaits: boolean; readonly rev: number };
type OfClub = { readonly org: number; readonly club: number };

/**
 * The club's row, locked until the transaction ends. Whoever locks it and a log locks it first, or two could wait for each
 * other; pushes of a live box, of which there are many, lock the log alone. Not FOR UPDATE: that would also wait for the
 * foreign keys of rows that a push writes.
 */
export async function lockClub({ db }: Tenant, of: OfClub): Promise<typeof club.$inferSelect | undefined> {
  const it = and(eq(club.org, of.org), eq(club.club, of.club));
  const [row] = await db.select().from(club).where(it).for('no key update');
  return row;
}

/** The caller's own log, locked until the transaction ends. A log of another node is as unknown as none. */
export async function lockLog({ db, org }: Tenant, caller: Caller, logId: string): Promise<OwnLog | undefined> {
  const mine = and(eq(edgeLog.org, org), eq(edgeLog.logId, logId), eq(edgeLog.node, caller.node));
  const [row] = await db
    .select({ log: edgeLog, salvageWaits: club.salvageWaits, rev: sql`coalesce(${feed.rev}, 0)`.mapWith(feed.rev) })
    .from(edgeLog)
    .innerJoin(club, and(eq(club.org, edgeLog.org), eq(club.club, edgeLog.club)))
    .leftJoin(feed, and(eq(feed.org, edgeLog.org), eq(feed.club, edgeLog.club)))
    .where(mine)
    .for('update', { of: edgeLog });
  return row && { ...row.log, salvageWaits: row.salvageWaits, rev: row.rev };
}

/** A log of the caller's club, whoever writes it. */
export async function logOf({ db, org }: Tenant, caller: Caller, logId: string): Promise<EdgeLog | undefined> {
  const ours = and(eq(edgeLog.org, org), eq(edgeLog.club, caller.club), eq(edgeLog.logId, logId));
  const [log] = await db.select().from(edgeLog).where(ours);
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

/** The first lines of a range that are within `bytesMax` together, and at least one where there is one. */
export async function linesWithin(
  { client, org }: Tenant,
  log: number,
  { from, to, bytesMax }: { readonly from: number; readonly to: number; readonly bytesMax: number },
): Promise<readonly string[]> {
  const { rows } = await client.query<{ readonly line: string }>(
    `SELECT line FROM (
       SELECT seq, line, sum(octet_length(line)) OVER (ORDER BY seq) AS bytes
       FROM event WHERE org = $1 AND log = $2 AND seq BETWEEN $3 AND $4) sized
     WHERE bytes <= $5 OR seq = $3 ORDER BY seq`,
    [org, log, from, to, bytesMax],
  );
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
