import { and, eq, lt, sql } from 'drizzle-orm';
import type { CloudCore } from '../../cloud.ts';
import { club, edgeLog } from '../../db/schema.ts';
import { asProjector, inTenant, type Tenant } from '../../db/tenant.ts';
import { limits } from '../../limits.ts';
import { noteHolds } from './holds.ts';
import { addInOrder, readEvent } from './nights.ts';
import { hold, heldAggregates } from './quarantine.ts';
import { eventsAfter, type EdgeLog } from './store.ts';

type Behind = { readonly org: number; readonly log: number };

/**
 * Takes up what was stored alone: reads it event by event, adds what can be read to the nights and puts the rest
 * in quarantine, with what hangs together with it. Works over all tenants, a club's logs in their order, one transaction
 * for each 500 events. What lies beside the mainline counts nowhere. Answers how many events it took.
 */
export async function projectBehind(cloud: CloudCore): Promise<number> {
  const { rows } = await asProjector(cloud.pool, (client) =>
    client.query<Behind>('SELECT org, log FROM edge_log ORDER BY org, log'),
  );
  let projected = 0;
  for (const behind of rows) {
    for (let taken = -1; taken !== 0; projected += taken) taken = await projectSome(cloud, behind);
  }
  return projected;
}

async function projectSome(cloud: CloudCore, behind: Behind): Promise<number> {
  return inTenant(cloud.pool, behind.org, async (tenant) => {
    const log = await lockInTurn(tenant, behind.log);
    if (!log) return 0;
    const limit = Math.min(limits.projectEventsMax, (log.sealedAt ?? log.acked) - log.projected);
    const rows = limit > 0 ? await eventsAfter(tenant, log.log, { after: log.projected, limit }) : [];
    const last = rows.at(-1);
    if (!last) return 0;
    const events = rows.map(({ seq, line }) => ({ seq, ...readEvent(line) }));
    const held = await heldAggregates(tenant, log.club);
    const bad = await addInOrder(tenant, log.club, { events, held });
    await hold(cloud, tenant, { log: log.log, bad });
    const mine = and(eq(edgeLog.org, tenant.org), eq(edgeLog.log, log.log));
    await tenant.db.update(edgeLog).set({ projected: last.seq }).where(mine);
    await noteHolds(tenant, log.club);
    return rows.length;
  });
}

const countsTo = sql`least(${edgeLog.acked}, coalesce(${edgeLog.sealedAt}, ${edgeLog.acked}))`;

/**
 * The log, when it is its turn: another replica that has its club or itself locked does the work, or a push does, and we
 * come again; a log of the club that comes before it must be done first.
 */
async function lockInTurn({ db, org }: Tenant, number: number): Promise<EdgeLog | null> {
  const it = and(eq(edgeLog.org, org), eq(edgeLog.log, number));
  const [found] = await db.select({ club: edgeLog.club }).from(edgeLog).where(it);
  if (!found) return null;
  const ofClub = and(eq(club.org, org), eq(club.club, found.club));
  const [free] = await db
    .select({ club: club.club })
    .from(club)
    .where(ofClub)
    .for('no key update', { skipLocked: true });
  if (!free) return null;
  const earlier = and(eq(edgeLog.org, org), eq(edgeLog.club, found.club), lt(edgeLog.log, number));
  const [before] = await db
    .select({ log: edgeLog.log })
    .from(edgeLog)
    .where(and(earlier, lt(edgeLog.projected, countsTo)))
    .limit(1);
  if (before) return null;
  const [log] = await db.select().from(edgeLog).where(it).for('update', { skipLocked: true });
  return log ?? null;
}
