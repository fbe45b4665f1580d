import { expect, test } from 'vitest';
import { adjustLedger } from '#shared/domain/adjustment.ts';
import { isPastCutoff, reopenDay } from '#shared/domain/business-day.ts';
import { CASH_REPORT_CENTS, cashOverLimit, cashReceivedIn } from '#shared/domain/cash-watch.ts';
import { payCarried, type PayoutFacts } from '#shared/domain/dancer-payout.ts';
import { event } from '#shared/domain/event.ts';
import { forceEnds, type LeftOpen } from '#shared/domain/forced-close.ts';
import { acknowledgeTipOut, declineTipOut, payTipOut, proposeTipOut, type TipOutFact } from '#shared/domain/tip-out.ts';
import { refuse } from '#shared/kit/decision.ts';
import { asking, CLOSING, eventOf, eventsOf, NIGHT, NOW, waiting } from '../support/rules.ts';

const DAY = 86_400_000;
const tip = (over: Partial<TipOutFact> = {}): TipOutFact => ({
  tipOut: 'tip',
  dancer: 'jade',
  to: 'dj',
  cents: 2_000,
  state: 'PROPOSED',
  proposedBy: 'dora',
  ...over,
});
const TIP = { dancer: 'jade', to: 'dj', cents: 2_000 };
const PARTIES = { dancerKnown: true, rolesOfTo: ['dj'] } as const;

test('a tip-out is proposed by somebody who gains nothing by it, and never to an owner or manager', () => {
  expect(eventOf(proposeTipOut(PARTIES, TIP, asking({ by: 'dora' }))).body).toEqual({
    tipOut: 'born',
    ...TIP,
    proposedBy: 'dora',
  });
  expect(proposeTipOut(PARTIES, TIP, asking({ by: 'dj' }))).toEqual(refuse('same_person'));
  const boss = { dancerKnown: true, rolesOfTo: ['bartender', 'manager'] } as const;
  expect(proposeTipOut(boss, TIP, asking())).toEqual(refuse('tip_out_to_boss'));
  expect(proposeTipOut({ ...PARTIES, dancerKnown: false }, TIP, asking())).toEqual(refuse('dancer_unknown'));
  expect(proposeTipOut({ ...PARTIES, rolesOfTo: undefined }, TIP, asking())).toEqual(refuse('staff_unknown'));
});

test('only who gets a tip-out agrees to it, once', () => {
  expect(acknowledgeTipOut(tip(), asking({ by: 'dj' })).ok).toBe(true);
  expect(acknowledgeTipOut(tip(), asking({ by: 'max' }))).toEqual(refuse('not_yours'));
  expect(acknowledgeTipOut(tip({ state: 'ACKNOWLEDGED' }), asking({ by: 'dj' }))).toEqual(
    refuse('tip_out_not_proposed'),
  );
});

test('a tip-out over a drawer comes out of what she is owed, one from hand to hand out of nothing of the club', () => {
  const facts = { tipOut: tip({ state: 'ACKNOWLEDGED' }), balanceCents: -2_000, drawerCents: 2_000 };
  expect(eventOf(payTipOut(facts, { drawer: 'bar' }, asking())).body.postings).toEqual([
    { account: 'dancer:jade', cents: 2_000 },
    { account: 'cash_drawer:bar', cents: -2_000 },
  ]);
  const byHand = { ...facts, balanceCents: 0, drawerCents: null };
  expect(eventOf(payTipOut(byHand, { drawer: null }, asking({ day: null }))).body.postings).toEqual([]);
  const over = { drawer: 'bar' };
  expect(payTipOut({ ...facts, balanceCents: -1_999 }, over, asking())).toEqual(refuse('balance_too_low'));
  expect(payTipOut({ ...facts, drawerCents: 1_999 }, over, asking())).toEqual(refuse('not_enough_cash'));
  expect(payTipOut({ ...facts, drawerCents: null }, over, asking())).toEqual(refuse('drawer_not_open'));
  expect(payTipOut(facts, over, asking({ day: null }))).toEqual(refuse('day_not_open'));
});

test.each(['PROPOSED', 'PAID', 'DECLINED'] as const)('a tip-out that is %s is not paid', (state) => {
  const facts = { tipOut: tip({ state }), balanceCents: -9_000, drawerCents: 9_000 };
  expect(payTipOut(facts, { drawer: 'bar' }, asking())).toEqual(refuse('tip_out_not_acknowledged'));
});

test('a tip-out is voluntary to its end: each side declines until it is paid', () => {
  for (const by of ['dj', 'dora']) expect(declineTipOut(tip(), false, asking({ by })).ok).toBe(true);
  expect(declineTipOut(tip({ state: 'ACKNOWLEDGED' }), true, asking({ by: 'max' })).ok).toBe(true);
  expect(declineTipOut(tip(), false, asking({ by: 'helen' }))).toEqual(refuse('not_yours'));
  expect(declineTipOut(tip({ state: 'PAID' }), true, asking())).toEqual(refuse('tip_out_done'));
  expect(declineTipOut(undefined, true, asking())).toEqual(refuse('tip_out_unknown'));
});

