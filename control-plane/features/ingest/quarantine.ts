import { and, asc, eq, isNotNull, sql } from 'drizzle-orm';
import type { CloudCore } from '../../cloud.ts';
import { edgeLog, event, quarantine } from '../../db/schema.ts';
import { inTenant, type Tenant } from '../../db/tenant.ts';
import { limits } from '../../limits.ts';
import { isClub, type OfClub } from './club-queries.ts';
import { noteHolds } from './holds.ts';
import { readEvent, tryToAdd, type Bad } from './nights.ts';
import { lockClub } from './store.ts';

/** Puts events of a log in quarantine, each once. */
export async function hold(
  cloud: CloudCore,
  { db, org }: Tenant,
  { log, bad }: { readonly log: number; readonly bad: readonly Bad[] },
): Promise<void> {
  if (bad.length === 0) return;
  const foundAt = new Date(cloud.clock());
  await db
    .insert(quarantine)
    .values(bad.map((one) => ({ org, log, ...one, foundAt })))
    .onConflictDoNothing();
}

export async function heldAggregates({ db, org }: Tenant, ofClub: number): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectDistinct({ aggregate: quarantine.aggregate })
    .from(quarantine)
    .innerJoin(edgeLog, and(eq(edgeLog.org, quarantine.org), eq(edgeLog.log, quarantine.log)))
    .where(and(heldIn(org, ofClub), isNotNull(quarantine.aggregate)));
  return new Set(rows.map(({ aggregate }) => aggregate ?? ''));
}

const heldIn = (org: number, ofClub: number) =>
  and(eq(quarantine.org, org), eq(quarantine.state, 'held'), eq(edgeLog.club, ofClub));

export type Place = { readonly log: string; readonly seq: number };
export type Verdict = Place & { readonly why: string; readonly how: 'release' | 'drop' };
export type Held = Place & { readonly reason: string; readonly aggregate: string | null };
export type DecideRefusal = 'club_unknown' | 'quarantine_unknown' | 'earlier_held';

/**
 * A person's word on an event in quarantine. `release` tries again to add it to the nights, and then all that is held
 * behind it of the same aggregate, in order, up to the first that still can't be; `drop` leaves this one out for good (its
 * line stays in the log) and goes on with those behind it. Answers what is still held of it.
 */
export async function decide(cloud: CloudCore, of: OfClub, verdict: Verdict): Promise<readonly Held[] | DecideRefusal> {
  return inTenant(cloud.pool, of.org, async (tenant) => {
    // The projector holds it too, so nothing is added to the aggregate meanwhile.
    if (!(await lockClub(tenant, of))) return 'club_unknown';
    const all = await waitingLines(tenant, of.club, verdict);
    if (typeof all === 'string') return all;
    const [first] = all;
    if (!first) return 'quarantine_unknown';
    const decided = { why: verdict.why, decidedAt: new Date(cloud.clock()) };
    if (verdict.how === 'drop') await mark(tenant, first, { state: 'dropped', ...decided });
    const rest = verdict.how === 'drop' ? all.slice(1) : all;
    const still = await releaseInOrder(tenant, of.club, { rest, decided });
    await noteHolds(tenant, of.club);
    return still.map(({ logId, seq, aggregate, reason }) => ({ log: logId, seq, aggregate, reason }));
  });
}

type Waiting = {
  readonly log: number;
  readonly logId: string;
  readonly seq: number;
  readonly aggregate: string | null;
  readonly reason: string;
  readonly line: string;
};

