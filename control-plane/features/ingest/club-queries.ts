import { and, count, desc, eq, inArray, lt } from 'drizzle-orm';
import type { CloudCore } from '../../cloud.ts';
import { club, edgeLog, nightCount, nightTotal, quarantine } from '../../db/schema.ts';
import { inTenant, type Tenant } from '../../db/tenant.ts';

export type OfClub = { readonly org: number; readonly club: number };
export type Night = {
  readonly day: string;
  readonly totalsCents: Readonly<Record<string, number>>;
  readonly counts: Readonly<Record<string, number>>;
};

/** The newest nights by id, or null when there is no such club. A night with no event counted does not appear. */
export async function clubNights(
  cloud: CloudCore,
  of: OfClub,
  page: { readonly limit: number; readonly before: string | null },
): Promise<Night[] | null> {
  return inTenant(cloud.pool, of.org, async (tenant) => {
    const { db } = tenant;
    if (!(await isClub(tenant, of.club))) return null;
    const counted = and(eq(nightCount.org, of.org), eq(nightCount.club, of.club));
    const older = page.before === null ? counted : and(counted, lt(nightCount.day, page.before));
    const dayRows = await db
      .selectDistinct({ day: nightCount.day })
      .from(nightCount)
      .where(older)
      .orderBy(desc(nightCount.day))
      .limit(page.limit);
    const days = dayRows.map(({ day }) => day);
    if (days.length === 0) return [];
    const counts = await db
      .select()
      .from(nightCount)
      .where(and(counted, inArray(nightCount.day, days)));
    const ofTotals = and(eq(nightTotal.org, of.org), eq(nightTotal.club, of.club), inArray(nightTotal.day, days));
    const totals = await db.select().from(nightTotal).where(ofTotals);
    return days.map((day) => ({
      day,
      totalsCents: Object.fromEntries(totals.filter((row) => row.day === day).map((row) => [row.class, row.cents])),
      counts: Object.fromEntries(counts.filter((row) => row.day === day).map((row) => [row.type, row.n])),
    }));
  });
}

/** The log that the club's mainline ends with, or undefined when none was ever opened. */
export async function clubLog(cloud: CloudCore, of: OfClub) {
  return inTenant(cloud.pool, of.org, async (tenant) => {
    const { db, org } = tenant;
    const [row] = await db
      .select({ log: edgeLog, salvageWaits: club.salvageWaits })
      .from(club)
      .innerJoin(edgeLog, and(eq(edgeLog.org, club.org), eq(edgeLog.log, club.activeLog)))
      .where(and(eq(club.org, org), eq(club.club, of.club)));
    if (!row) return undefined;
    const { log, salvageWaits } = row;
    return {
      logId: log.logId,
      state: log.state,
      acked: log.acked,
      headHash: log.hash.toString('hex'),
      behind: Math.max(0, log.nodeHead - log.acked),
      unprojected: (log.sealedAt ?? log.acked) - log.projected,
      quarantined: await quarantinedIn(tenant, log.club),
      salvageWaits,
    };
  });
}

export async function isClub({ db, org }: Tenant, number: number): Promise<boolean> {
  const it = and(eq(club.org, org), eq(club.club, number));
  return (await db.select({ club: club.club }).from(club).where(it)).length === 1;
}

/** Events of a club that nobody decided about yet. */
async function quarantinedIn({ db, org }: Tenant, ofClub: number): Promise<number> {
  const [row] = await db
    .select({ n: count() })
    .from(quarantine)
    .innerJoin(edgeLog, and(eq(edgeLog.org, quarantine.org), eq(edgeLog.log, quarantine.log)))
    .where(and(eq(quarantine.org, org), eq(quarantine.state, 'held'), eq(edgeLog.club, ofClub)));
  return row?.n ?? 0;
}
