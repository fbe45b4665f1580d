import { and, eq, isNull, ne, sql } from 'drizzle-orm';
import type { DayTotals } from '#shared/domain/event.ts';
import type { LooseEnds } from '#shared/domain/business-day.ts';
import { nightTotals } from '#shared/domain/night-report.ts';
import type { Db } from '../db/open.ts';
import { attendance, businessDay, drawerSession, nightCount, nightTotal, roomSession, stageSet } from '../db/schema.ts';
import { nightPlace } from '../db/cash-schema.ts';
import { balance } from '../db/schema.ts';
import { nothing, type Appliers } from './applier.ts';
import { clearNight } from './stage.ts';
import { values } from './values.ts';

export function businessDayReads(db: Db) {
  // Asked with every command. The state stands in the text, because a partial index is not used for a bound value.
  const open = db
    .select()
    .from(businessDay)
    .where(sql`${businessDay.state} <> 'CLOSED'`)
    .prepare();
  const byDate = db
    .select()
    .from(businessDay)
    .where(eq(businessDay.date, sql.placeholder('date')))
    .prepare();
  const nights = db.select().from(businessDay).orderBy(businessDay.openedAt).prepare();
  const totals = db
    .select()
    .from(nightTotal)
    .where(eq(nightTotal.day, sql.placeholder('day')))
    .prepare();
  const counts = db
    .select()
    .from(nightCount)
    .where(eq(nightCount.day, sql.placeholder('day')))
    .prepare();
  const dancersOwed = db
    .select({ cents: sql<number>`coalesce(sum(-${balance.cents}), 0)` })
    .from(balance)
    .where(and(sql`${balance.account} LIKE 'dancer:%'`, sql`${balance.cents} < 0`))
    .prepare();
  const totalsOf = (day: string) => new Map(totals.all({ day }).map((row) => [row.class, row.cents]));
  const countsOf = (day: string) => new Map(counts.all({ day }).map((row) => [row.type, row.n]));
  return {
    open: () => open.get(),
    used: (date: string) => byDate.get({ date }) !== undefined,
    nights: () => nights.all(),
    totalsOf,
    countsOf,
    looseEnds: looseEnds(db),
    dayTotals: (day: string): DayTotals => nightTotals(totalsOf(day), countsOf(day), dancersOwed.get()?.cents ?? 0),
  };
}

/** What is still open: a day closes only when all are zero. */
function looseEnds(db: Db): () => Omit<LooseEnds, 'carriedFees' | 'disputes'> {
  const count = sql<number>`count(*)`;
  const liveSets = db.select({ n: count }).from(stageSet).where(isNull(stageSet.endedAt)).prepare();
  const openSessions = db
    .select({ n: count })
    .from(roomSession)
    .where(sql`${roomSession.state} IN ('QUOTED', 'RUNNING', 'ENDED')`)
    .prepare();
  const here = db.select({ n: count }).from(attendance).where(eq(attendance.state, 'CHECKED_IN')).prepare();
  const openDrawers = db.select({ n: count }).from(drawerSession).where(ne(drawerSession.state, 'CLOSED')).prepare();
  return () => ({
    stageSets: liveSets.get()?.n ?? 0,
    roomSessions: openSessions.get()?.n ?? 0,
    attendances: here.get()?.n ?? 0,
    drawers: openDrawers.get()?.n ?? 0,
  });
}

type DayEvents = 'day.opened' | 'day.closing_begun' | 'day.closed' | 'day.reopened' | 'node.started';

export function businessDayApply(db: Db): Appliers<DayEvents> {
  const put = db.insert(businessDay).values(values(businessDay)).prepare();
  const setState = db
    .update(businessDay)
    .set({ state: sql`${sql.placeholder('state')}` })
    .where(eq(businessDay.day, sql.placeholder('day')))
    .prepare();
  const putPlace = db.insert(nightPlace).values(values(nightPlace)).prepare();
  const endPlace = db
    .update(nightPlace)
    .set({ toPos: sql`${sql.placeholder('pos')}` })
    .where(eq(nightPlace.day, sql.placeholder('day')))
    .prepare();
  const close = db
    .update(businessDay)
    .set({ state: 'CLOSED', closedAt: sql`${sql.placeholder('wall')}` })
    .where(eq(businessDay.day, sql.placeholder('day')))
    .prepare();
  const clearRotations = clearNight(db);
  return {
    'day.opened': ({ body }, { wall, pos }) => {
      put.run({ ...body, state: 'OPEN', openedAt: wall, closedAt: null });
      putPlace.run({ day: body.day, fromPos: pos, toPos: null });
    },
    'day.closing_begun': ({ body }) => void setState.run({ day: body.day, state: 'CLOSING' }),
    'day.reopened': ({ body }) => {
      setState.run({ day: body.day, state: 'REOPENED' });
      endPlace.run({ day: body.day, pos: null });
    },
    'day.closed': ({ body }, { wall, pos }) => {
      close.run({ day: body.day, wall });
      endPlace.run({ day: body.day, pos });
      clearRotations();
    },
    'node.started': nothing,
  };
}
