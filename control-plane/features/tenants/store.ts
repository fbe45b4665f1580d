import { and, eq, isNull } from 'drizzle-orm';
import type { CloudCore } from '../../cloud.ts';
import { club, node, org } from '../../db/schema.ts';
import { inTenant } from '../../db/tenant.ts';

/** The number is drawn first, so that even the new organisation's own row is written inside its tenant. */
export async function createOrg(cloud: CloudCore, name: string): Promise<number> {
  const { rows } = await cloud.pool.query<{ number: number }>(`SELECT nextval('org_number')::int AS number`);
  const number = rows[0]?.number;
  if (number === undefined) throw new Error('nextval gave no number');
  await inTenant(cloud.pool, number, ({ db }) =>
    db.insert(org).values({ org: number, name, createdAt: new Date(cloud.clock()) }),
  );
  return number;
}

/** The new club's number, or null when there is no such organisation. */
export async function createClub(cloud: CloudCore, ofOrg: number, name: string): Promise<number | null> {
  return inTenant(cloud.pool, ofOrg, async ({ db }) => {
    const [known] = await db.select({ org: org.org }).from(org).where(eq(org.org, ofOrg));
    if (!known) return null;
    const [made] = await db
      .insert(club)
      .values({ org: ofOrg, name, createdAt: new Date(cloud.clock()) })
      .returning({ club: club.club });
    return made?.club ?? null;
  });
}

/** Revokes the node that the club has now, for good, so that another can be enrolled. Null when it has none. */
export async function revokeNode(
  cloud: CloudCore,
  of: { readonly org: number; readonly club: number },
): Promise<string | null> {
  return inTenant(cloud.pool, of.org, async ({ db }) => {
    const live = and(eq(node.org, of.org), eq(node.club, of.club), isNull(node.revokedAt), isNull(node.replacedAt));
    const [revoked] = await db
      .update(node)
      .set({ revokedAt: new Date(cloud.clock()) })
      .where(live)
      .returning({ id: node.nodeId });
    return revoked?.id ?? null;
  });
}
