import { expect, test } from 'vitest';
import {
  checkIn,
  checkOut,
  settleAttendance,
  type AttendanceFact,
  type CheckInFacts,
  type CheckOutFacts,
  type SettleFacts,
} from '#shared/domain/attendance.ts';
import type { FeeFact } from '#shared/domain/house-fee.ts';
import { refuse } from '#shared/kit/decision.ts';
import { ALLOWED, asking, BLOCKED, CLOSING, eventOf, eventsOf } from '../support/rules.ts';

const JADE = { dancer: 'jade' };
const NEW: CheckInFacts = { known: true, tonight: undefined, eligibility: ALLOWED, houseFeeCents: 6_000 };
const HERE: AttendanceFact = { attendance: 'att', dancer: 'jade', state: 'CHECKED_IN', segment: 1 };
const OUT: AttendanceFact = { ...HERE, state: 'CHECKED_OUT' };
const fee = (state: FeeFact['state'], id = 'fee'): FeeFact => ({
  fee: id,
  dancer: 'jade',
  cents: 6_000,
  takenOffCents: 0,
  state,
});

test('the first check-in of a night assesses the house fee', () => {
  const [arrived, assessed] = eventsOf(checkIn(NEW, JADE, asking()));
  expect(arrived).toMatchObject({
    type: 'attendance.checked_in',
    sub: ['jade'],
    body: { attendance: 'born', dancer: 'jade', segment: 1, eligibility: ALLOWED },
  });
  expect(assessed).toMatchObject({
    type: 'house_fee.assessed',
    body: {
      attendance: 'born',
      dancer: 'jade',
      cents: 6_000,
      rule: 'price_list.house_fee',
      postings: [
        { account: 'dancer:jade', cents: 6_000 },
        { account: 'house_fee_income', cents: -6_000 },
      ],
    },
  });
});

test.each(['CHECKED_OUT', 'SETTLED'] as const)(
  'coming back after %s opens the same attendance with a new segment and no second fee',
  (state) => {
    const again = checkIn({ ...NEW, tonight: { ...HERE, state, segment: 2 } }, JADE, asking());
    expect(eventOf(again)).toMatchObject({ type: 'attendance.checked_in', body: { attendance: 'att', segment: 3 } });
  },
);

test('she is checked in once', () => {
  expect(checkIn({ ...NEW, tonight: HERE }, JADE, asking())).toEqual(refuse('already_checked_in'));
});

test('nobody is checked in past a BLOCK, also when she was here before tonight', () => {
  expect(checkIn({ ...NEW, eligibility: BLOCKED }, JADE, asking())).toEqual(refuse('not_eligible'));
  expect(checkIn({ ...NEW, eligibility: BLOCKED, tonight: OUT }, JADE, asking())).toEqual(refuse('not_eligible'));
});

test('a warning is kept with the check-in and stops nobody', () => {
  const eligibility = { ...ALLOWED, verdict: 'WARN' as const };
  expect(eventsOf(checkIn({ ...NEW, eligibility }, JADE, asking()))[0]?.body).toMatchObject({
    eligibility: { verdict: 'WARN' },
  });
});

test('nobody is checked in who is unknown, without a night, or while it closes', () => {
  expect(checkIn({ ...NEW, known: false }, JADE, asking())).toEqual(refuse('dancer_unknown'));
  expect(checkIn(NEW, JADE, asking({ day: null }))).toEqual(refuse('day_not_open'));
  expect(checkIn(NEW, JADE, asking({ day: CLOSING }))).toEqual(refuse('day_closing'));
});

const LEAVING: CheckOutFacts = {
  tonight: HERE,
  onStage: false,
  inRoom: false,
  roomUnsettled: false,
  fees: [fee('PAID')],
  isCapped: false,
  entries: [],
};

test('checking out takes her out of every rotation first', () => {
  const events = eventsOf(checkOut({ ...LEAVING, entries: ['e1', 'e2'] }));
  expect(events.map(({ type }) => type)).toEqual(['rotation.removed', 'rotation.removed', 'attendance.checked_out']);
  expect(events[0]?.body).toEqual({ entry: 'e1', reason: 'left' });
});

test.each([
  [{ tonight: undefined }, 'not_checked_in'],
  [{ tonight: OUT }, 'not_checked_in'],
  [{ onStage: true }, 'on_stage'],
  [{ inRoom: true }, 'in_room'],
  [{ roomUnsettled: true }, 'room_session_open'],
  [{ fees: [fee('ASSESSED')] }, 'house_fee_open'],
] as const)('with %j she may not leave: %s', (over, refusal) => {
  expect(checkOut({ ...LEAVING, ...over })).toEqual(refuse(refusal));
});

test.each(['PAID', 'DEFERRED', 'WAIVED'] as const)('with a fee that is %s she may leave', (state) => {
  expect(eventOf(checkOut({ ...LEAVING, fees: [fee(state)] })).type).toBe('attendance.checked_out');
});

const SETTLING: SettleFacts = { tonight: OUT, fees: [], balanceCents: -12_500, drawerCents: 50_000 };

test('the club pays out what it owes her', () => {
  expect(eventOf(settleAttendance(SETTLING, { drawer: 'bar' })).body).toEqual({
    attendance: 'att',
    dancer: 'jade',
    paidOutCents: 12_500,
    fees: [],
    postings: [
      { account: 'cash_drawer:bar', cents: -12_500 },
      { account: 'dancer:jade', cents: 12_500 },
    ],
  });
});

test('she pays what she still owes, and the deferred fees are paid with it', () => {
  const settled = settleAttendance(
    { ...SETTLING, balanceCents: 12_000, fees: [fee('DEFERRED', 'old'), fee('DEFERRED', 'new'), fee('PAID', 'paid')] },
    { drawer: 'bar' },
  );
  expect(eventOf(settled).body).toMatchObject({
    paidOutCents: -12_000,
    fees: ['old', 'new'],
    postings: [
      { account: 'cash_drawer:bar', cents: 12_000 },
      { account: 'dancer:jade', cents: -12_000 },
    ],
  });
});

test('a balance of nothing settles without a posting', () => {
  expect(eventOf(settleAttendance({ ...SETTLING, balanceCents: 0 }, { drawer: 'bar' })).body.postings).toEqual([]);
});

test('a drawer pays out to its last cent and not one more', () => {
  expect(eventOf(settleAttendance({ ...SETTLING, drawerCents: 12_500 }, { drawer: 'bar' })).body.paidOutCents).toBe(
    12_500,
  );
  expect(settleAttendance({ ...SETTLING, drawerCents: 12_499 }, { drawer: 'bar' })).toEqual(refuse('not_enough_cash'));
});

test.each([
  [{ tonight: undefined }, 'not_checked_in'],
  [{ tonight: HERE }, 'not_checked_out'],
  [{ tonight: { ...HERE, state: 'SETTLED' } }, 'settled_already'],
  [{ drawerCents: null }, 'drawer_not_open'],
] as const)('with %j she is not settled: %s', (over, refusal) => {
  expect(settleAttendance({ ...SETTLING, ...over }, { drawer: 'bar' })).toEqual(refuse(refusal));
});