const OWED: PayoutFacts = {
  known: true,
  tonight: undefined,
  balanceCents: -13_000,
  drawerCents: 50_000,
  unsettled: ['last night'],
  fees: ['fee'],
};
const PAYOUT = { dancer: 'jade', cents: 13_000, drawer: 'bar' };

test('a carried balance is paid later, whole, and then her old nights and fees are settled', () => {
  expect(eventOf(payCarried(OWED, PAYOUT, asking())).body).toEqual({
    ...PAYOUT,
    attendances: ['last night'],
    fees: ['fee'],
    postings: [
      { account: 'dancer:jade', cents: 13_000 },
      { account: 'cash_drawer:bar', cents: -13_000 },
    ],
  });
});

test('a part of a carried balance settles nothing yet', () => {
  expect(eventOf(payCarried(OWED, { ...PAYOUT, cents: 12_999 }, asking())).body).toMatchObject({
    attendances: [],
    fees: [],
  });
});

test.each([
  [{ known: false }, 'dancer_unknown'],
  [{ tonight: 'CHECKED_IN' }, 'settle_tonight'],
  [{ tonight: 'CHECKED_OUT' }, 'settle_tonight'],
  [{ balanceCents: -12_999 }, 'balance_too_low'],
  [{ balanceCents: 13_000 }, 'balance_too_low'],
  [{ drawerCents: null }, 'drawer_not_open'],
  [{ drawerCents: 12_999 }, 'not_enough_cash'],
] as const)('a payout with %j is refused: %s', (facts, refusal) => {
  expect(payCarried({ ...OWED, ...facts }, PAYOUT, asking())).toEqual(refuse(refusal));
});

test('nothing is paid between two nights', () => {
  expect(payCarried(OWED, PAYOUT, asking({ day: null }))).toEqual(refuse('day_not_open'));
});

const BOOKED = { correctsKnown: true, dancerKnown: (dancer: string) => dancer === 'jade' };
const lines = (...postings: readonly (readonly [string, number])[]) => ({
  corrects: 'event',
  reason: 'booked twice',
  postings: postings.map(([account, cents]) => ({ account, cents })),
});

test('an adjustment names what it corrects and whom it is about', () => {
  const adjusted = eventOf(adjustLedger(BOOKED, lines(['dancer:jade', 500], ['room_income', -500]), asking()));
  expect(adjusted.body.corrects).toBe('event');
  expect(adjusted.sub).toEqual(['jade']);
});

test.each([
  [
    [
      ['safe', 1],
      ['over_short', 1],
    ],
    'entry_unbalanced',
  ],
  [
    [
      ['safe', 0],
      ['over_short', 0],
    ],
    'entry_unbalanced',
  ],
  [
    [
      ['cash_drawer:bar', 1],
      ['safe', -1],
    ],
    'account_not_adjustable',
  ],
  [
    [
      ['dancer:nobody', 1],
      ['safe', -1],
    ],
    'account_not_adjustable',
  ],
  [
    [
      ['pocket', 1],
      ['safe', -1],
    ],
    'account_not_adjustable',
  ],
  [
    [
      ['safe:back', 1],
      ['safe', -1],
    ],
    'account_not_adjustable',
  ],
  [
    [
      ['cash_drawer', 1],
      ['safe', -1],
    ],
    'account_not_adjustable',
  ],
] as const)('an adjustment of %j is refused: %s', (postings, refusal) => {
  expect(adjustLedger(BOOKED, lines(...postings), asking())).toEqual(refuse(refusal));
});

test('an adjustment needs a night that is open and an entry that is there', () => {
  const command = lines(['safe', 1], ['over_short', -1]);
  expect(adjustLedger(BOOKED, command, asking({ day: null }))).toEqual(refuse('day_not_open'));
  expect(adjustLedger({ ...BOOKED, correctsKnown: false }, command, asking())).toEqual(refuse('ledger_entry_unknown'));
});

test('a closed night is reopened with a reason, when no other is open', () => {
  const night = { ...NIGHT, state: 'CLOSED' } as const;
  const command = { reason: 'a drawer was forgotten' };
  const none = asking({ day: null });
  expect(eventOf(reopenDay(night, command, none)).body).toEqual({ day: 'night', date: NIGHT.date, ...command });
  expect(reopenDay(night, { reason: ' ' }, none)).toEqual(refuse('reason_missing'));
  expect(reopenDay(night, command, asking())).toEqual(refuse('day_open_already'));
  expect(reopenDay({ ...night, state: 'CLOSING' }, command, none)).toEqual(refuse('night_not_closed'));
  expect(reopenDay(undefined, command, none)).toEqual(refuse('night_unknown'));
});

