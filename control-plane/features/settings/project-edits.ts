import { and, asc, eq, gt, lte, sql } from 'drizzle-orm';
import { parseLine, type LoggedEvent } from '#shared/contract/event-line.ts';
import { edgeLog, event, quarantine } from '../../db/schema.ts';
import { feedProgress } from '../../db/settings-schema.ts';
import { asProjector, inTenant, type Tenant } from '../../db/tenant.ts';
import { limits } from '../../limits.ts';
import { changeFeedIn, clubKey, type FeedChange, type OfClub, type Settings } from './feed-log.ts';
import { takeEdit, TAKEN_LINES } from './take-edits.ts';

type Behind = { readonly org: number; readonly log: number };
type Bad = { readonly seq: number; readonly reason: string };

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
    const bad: Bad[] = [];
    for (const { seq, line } of lines) {
      const reason = await takeOne(change, parsed(line));
      if (reason !== null) bad.push({ seq, reason });
    }
    await quarantineAll(change, log, bad);
  });
  return { told: done?.told ?? false };
}

/** One that can't be taken must not stop those behind it. */
async function takeOne(change: FeedChange, logged: LoggedEvent | null): Promise<string | null> {
  if (logged === null) return 'edit_unreadable';
  const seen = { readable: true };
  const error = await change.part(async () => {
    seen.readable = await takeEdit(change, logged);
  });
  if (error !== null) return `edit_not_taken_${codeOf(error)}`;
  return seen.readable ? null : 'edit_unreadable';
}

/** PostgreSQL's code, which drizzle keeps in the cause. */
function codeOf(error: unknown): string {
  const { code, cause } = Object(error) as { readonly code?: string; readonly cause?: unknown };
  return code ?? (cause === undefined ? 'unknown' : codeOf(cause));
}

function parsed(line: string): LoggedEvent | null {
  try {
    return parseLine(line);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

async function quarantineAll({ tenant, cloud }: FeedChange, log: number, bad: readonly Bad[]): Promise<void> {
  if (bad.length === 0) return;
  const foundAt = new Date(cloud.clock());
  await tenant.db
    .insert(quarantine)
    .values(bad.map((one) => ({ org: tenant.org, log, ...one, foundAt })))
    .onConflictDoNothing();
}
