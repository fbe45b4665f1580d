import { and, asc, eq, gt, isNotNull, sql } from 'drizzle-orm';
import type { SalvagedRequest, SalvagedTail, UplinkAnswer } from '#shared/contract/uplink.ts';
import type { CloudCore } from '../../cloud.ts';
import { club, edgeLog } from '../../db/schema.ts';
import { inTenant, type Tenant } from '../../db/tenant.ts';
import { limits } from '../../limits.ts';
import type { Caller } from '../../node-auth/signed-request.ts';
import { fencedOff } from './answers.ts';
import { hashAt } from './hash-at.ts';
import { lockClub, type EdgeLog } from './store.ts';

/**
 * Which ends of fenced boxes' logs lie beside the mainline, for the live node to carry into its own log; what it says it
 * has taken is not named again. Carrying is by event id, so a tail that is named twice does no harm.
 */
export async function salvaged(cloud: CloudCore, caller: Caller, { taken }: SalvagedRequest): Promise<UplinkAnswer> {
  if (caller.isReplaced) return fencedOff(cloud);
  const tails = await inTenant(cloud.pool, caller.org, async (tenant) => {
    await lockClub(tenant, caller);
    for (const one of taken) await noteTaken(tenant, caller, one);
    const waiting = await logsWithTails(tenant, caller);
    if (waiting.length === 0) await clearFlag(tenant, caller);
    const found: SalvagedTail[] = [];
    for (const log of waiting) found.push(await tailOf(tenant, log));
    return found;
  });
  return { s: 'salvaged', tails, cloudEpoch: cloud.epoch };
}

const takenUpTo = sql<number>`greatest(coalesce(${edgeLog.sealedAt}, 0), ${edgeLog.salvageTaken})`;

async function logsWithTails({ db, org }: Tenant, caller: Caller): Promise<readonly EdgeLog[]> {
  const beside = and(
    eq(edgeLog.org, org),
    eq(edgeLog.club, caller.club),
    isNotNull(edgeLog.sealedAt),
    gt(edgeLog.acked, takenUpTo),
  );
  return db.select().from(edgeLog).where(beside).orderBy(asc(edgeLog.log)).limit(limits.salvageTailsMax);
}

async function tailOf(tenant: Tenant, log: EdgeLog): Promise<SalvagedTail> {
  const before = Math.max(log.sealedAt ?? 0, log.salvageTaken);
  const prev = await hashAt(tenant, log, before);
  const place = { logId: log.logId, from: before + 1, prev: prev?.toString('hex') ?? '' };
  return { ...place, upto: log.acked, hash: log.hash.toString('hex') };
}

async function noteTaken(
  { db, org }: Tenant,
  caller: Caller,
  { logId, upto }: { readonly logId: string; readonly upto: number },
): Promise<void> {
  const it = and(eq(edgeLog.org, org), eq(edgeLog.club, caller.club), eq(edgeLog.logId, logId));
  await db
    .update(edgeLog)
    .set({ salvageTaken: sql`greatest(${edgeLog.salvageTaken}, least(${upto}::bigint, ${edgeLog.acked}))` })
    .where(it);
}

/** Spares every push a look for tails. A push of salvage sets it again. */
async function clearFlag({ db, org }: Tenant, caller: Caller): Promise<void> {
  await db
    .update(club)
    .set({ salvageWaits: false })
    .where(and(eq(club.org, org), eq(club.club, caller.club), eq(club.salvageWaits, true)));
}

/** The caller holds the club's row. */
export async function noteSalvage({ db, org }: Tenant, caller: Caller): Promise<void> {
  await db
    .update(club)
    .set({ salvageWaits: true })
    .where(and(eq(club.org, org), eq(club.club, caller.club), eq(club.salvageWaits, false)));
}