test.each([
  ['00:30', false],
  ['05:59', false],
  ['06:00', true],
  ['12:00', true],
])('a night that is still open at %s is past its cutoff: %s', (time, isPast) => {
  const club = { tz: 'America/New_York', cutoffMinutes: 360 };
  expect(isPastCutoff('2026-11-21', club, Date.parse(`2026-11-22T${time}:00-05:00`))).toBe(isPast);
});

const session = { room: 'vip', dancers: ['jade'], minutes: 30, segments: 1, plannedEnd: NOW };
const price = { grossCents: 0, houseCents: 0, taxCents: 0, shares: [] };
const LEFT: LeftOpen = {
  sets: [{ live: { set: 'set', entry: 'e', stage: 'main', dancer: 'star' }, entries: [waiting('e')] }],
  sessions: [
    { ...session, price, session: 'quoted', state: 'QUOTED', plannedEnd: null },
    { ...session, price, session: 'running', state: 'RUNNING' },
    { ...session, price, session: 'unpaid', state: 'ENDED' },
  ],
  disputed: [{ session: 'unpaid', room: 'vip', dancers: ['jade'] }],
  here: [{ attendance: 'a', dancer: 'jade' }],
  unpaidFees: [],
  capped: [],
  drawers: ['bar'],
};

test('a forced close ends what runs and leaves what would need made-up money, by name', () => {
  const events = eventsOf(forceEnds(LEFT, { reason: 'nobody closed' }, asking({ day: CLOSING })));
  expect(events.map(({ type }) => type)).toEqual([
    'stage_set.ended',
    'room_session.cancelled',
    'room_session.ended',
    'attendance.checked_out',
    'room_session.left_disputed',
    'day.force_closed',
  ]);
  expect(events.filter(({ body }) => 'postings' in body)).toEqual([]);
  expect(events.at(-2)?.body).toEqual({ ...LEFT.disputed[0], day: NIGHT.day });
  expect(events.at(-1)?.body).toMatchObject({
    stageSets: ['set'],
    roomSessions: ['quoted', 'running'],
    attendances: ['a'],
    leftDrawers: ['bar'],
    leftRoomSessions: ['running', 'unpaid'],
  });
});

test('a close is forced with a reason, of a night that is closing', () => {
  expect(forceEnds(LEFT, { reason: 'x' }, asking())).toEqual(refuse('day_not_closing'));
  expect(forceEnds(LEFT, { reason: 'x' }, asking({ day: null }))).toEqual(refuse('day_not_open'));
  expect(forceEnds(LEFT, { reason: ' ' }, asking({ day: CLOSING }))).toEqual(refuse('reason_missing'));
});

const paid = (payer: string, cents: number, at: number) => ({ payer, cents, at });

test('cash of one payer is reported when it is over the limit within a day, to the cent', () => {
  expect(cashOverLimit([paid('a', CASH_REPORT_CENTS, 0)])).toEqual([]);
  expect(cashOverLimit([paid('a', CASH_REPORT_CENTS + 1, 5)])).toEqual([
    { payer: 'a', cents: CASH_REPORT_CENTS + 1, payments: 1, overAt: 5, reportBy: 5 + 15 * DAY },
  ]);
  const half = CASH_REPORT_CENTS / 2;
  const late = [paid('a', half, DAY - 1), paid('a', half, 0), paid('a', 1, 3)];
  expect(cashOverLimit(late)).toMatchObject([{ cents: CASH_REPORT_CENTS + 1, payments: 3, overAt: DAY - 1 }]);
});

test('payments of two payers, or of one a day apart, are not related', () => {
  const half = CASH_REPORT_CENTS / 2 + 1;
  expect(cashOverLimit([paid('a', half, 0), paid('b', half, 0)])).toEqual([]);
  expect(cashOverLimit([paid('a', half, 0), paid('a', half, DAY)])).toEqual([]);
});

test('only cash that came in counts, and a payer is a session or a dancer, never a name', () => {
  const body = { session: 's', room: 'r', method: 'cash', tipCents: 0 } as const;
  const line = (account: string, cents: number) => ({ account, cents });
  const cash = event('room_session.settled', { ...body, postings: [line('cash_drawer:bar', 9), line('safe', -9)] });
  expect(cashReceivedIn(cash)).toEqual({ payer: 'room_session:s', cents: 9 });
  const card = event('room_session.settled', { ...body, postings: [line('card_clearing', 9), line('safe', -9)] });
  expect(cashReceivedIn(card)).toBeNull();
  const out = { attendance: 'a', dancer: 'jade', paidOutCents: 9, fees: [] };
  const settled = { ...out, postings: [line('cash_drawer:bar', -9), line('dancer:jade', 9)] };
  expect(cashReceivedIn(event('attendance.settled', settled))).toBeNull();
  const owing = { ...out, paidOutCents: -9, postings: [line('cash_drawer:bar', 9), line('dancer:jade', -9)] };
  expect(cashReceivedIn(event('attendance.settled', owing))).toEqual({ payer: 'dancer:jade', cents: 9 });
});
