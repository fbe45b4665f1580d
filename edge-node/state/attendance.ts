import { and, eq, getTableColumns, sql } from 'drizzle-orm';
import type { Db } from '../db/open.ts';
import { checkInOverride } from '../db/policy-schema.ts';
import { attendance, houseFee } from '../db/schema.ts';
import { feeCap } from '../db/tally-schema.ts';
import type { Appliers } from './applier.ts';
import { openComing } from './shift.ts';
import { values } from './values.ts';

export function attendanceReads(db: Db) {
  const ofNight = db
    .select()
    .from(attendance)
    .where(and(eq(attendance.dancer, sql.placeholder('dancer')), eq(attendance.day, sql.placeholder('day'))))
    .prepare();
  const allOfNight = db
    .select()
    .from(attendance)
    .where(eq(attendance.day, sql.placeholder('day')))
    .prepare();
  const here = db
    .select()
    .from(attendance)
    .where(sql`${attendance.state} = 'CHECKED_IN'`)
    .prepare();
  // A cap is of the fee that the check-in assessed, which bears the attendance's own id.
  const takenOffCents = sql<number>`coalesce(${feeCap.refundedCents}, 0)`;
  const fees = () =>
    db
      .select({ ...getTableColumns(houseFee), takenOffCents })
      .from(houseFee)
      .leftJoin(feeCap, eq(feeCap.attendance, houseFee.fee));
  const fee = fees()
    .where(eq(houseFee.fee, sql.placeholder('fee')))
    .prepare();
  const feesOf = fees()
    .where(eq(houseFee.attendance, sql.placeholder('attendance')))
    .prepare();
  const unpaidOf = fees()
    .innerJoin(attendance, eq(attendance.attendance, houseFee.attendance))
    .where(and(eq(attendance.day, sql.placeholder('day')), sql`${houseFee.state} = 'ASSESSED'`))
    .prepare();
  const owed = fees()
    .where(and(eq(houseFee.dancer, sql.placeholder('dancer')), sql`${houseFee.state} IN ('ASSESSED', 'DEFERRED')`))
    .prepare();
  return {
    /** Her attendance of a business day; none where no day is open. */
    ofNight: (dancer: string, day: string | undefined) =>
      day === undefined ? undefined : ofNight.get({ dancer, day }),
    allOfNight: (day: string) => allOfNight.all({ day }),
    /** Everybody who is here now, whatever the night. */
    checkedIn: () => here.all(),
    fee: (id: string) => fee.get({ fee: id }),
    feesOf: (id: string) => feesOf.all({ attendance: id }),
    /** Every fee of a night that is neither paid, deferred nor waived. */
    unpaidOf: (day: string) => unpaidOf.all({ day }),
    /** Every fee that she still owes, of this night and of earlier ones. */
    owedBy: (dancer: string) => owed.all({ dancer }),
  };
}

export function attendanceApply(
  db: Db,
): Appliers<
  | 'attendance.checked_in'
  | 'attendance.checked_out'
  | 'attendance.settled'
  | 'house_fee.assessed'
  | 'house_fee.paid'
  | 'house_fee.deferred'
  | 'house_fee.waived'
> {
  const arrive = db
    .insert(attendance)
    .values(values(attendance))
    .onConflictDoUpdate({ target: attendance.attendance, set: { state: 'CHECKED_IN', segment: sql`excluded.segment` } })
    .prepare();
  const setState = db
    .update(attendance)
    .set({ state: sql`${sql.placeholder('state')}` })
    .where(eq(attendance.attendance, sql.placeholder('attendance')))
    .prepare();
  const { came, left } = openComing(db);
  const putOverride = db.insert(checkInOverride).values(values(checkInOverride)).prepare();
  const putFee = db.insert(houseFee).values(values(houseFee)).prepare();
  const setFee = db
    .update(houseFee)
    .set({ state: sql`${sql.placeholder('state')}` })
    .where(eq(houseFee.fee, sql.placeholder('fee')))
    .prepare();
  return {
    'attendance.checked_in': ({ body }, { pos, wall, day }) => {
      const { attendance: id, dancer, segment, eligibility, override } = body;
      if (override) putOverride.run({ pos, day, at: wall, attendance: id, dancer, eligibility, body: override });
      came(dancer, day);
      arrive.run({ attendance: id, day, dancer, segment, state: 'CHECKED_IN', checkedInAt: wall });
    },
    'attendance.checked_out': ({ body }) => {
      setState.run({ attendance: body.attendance, state: 'CHECKED_OUT' });
      left(body.dancer);
    },
    'attendance.settled': ({ body }) => {
      setState.run({ attendance: body.attendance, state: 'SETTLED' });
      for (const fee of body.fees) setFee.run({ fee, state: 'PAID' });
    },
    'house_fee.assessed': ({ body }) => void putFee.run({ ...body, state: 'ASSESSED' }),
    'house_fee.paid': ({ body }) => void setFee.run({ fee: body.fee, state: 'PAID' }),
    'house_fee.deferred': ({ body }) => void setFee.run({ fee: body.fee, state: 'DEFERRED' }),
    'house_fee.waived': ({ body }) => void setFee.run({ fee: body.fee, state: 'WAIVED' }),
  };
}
