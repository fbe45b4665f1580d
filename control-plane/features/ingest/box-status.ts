import { and, eq } from 'drizzle-orm';
import type { HelloRequest } from '#shared/contract/uplink.ts';
import type { CloudCore } from '../../cloud.ts';
import { boxStatus } from '../../db/schema.ts';
import { inTenant, type Tenant } from '../../db/tenant.ts';
import type { Caller } from '../../node-auth/signed-request.ts';

type Told = { readonly caller: Caller; readonly asked: HelloRequest & { readonly logId: string } };

/** The newest word of a club's live box, whatever of its backlog still waits. */
export async function noteStatus(cloud: CloudCore, { db, org }: Tenant, { caller, asked }: Told): Promise<void> {
  const { version, waiting, oldestMs, secondCopy } = asked.status;
  const { logId, seq: head } = asked;
  const news = {
    node: caller.node,
    version,
    logId,
    head,
    waiting,
    oldestMs,
    secondCopy,
    toldAt: new Date(cloud.clock()),
  };
  await db
    .insert(boxStatus)
    .values({ org, club: caller.club, ...news })
    .onConflictDoUpdate({ target: [boxStatus.org, boxStatus.club], set: news });
}

/** Null where the club's box never spoke. */
export async function clubStatus(cloud: CloudCore, of: { readonly org: number; readonly club: number }) {
  return inTenant(cloud.pool, of.org, async ({ db, org }) => {
    const [row] = await db
      .select()
      .from(boxStatus)
      .where(and(eq(boxStatus.org, org), eq(boxStatus.club, of.club)));
    if (!row) return null;
    const { version, logId, head, waiting, oldestMs, secondCopy, toldAt } = row;
    return { version, logId, head, waiting, oldestMs, secondCopy, toldAt: toldAt.toISOString() };
  });
}
