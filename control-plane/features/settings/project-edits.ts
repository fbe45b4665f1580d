import { and, asc, eq, gt, lte, sql } from 'drizzle-orm';
import { readLine } from '#shared/contract/event-line.ts';
import { edgeLog, event } from '../../db/schema.ts';
import { editAside, feedProgress } from '../../db/settings-schema.ts';
import { asProjector, inTenant, type Tenant } from '../../db/tenant.ts';
import { limits } from '../../limits.ts';
import { changeFeedIn, clubKey, type FeedChange, type OfClub, type Settings } from './feed-log.ts';
import { takeEdit, TAKEN_LINES } from './take-edits.ts';

type Behind = { readonly org: number; readonly log: number };

/**
 * Looks through what was stored for edits of the floor, of all tenants, and takes each once. Goes by a cursor of its own
 * over each log, whatever else is made of the events. Answers how many it took.
 */
export async function projectEdits(cloud: Settings): Promise<number> {
  const { rows } = await asProjector(cloud.pool, (client) =>
    client.query<Behind>('SELECT org, log FROM feed_progress ORDER BY org, log'),
  );
  let taken = 0;
  for (const behind of rows) {
    for (let step = await takeSome(cloud, behind); step !== null; step = await takeSome(cloud, behind)) taken += step;
  }
  return taken;
}

/** Some events of one log. Null where there is nothing more to look through, or another replica does. */
async function takeSome(cloud: Settings, behind: Behind): Promise<number | null> {
  const done = await inTenant(cloud.pool, behind.org, async (tenant) => {
    const mine = and(eq(feedProgress.org, tenant.org), eq(feedProgress.log, behind.log));
    const [progress] = await tenant.db.select().from(feedProgress).where(mine).for('update', { skipLocked: true });
    if (!progress || progress.seq >= progress.upto) return null;
    const log = await mainlineLog(tenant, behind.log);
    if (!log || log.upto <= progress.seq) {
      // What lies beside the mainline counts when it is carried there.
      await tenant.db.update(feedProgress).set({ upto: progress.seq }).where(mine);
      return null;
    }
    const to = Math.min(log.upto, progress.seq + limits.feedLookEventsMax);
    const lines = await editLines(tenant, behind.log, { after: progress.seq, to });
    const of = { org: tenant.org, club: log.club };
    const { told } = await takeAll(cloud, tenant, { of, log: behind.log, lines });
    await tenant.db.update(feedProgress).set({ seq: to }).where(mine);
    return { taken: lines.length, rings: told ? clubKey(of) : null };
  });
  if (done?.rings) cloud.bell.ring(done.rings);
  return done && done.taken;
}

/** How far a log counts: to its end, or to where the mainline left it. What lies beside comes again in the log that carries it. */
async function mainlineLog({ db, org }: Tenant, log: number) {
  const [row] = await db
    .select({
      club: edgeLog.club,
      upto: sql<string>`least(${edgeLog.acked}, coalesce(${edgeLog.sealedAt}, ${edgeLog.acked}))`,
    })
    .from(edgeLog)
    .where(and(eq(edgeLog.org, org), eq(edgeLog.log, log)));
  return row && { club: row.club, upto: Number(row.upto) };
}

type Line = { readonly seq: number; readonly line: string };

async function editLines(
  { db, org }: Tenant,
  log: number,
  { after, to }: { readonly after: number; readonly to: number },
): Promise<readonly Line[]> {
  const within = and(eq(event.org, org), eq(event.log, log), gt(event.seq, after), lte(event.seq, to));
  return db
    .select({ seq: event.seq, line: event.line })
    .from(event)
    .where(and(within, sql`${event.line} ~ ${TAKEN_LINES}`))
    .orderBy(asc(event.seq));
}

async function takeAll(
  cloud: Settings,
  tenant: Tenant,
  { of, log, lines }: { readonly of: OfClub; readonly log: number; readonly lines: readonly Line[] },
): Promise<{ readonly told: boolean }> {
  if (lines.length === 0) return { told: false };
  const done = await changeFeedIn(cloud, { tenant, of }, async (change) => {
    for (const { seq, line } of lines) {
      const reason = await takeOne(change, line);
      if (reason !== null) await setAside(change, { log, seq, reason });
    }
  });
  return { told: done?.told ?? false };
}

/** Why it was not taken, null where it was. One that can't be taken must not stop those behind it. */
async function takeOne(change: FeedChange, line: string): Promise<string | null> {
  const seen = { known: true, readable: true };
  const error = await change.part(async () => {
    const read = readLine(line);
    seen.known = read.isKnown;
    if (read.isKnown) seen.readable = await takeEdit(change, read.event);
  });
  if (error !== null) return `not_taken_${codeOf(error)}`;
  if (!seen.known) return 'version_unknown';
  return seen.readable ? null : 'unreadable';
}

/** PostgreSQL's code, which drizzle keeps in the cause. */
function codeOf(error: unknown): string {
  const { code, cause } = Object(error) as { readonly code?: string; readonly cause?: unknown };
  return code ?? (cause === undefined ? 'unknown' : codeOf(cause));
}

async function setAside(
  { tenant, of, now }: FeedChange,
  aside: { readonly log: number; readonly seq: number; readonly reason: string },
): Promise<void> {
  await tenant.db
    .insert(editAside)
    .values({ ...of, ...aside, foundAt: now })
    .onConflictDoNothing();
}

/** What was set aside, the oldest first. */
export async function editsAside(cloud: Settings, of: OfClub) {
  return inTenant(cloud.pool, of.org, async ({ db }) => {
    const rows = await db
      .select({ logId: edgeLog.logId, seq: editAside.seq, reason: editAside.reason })
      .from(editAside)
      .innerJoin(edgeLog, and(eq(edgeLog.org, editAside.org), eq(edgeLog.log, editAside.log)))
      .where(and(eq(editAside.org, of.org), eq(editAside.club, of.club)))
      .orderBy(asc(editAside.log), asc(editAside.seq))
      .limit(limits.sharedListMax);
    return rows;
  });
}
