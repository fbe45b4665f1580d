import { and, desc, eq, inArray, lt, count } from 'drizzle-orm';
import type { CloudCore } from '../../cloud.ts';
import { club, edgeLog, nightCount, nightTotal, quarantine } from '../../db/schema.ts';
import { inTenant, type Tenant } from '../../db/tenant.ts';

type OfClub = { readonly org: number; readonly club: number };
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
  return inTenant(cloud.pool, of.org, async ({ db }) => {
    const [known] = await db
      .select({ club: club.club })
      .from(club)
      .where(and(eq(club.org, of.org), eq(club.club, of.club)));
    if (!known) return null;
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

/** The club's newest log, or undefined when none was ever opened. */
export async function clubLog(cloud: CloudCore, of: OfClub) {
  return inTenant(cloud.pool, of.org, async (tenant) => {
    const { db, org } = tenant;
    const [log] = await db
      .select()
      .from(edgeLog)
      .where(and(eq(edgeLog.org, org), eq(edgeLog.club, of.club)))
      .orderBy(desc(edgeLog.log))
      .limit(1);
    if (!log) return undefined;
    return {
      logId: log.logId,
      state: log.state,
      acked: log.acked,
      headHash: log.hash.toString('hex'),
      behind: Math.max(0, log.nodeHead - log.acked),
      unprojected: log.acked - log.projected,
      quarantined: await quarantinedIn(tenant, log.log),
    };
  });
}

async function quarantinedIn({ db, org }: Tenant, log: number): Promise<number> {
  const [row] = await db
    .select({ n: count() })
    .from(quarantine)
    .where(and(eq(quarantine.org, org), eq(quarantine.log, log)));
  return row?.n ?? 0;
}
