import { and, desc, eq, isNull } from 'drizzle-orm';
import type { CloudCore } from '../../cloud.ts';
import { alert } from '../../db/schema.ts';
import { inTenant, type Tenant } from '../../db/tenant.ts';
import { limits } from '../../limits.ts';
import { isClub, type OfClub } from './club-queries.ts';

type Alert = typeof alert.$inferSelect;
/** `about` names what it is about: an alert of one kind is raised once for each, however often it is seen. */
export type Raised = Pick<Alert, 'club' | 'kind' | 'about' | 'detail'>;

export async function raise(cloud: CloudCore, { db, org }: Tenant, raised: Raised): Promise<void> {
  const row = { org, ...raised, raisedAt: new Date(cloud.clock()) };
  await db.insert(alert).values(row).onConflictDoNothing();
}

/** The newest alerts of a club, closed ones too; null where there is no such club. */
export async function clubAlerts(cloud: CloudCore, of: OfClub) {
  return inTenant(cloud.pool, of.org, async (tenant) => {
    const { db, org } = tenant;
    if (!(await isClub(tenant, of.club))) return null;
    const mine = and(eq(alert.org, org), eq(alert.club, of.club));
    const rows = await db.select().from(alert).where(mine).orderBy(desc(alert.alert)).limit(limits.alertsMax);
    return rows.map(({ alert: id, kind, about, detail, raisedAt, closedAt, closedWhy }) => ({
      id,
      kind,
      about,
      detail,
      raisedAt: raisedAt.toISOString(),
      closedAt: closedAt?.toISOString() ?? null,
      closedWhy,
    }));
  });
}

/** False where there is no such open alert. */
export async function closeAlert(
  cloud: CloudCore,
  of: OfClub,
  { id, why }: { readonly id: number; readonly why: string },
): Promise<boolean> {
  return inTenant(cloud.pool, of.org, async ({ db, org }) => {
    const mine = and(eq(alert.org, org), eq(alert.club, of.club), eq(alert.alert, id), isNull(alert.closedAt));
    const { rowCount } = await db
      .update(alert)
      .set({ closedAt: new Date(cloud.clock()), closedWhy: why })
      .where(mine);
    return rowCount === 1;
  });
}
