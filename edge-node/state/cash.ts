import { eq, gte, sql } from 'drizzle-orm';
import { NO_LIMITS } from '#shared/domain/cash-limit.ts';
import { cashReceivedIn, type CashReceipt } from '#shared/domain/cash-watch.ts';
import type { ClubEvent } from '#shared/domain/event.ts';
import { attendance, houseFee } from '../db/schema.ts';
import { cashLimit, cashReceipt, tipOut, zReport } from '../db/cash-schema.ts';
import { hot } from '../db/hot.ts';
import type { Db } from '../db/open.ts';
import { nothing, type Applied, type Appliers } from './applier.ts';
import { values } from './values.ts';

const ONLY = 'club';

export function cashReads(db: Db) {
  const limits = db.select().from(cashLimit).prepare();
  const tipOutById = db
    .select()
    .from(tipOut)
    .where(eq(tipOut.tipOut, sql.placeholder('id')))
    .prepare();
  const waiting = db
    .select()
    .from(tipOut)
    .where(sql`${tipOut.state} IN ('PROPOSED', 'ACKNOWLEDGED')`)
    .prepare();
  const unsettled = db
    .select({ attendance: attendance.attendance, dancer: attendance.dancer })
    .from(attendance)
    .where(sql`${attendance.state} = 'CHECKED_OUT' AND ${attendance.dancer} = ${sql.placeholder('dancer')}`)
    .prepare();
  const receipts = db
    .select()
    .from(cashReceipt)
    .where(gte(cashReceipt.at, sql.placeholder('since')))
    .prepare();
  const lastOfDrawer = db.$client
    .prepare<[string], number>("SELECT coalesce(max(z), 0) FROM z_report WHERE scope = 'drawer' AND owner = ?")
    .pluck();
  const lastOfNights = db.$client
    .prepare<[], number>("SELECT coalesce(max(z), 0) FROM z_report WHERE scope = 'night'")
    .pluck();
  const ofDay = db.$client.prepare<[string], KeptRow>(
    `SELECT z.pos, z.scope, z.owner AS "of", z.z, z.at, z.report, hex(e.hash) AS hash
     FROM z_report AS z JOIN event AS e ON e.pos = z.pos WHERE z.day = ? ORDER BY z.pos`,
  );
  return {
    limits: () => limits.get() ?? NO_LIMITS,
    tipOut: (id: string) => tipOutById.get({ id }),
    /** Tip-outs that are neither paid nor declined. */
    tipOutsWaiting: () => waiting.all(),
    /** Nights that she left without being settled. */
    unsettledOf: (dancer: string) => unsettled.all({ dancer }).map((row) => row.attendance),
    receiptsSince: (since: number): readonly CashReceipt[] => receipts.all({ since }),
    lastZOfDrawer: (drawer: string) => lastOfDrawer.get(drawer) ?? 0,
    lastZOfNights: () => lastOfNights.get() ?? 0,
    zReportsOf: (day: string) =>
      ofDay
        .all(day)
        .map((row) => ({ ...row, hash: row.hash.toLowerCase(), report: JSON.parse(row.report) as unknown })),
  };
}
type KeptRow = {
  readonly pos: number;
  readonly scope: 'drawer' | 'night';
  readonly of: string;
  readonly z: number;
  readonly at: number;
  readonly report: string;
  readonly hash: string;
};

type CashEvents =
  | 'cash_limits.set'
  | 'drawer.reported'
  | 'day.reported'
  | 'day.force_closed'
  | 'tip_out.proposed'
  | 'tip_out.acknowledged'
  | 'tip_out.paid'
  | 'tip_out.declined'
  | 'dancer.paid_out'
  | 'ledger.adjusted';

export function cashApply(db: Db): Appliers<CashEvents> {
  const limits = db
    .insert(cashLimit)
    .values(values(cashLimit))
    .onConflictDoUpdate({
      target: cashLimit.id,
      set: {
        paidOutCents: sql`excluded.paid_out_cents`,
        overShortCents: sql`excluded.over_short_cents`,
        drawerCents: sql`excluded.drawer_cents`,
      },
    })
    .prepare();
  const keep = db.insert(zReport).values(values(zReport)).prepare();
  const propose = db.insert(tipOut).values(values(tipOut)).prepare();
  const setTipOut = db
    .update(tipOut)
    .set({ state: sql`${sql.placeholder('state')}` })
    .where(eq(tipOut.tipOut, sql.placeholder('id')))
    .prepare();
  const settle = db
    .update(attendance)
    .set({ state: 'SETTLED' })
    .where(eq(attendance.attendance, sql.placeholder('id')))
    .prepare();
  const payFee = db
    .update(houseFee)
    .set({ state: 'PAID' })
    .where(eq(houseFee.fee, sql.placeholder('id')))
    .prepare();
  return {
    'cash_limits.set': ({ body }) => void limits.run({ id: ONLY, ...body }),
    'drawer.reported': ({ body }, { pos, day, wall }) => {
      const { drawer, z, report } = body;
      keep.run({ pos, scope: 'drawer', owner: drawer, z, day, at: wall, report });
    },
    'day.reported': ({ body }, { pos, wall }) => {
      const { day, z, report } = body;
      keep.run({ pos, scope: 'night', owner: day, z, day, at: wall, report });
    },
    'day.force_closed': nothing,
    'tip_out.proposed': ({ body }) => void propose.run({ ...body, state: 'PROPOSED' }),
    'tip_out.acknowledged': ({ body }) => void setTipOut.run({ id: body.tipOut, state: 'ACKNOWLEDGED' }),
    'tip_out.paid': ({ body }) => void setTipOut.run({ id: body.tipOut, state: 'PAID' }),
    'tip_out.declined': ({ body }) => void setTipOut.run({ id: body.tipOut, state: 'DECLINED' }),
    'dancer.paid_out': ({ body }) => {
      for (const id of body.attendances) settle.run({ id });
      for (const id of body.fees) payFee.run({ id });
    },
    'ledger.adjusted': nothing,
  };
}

/** Beside its own meaning, an event may bring cash from a payer. */
export function openReceipts(db: Db): (event: ClubEvent, at: Applied) => void {
  const put = hot(db, db.insert(cashReceipt).values(values(cashReceipt)));
  return (event, { pos, wall }) => {
    const received = cashReceivedIn(event);
    if (received) put.run({ pos, ...received, at: wall });
  };
}
