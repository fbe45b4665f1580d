import { and, asc, between, desc, eq, isNull, lte, sql } from 'drizzle-orm';
import type { ShiftBodies } from '#shared/domain/shift-events.ts';
import type { Db } from '../db/open.ts';
import { feePass, feeSchedule, onBreak, shift, shiftSwap } from '../db/shift-schema.ts';
import { houseFee } from '../db/schema.ts';
import type { Appliers } from './applier.ts';
import { values } from './values.ts';

export function shiftReads(db: Db) {
  const byId = db
    .select()
    .from(shift)
    .where(eq(shift.shift, sql.placeholder('shift')))
    .prepare();
  const ofNight = db
    .select()
    .from(shift)
    .where(and(eq(shift.date, sql.placeholder('date')), eq(shift.dancer, sql.placeholder('dancer'))))
    .prepare();
  const range = db
    .select()
    .from(shift)
    .where(between(shift.date, sql.placeholder('from'), sql.placeholder('to')))
    .orderBy(asc(shift.date), asc(shift.fromMinutes))
    .prepare();
  const swap = db
    .select()
    .from(shiftSwap)
    .where(eq(shiftSwap.swap, sql.placeholder('swap')))
    .prepare();
  const swapsOf = db
    .select()
    .from(shiftSwap)
    .where(eq(shiftSwap.shift, sql.placeholder('shift')))
    .prepare();
  const resting = db
    .select()
    .from(onBreak)
    .where(eq(onBreak.dancer, sql.placeholder('dancer')))
    .prepare();
  const schedule = db
    .select()
    .from(feeSchedule)
    .where(lte(feeSchedule.effectiveFrom, sql.placeholder('date')))
    .orderBy(desc(feeSchedule.effectiveFrom))
    .limit(1)
    .prepare();
  const pass = db
    .select()
    .from(feePass)
    .where(and(eq(feePass.dancer, sql.placeholder('dancer')), isNull(feePass.usedFor)))
    .orderBy(asc(feePass.pass))
    .limit(1)
    .prepare();
  return {
    shift: (id: string) => byId.get({ shift: id }),
    shiftsOf: (dancer: string, date: string) => ofNight.all({ dancer, date }),
    /** Both dates included. */
    between: (from: string, to: string) => range.all({ from, to }),
    swap: (id: string) => swap.get({ swap: id }),
    swapsOf: (id: string) => swapsOf.all({ shift: id }),
    isOnBreak: (dancer: string) => resting.get({ dancer }) !== undefined,
    feeSchedule: (date: string) => schedule.get({ date }),
    /** The oldest pass of hers that was not used. */
    freePass: (dancer: string) => pass.get({ dancer })?.pass ?? null,
  };
}

/** What else ends or changes with a dancer's coming and going. */
export function openComing(db: Db) {
  const cameOn = db
    .update(shift)
    .set({ state: 'CAME' })
    .where(
      and(
        eq(shift.dancer, sql.placeholder('dancer')),
        eq(shift.state, 'SCHEDULED'),
        sql`${shift.date} = (SELECT date FROM business_day WHERE day = ${sql.placeholder('day')})`,
      ),
    )
    .prepare();
  const rested = db
    .delete(onBreak)
    .where(eq(onBreak.dancer, sql.placeholder('dancer')))
    .prepare();
  return {
    came: (dancer: string, day: string | null): void => void cameOn.run({ dancer, day }),
    left: (dancer: string): void => void rested.run({ dancer }),
  };
}

export function shiftApply(db: Db): Appliers<keyof ShiftBodies> {
  const put = db.insert(shift).values(values(shift)).prepare();
  const set = db
    .update(shift)
    .set({ state: sql`${sql.placeholder('state')}` })
    .where(eq(shift.shift, sql.placeholder('shift')))
    .prepare();
  const give = db
    .update(shift)
    .set({ dancer: sql`${sql.placeholder('to')}` })
    .where(eq(shift.shift, sql.placeholder('shift')))
    .prepare();
  // Who is here already works the shift that she is put down for, or takes, tonight.
  const cameBefore = db
    .update(shift)
    .set({ state: 'CAME' })
    .where(
      and(
        eq(shift.shift, sql.placeholder('shift')),
        sql`EXISTS (SELECT 1 FROM attendance JOIN business_day USING (day)
          WHERE attendance.dancer = ${shift.dancer} AND business_day.date = ${shift.date})`,
      ),
    )
    .prepare();
  const putSwap = db.insert(shiftSwap).values(values(shiftSwap)).prepare();
  const setSwap = db
    .update(shiftSwap)
    .set({ state: sql`${sql.placeholder('state')}` })
    .where(eq(shiftSwap.swap, sql.placeholder('swap')))
    .prepare();
  const rest = db.insert(onBreak).values(values(onBreak)).prepare();
  const { left } = openComing(db);
  return {
    'attendance.break_begun': ({ body }, { wall }) => void rest.run({ ...body, since: wall }),
    'attendance.break_ended': ({ body }) => left(body.dancer),
    'attendance.sent_home': () => undefined,
    'shift.scheduled': ({ body }) => {
      put.run({ ...body, state: 'SCHEDULED' });
      cameBefore.run({ shift: body.shift });
    },
    'shift.cancelled': ({ body }) => void set.run({ shift: body.shift, state: 'CANCELLED' }),
    'shift.missed': ({ body }) => void set.run({ shift: body.shift, state: 'NO_SHOW' }),
    'shift.swap_requested': ({ body }) => void putSwap.run({ ...body, state: 'REQUESTED' }),
    'shift.swap_agreed': ({ body }) => void setSwap.run({ swap: body.swap, state: 'AGREED' }),
    'shift.swap_declined': ({ body }) => void setSwap.run({ swap: body.swap, state: 'DECLINED' }),
    'shift.swapped': ({ body }) => {
      setSwap.run({ swap: body.swap, state: 'APPROVED' });
      give.run({ shift: body.shift, to: body.to });
      cameBefore.run({ shift: body.shift });
    },
    ...feeScheduleApply(db),
  };
}

function feeScheduleApply(db: Db): Appliers<'fee_schedule.set' | 'fee_pass.given' | 'fee_pass.used'> {
  const put = db
    .insert(feeSchedule)
    .values(values(feeSchedule))
    .onConflictDoUpdate({ target: feeSchedule.effectiveFrom, set: { windows: sql`excluded.windows` } })
    .prepare();
  const give = db.insert(feePass).values(values(feePass)).prepare();
  const use = db
    .update(feePass)
    .set({ usedFor: sql`${sql.placeholder('fee')}` })
    .where(eq(feePass.pass, sql.placeholder('pass')))
    .prepare();
  const waive = db
    .update(houseFee)
    .set({ state: 'WAIVED' })
    .where(eq(houseFee.fee, sql.placeholder('fee')))
    .prepare();
  return {
    'fee_schedule.set': ({ body }) => void put.run(body),
    'fee_pass.given': ({ body }) => void give.run({ pass: body.pass, dancer: body.dancer, usedFor: null }),
    'fee_pass.used': ({ body }) => {
      use.run({ pass: body.pass, fee: body.fee });
      waive.run({ fee: body.fee });
    },
  };
}
