import { and, asc, eq, gt, isNotNull, sql } from 'drizzle-orm';
import type { KeysRequest, UplinkAnswer } from '#shared/contract/uplink.ts';
import type { CloudCore } from '../../cloud.ts';
import { sealedKey } from '../../db/schema.ts';
import { inTenant, type Tenant } from '../../db/tenant.ts';
import { limits } from '../../limits.ts';
import type { Caller } from '../../node-auth/signed-request.ts';
import { fencedOff } from './answers.ts';

/** Keeps and gives data keys that the club's key wraps. One that was destroyed stays so, whoever sends it again. */
export async function keys(cloud: CloudCore, caller: Caller, { put, get }: KeysRequest): Promise<UplinkAnswer> {
  if (caller.isReplaced) return fencedOff(cloud);
  const found = await inTenant(cloud.pool, caller.org, async (tenant) => {
    for (const one of put) await keep(tenant, caller, one);
    return get === null ? [] : after(tenant, caller, get.after);
  });
  return { s: 'keys', keys: found, cloudEpoch: cloud.epoch };
}

async function keep({ db, org }: Tenant, caller: Caller, { subject, wrapped }: KeysRequest['put'][number]) {
  const row = { org, club: caller.club, subject, wrapped };
  const target = [sealedKey.org, sealedKey.club, sealedKey.subject];
  await db
    .insert(sealedKey)
    .values(row)
    .onConflictDoUpdate({ target, set: { wrapped }, setWhere: sql`${sealedKey.wrapped} IS NOT NULL` });
}

async function after({ db, org }: Tenant, caller: Caller, subject: string) {
  const mine = and(
    eq(sealedKey.org, org),
    eq(sealedKey.club, caller.club),
    gt(sealedKey.subject, subject),
    isNotNull(sealedKey.wrapped),
  );
  const rows = await db.select().from(sealedKey).where(mine).orderBy(asc(sealedKey.subject)).limit(limits.keysMax);
  return rows.map((row) => ({ subject: row.subject, wrapped: row.wrapped ?? '' }));
}
