import { and, asc, eq, gt, isNotNull } from 'drizzle-orm';
import type { KeysRequest, UplinkAnswer } from '#shared/contract/uplink.ts';
import type { CloudCore } from '../../cloud.ts';
import { sealedKey } from '../../db/schema.ts';
import { inTenant, type Tenant } from '../../db/tenant.ts';
import { limits } from '../../limits.ts';
import type { Caller } from '../../node-auth/signed-request.ts';

/**
 * Keeps and gives data keys that the club's key wraps. One that was destroyed stays so, whoever sends it again. A box that
 * was replaced may only add those that its salvage needs: it changes and destroys none, and is given none.
 */
export async function keys(cloud: CloudCore, caller: Caller, { put, get }: KeysRequest): Promise<UplinkAnswer> {
  const found = await inTenant(cloud.pool, caller.org, async (tenant) => {
    await keep(tenant, caller, folded(put));
    return get === null || caller.isReplaced ? [] : after(tenant, caller, get.after);
  });
  return { s: 'keys', keys: found, cloudEpoch: cloud.epoch };
}

type Put = ReadonlyMap<string, string | null>;

/** One for each subject: the last, and null once it was null. */
function folded(put: KeysRequest['put']): Put {
  const last = new Map<string, string | null>();
  for (const { subject, wrapped } of put) if (last.get(subject) !== null) last.set(subject, wrapped);
  return last;
}

async function keep({ client, org }: Tenant, caller: Caller, put: Put): Promise<void> {
  const rows = [...put].filter(([, wrapped]) => wrapped !== null || !caller.isReplaced);
  if (rows.length === 0) return;
  const change = caller.isReplaced
    ? 'NOTHING'
    : 'UPDATE SET wrapped = excluded.wrapped WHERE had.wrapped IS NOT NULL AND had.wrapped IS DISTINCT FROM excluded.wrapped';
  // Sorted, so that two that put the same ones can't wait for each other.
  await client.query(
    `INSERT INTO sealed_key AS had (org, club, subject, wrapped)
     SELECT $1, $2, subject, wrapped FROM unnest($3::text[], $4::text[]) AS put(subject, wrapped) ORDER BY subject
     ON CONFLICT (org, club, subject) DO ${change}`,
    [org, caller.club, rows.map(([subject]) => subject), rows.map(([, wrapped]) => wrapped)],
  );
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