/** The event that is meant and what is held behind it, in the order of the log. */
async function waitingLines(
  tenant: Tenant,
  ofClub: number,
  { log, seq }: Place,
): Promise<readonly Waiting[] | DecideRefusal> {
  const { db, org } = tenant;
  const held = () =>
    db
      .select({
        log: quarantine.log,
        logId: edgeLog.logId,
        seq: quarantine.seq,
        aggregate: quarantine.aggregate,
        reason: quarantine.reason,
        line: event.line,
      })
      .from(quarantine)
      .innerJoin(edgeLog, and(eq(edgeLog.org, quarantine.org), eq(edgeLog.log, quarantine.log)))
      .innerJoin(
        event,
        and(eq(event.org, quarantine.org), eq(event.log, quarantine.log), eq(event.seq, quarantine.seq)),
      );
  const [meant] = await held().where(and(heldIn(org, ofClub), eq(edgeLog.logId, log), eq(quarantine.seq, seq)));
  if (!meant) return 'quarantine_unknown';
  if (meant.aggregate === null) return [meant];
  const all = await held()
    .where(and(heldIn(org, ofClub), eq(quarantine.aggregate, meant.aggregate)))
    .orderBy(asc(quarantine.log), asc(quarantine.seq));
  return all[0]?.log === meant.log && all[0].seq === meant.seq ? all : 'earlier_held';
}

type Decided = { readonly why: string; readonly decidedAt: Date };

/** Adds one after the other, up to the first that can't be. Answers what is left, with why the first of it is. */
async function releaseInOrder(
  tenant: Tenant,
  ofClub: number,
  { rest, decided }: { readonly rest: readonly Waiting[]; readonly decided: Decided },
): Promise<readonly Waiting[]> {
  for (const [at, waiting] of rest.entries()) {
    const { facts } = readEvent(waiting.line);
    const code = typeof facts === 'string' ? null : await tryToAdd(tenant, ofClub, [facts]);
    const reason = typeof facts === 'string' ? facts : code === null ? null : `not_addable_${code}`;
    if (reason !== null) {
      await mark(tenant, waiting, { reason });
      return [{ ...waiting, reason }, ...rest.slice(at + 1)];
    }
    await mark(tenant, waiting, { state: 'released', ...decided });
  }
  return [];
}

async function mark(
  { db, org }: Tenant,
  { log, seq }: Waiting,
  set: Partial<Pick<typeof quarantine.$inferSelect, 'state' | 'reason' | 'why' | 'decidedAt'>>,
): Promise<void> {
  await db
    .update(quarantine)
    .set(set)
    .where(and(eq(quarantine.org, org), eq(quarantine.log, log), eq(quarantine.seq, seq)));
}

export type Page = { readonly state: 'held' | 'released' | 'dropped'; readonly after: Place | null };

/** Events of a club in quarantine, in the order of its logs, a page behind `after`; null where there is no such club. */
export async function clubQuarantine(cloud: CloudCore, of: OfClub, { state, after }: Page) {
  return inTenant(cloud.pool, of.org, async (tenant) => {
    const { db, org } = tenant;
    if (!(await isClub(tenant, of.club))) return null;
    const ours = and(eq(quarantine.org, org), eq(quarantine.state, state), eq(edgeLog.club, of.club));
    const afterLog = db
      .select({ log: edgeLog.log })
      .from(edgeLog)
      .where(and(eq(edgeLog.org, org), eq(edgeLog.logId, after?.log ?? '')));
    const behind = after && sql`(${quarantine.log}, ${quarantine.seq}) > ((${afterLog}), ${after.seq}::bigint)`;
    const rows = await db
      .select({ row: quarantine, logId: edgeLog.logId, line: event.line })
      .from(quarantine)
      .innerJoin(edgeLog, and(eq(edgeLog.org, quarantine.org), eq(edgeLog.log, quarantine.log)))
      .innerJoin(
        event,
        and(eq(event.org, quarantine.org), eq(event.log, quarantine.log), eq(event.seq, quarantine.seq)),
      )
      .where(behind ? and(ours, behind) : ours)
      .orderBy(asc(quarantine.log), asc(quarantine.seq))
      .limit(limits.quarantinePageMax);
    return rows.map(({ row, logId, line }) => ({
      log: logId,
      seq: row.seq,
      aggregate: row.aggregate,
      reason: row.reason,
      foundAt: row.foundAt.toISOString(),
      why: row.why,
      decidedAt: row.decidedAt?.toISOString() ?? null,
      line,
    }));
  });
}
