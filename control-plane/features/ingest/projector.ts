import { eq, and } from 'drizzle-orm';
import type { CloudCore } from '../../cloud.ts';
import { edgeLog, quarantine } from '../../db/schema.ts';
import { asProjector, inTenant, type Tenant } from '../../db/tenant.ts';
import { limits } from '../../limits.ts';
import { readFacts, rollUp, type Facts, type UnreadableReason } from './projection.ts';
import { eventsAfter } from './store.ts';

type Readable = { readonly seq: number; readonly facts: Facts };
type Bad = { readonly seq: number; readonly reason: string };
type Behind = { readonly org: number; readonly log: number };

/**
 * Takes up what was stored alone: reads it event by event, adds what can be read to the nights and puts the rest
 * in quarantine. Works over all tenants, one transaction for each 500 events. Answers how many events it took.
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
    const mine = and(eq(edgeLog.org, tenant.org), eq(edgeLog.log, behind.log));
    // Another replica that has it locked does the work, or a push does, and we come again.
    const [log] = await tenant.db.select().from(edgeLog).where(mine).for('update', { skipLocked: true });
    if (!log) return 0;
    // What lies beside the mainline counts nowhere.
    const limit = Math.min(limits.projectEventsMax, (log.sealedAt ?? log.acked) - log.projected);
    const rows = limit > 0 ? await eventsAfter(tenant, log.log, { after: log.projected, limit }) : [];
    const last = rows.at(-1);
    if (!last) return 0;
    const read = rows.map(({ seq, line }) => ({ seq, facts: factsOf(line) }));
    const unreadable = read.flatMap(({ seq, facts }) => (typeof facts === 'string' ? [{ seq, reason: facts }] : []));
    const readable = read.flatMap(({ seq, facts }) => (typeof facts === 'string' ? [] : [{ seq, facts }]));
    const bad = [...unreadable, ...(await add(tenant, log.club, readable))];
    await quarantineAll(cloud, tenant, { log: log.log, bad });
    await tenant.db.update(edgeLog).set({ projected: last.seq }).where(mine);
    return rows.length;
  });
}

/** A line that is no JSON never gets in; should one be there all the same, it must not stop the others. */
function factsOf(line: string): Facts | UnreadableReason {
  try {
    return readFacts(JSON.parse(line));
  } catch {
    return 'not_json';
  }
}

/** Adds all it can in one statement; when that fails, halves until the event that can't be added stands alone. */
async function add(tenant: Tenant, club: number, events: readonly Readable[]): Promise<Bad[]> {
  const [first] = events;
  if (!first) return [];
  const { client } = tenant;
  try {
    await client.query('SAVEPOINT adding');
    await client.query('SELECT roll_up($1, $2)', [club, JSON.stringify(rollUp(events.map(({ facts }) => facts)))]);
    await client.query('RELEASE adding');
    return [];
  } catch (error) {
    // Fails too, and with it all, when what broke was the connection and not the event.
    await client.query('ROLLBACK TO adding');
    if (events.length === 1)
      return [{ seq: first.seq, reason: `not_addable_${(error as { code?: string }).code ?? 'unknown'}` }];
    const half = Math.ceil(events.length / 2);
    return [...(await add(tenant, club, events.slice(0, half))), ...(await add(tenant, club, events.slice(half)))];
  }
}

async function quarantineAll(
  cloud: CloudCore,
  { db, org }: Tenant,
  { log, bad }: { log: number; bad: readonly Bad[] },
): Promise<void> {
  if (bad.length === 0) return;
  const foundAt = new Date(cloud.clock());
  await db
    .insert(quarantine)
    .values(bad.map((one) => ({ org, log, ...one, foundAt })))
    .onConflictDoNothing();
}
