import { expect, test } from 'vitest';
import { NO_LIMITS, setCashLimits } from '#shared/domain/cash-limit.ts';
import { openWithoutSale, payIn, payOut, type PayOutFacts } from '#shared/domain/drawer-cash.ts';
import {
  explainDrawer,
  handOverDrawer,
  mustExplain,
  recountDrawer,
  type CountedFact,
} from '#shared/domain/drawer-count.ts';
import { drawerReport, maySeeExpected } from '#shared/domain/drawer-report.ts';
import type { DrawerFact } from '#shared/domain/drawer.ts';
import { refuse } from '#shared/kit/decision.ts';
import { asking, eventOf } from '../support/rules.ts';

const OPEN: DrawerFact = { drawerSession: 'ds', drawer: 'bar', state: 'OPENED', expectedCents: 45_000 };
const counted = (over: Partial<CountedFact> = {}): CountedFact => ({
  ...OPEN,
  state: 'COUNTED',
  expectedCents: 44_800,
  counters: ['ben'],
  overShortCents: -200,
  isExplained: false,
  ...over,
});
const ICE = { cents: 5_000, reason: 'ice', approver: null };
const paying = (over: Partial<PayOutFacts> = {}): PayOutFacts => ({
  drawer: OPEN,
  limitCents: 4_000,
  byIsBoss: false,
  approverIsBoss: false,
  ...over,
});

test('change comes from the safe', () => {
  expect(eventOf(payIn(OPEN, { cents: 700, reason: 'coins' })).body.postings).toEqual([
    { account: 'cash_drawer:bar', cents: 700 },
    { account: 'safe', cents: -700 },
  ]);
});

test('a paid-out is an expense, with its reason', () => {
  const { body } = eventOf(payOut(paying({ limitCents: null }), ICE));
  expect(body).toMatchObject({ cents: 5_000, reason: 'ice', approver: null });
  expect(body.postings).toEqual([
    { account: 'paid_outs', cents: 5_000 },
    { account: 'cash_drawer:bar', cents: -5_000 },
  ]);
});

test('a paid-out above the limit needs a second person who may, and at the limit none', () => {
  expect(payOut(paying(), ICE)).toEqual(refuse('approver_missing'));
  expect(payOut(paying(), { ...ICE, approver: 'ann' })).toEqual(refuse('approver_not_allowed'));
  const allowed = payOut(paying({ approverIsBoss: true }), { ...ICE, approver: 'max' });
  expect(eventOf(allowed).body.approver).toBe('max');
  expect(payOut(paying({ byIsBoss: true }), ICE).ok).toBe(true);
  expect(payOut(paying({ limitCents: 5_000 }), ICE).ok).toBe(true);
});

test('a drawer never pays more than it has', () => {
  expect(payOut(paying({ limitCents: null }), { ...ICE, cents: 45_001 })).toEqual(refuse('not_enough_cash'));
});

test('a drawer that is opened without a sale books nothing and says why', () => {
  expect(eventOf(openWithoutSale(OPEN, { reason: 'change for a guest' })).body).toEqual({
    drawerSession: 'ds',
    drawer: 'bar',
    reason: 'change for a guest',
  });
});

test.each([
  [undefined, 'drawer_not_open'],
  [{ ...OPEN, state: 'CLOSED' }, 'drawer_not_open'],
  [{ ...OPEN, state: 'COUNTED' }, 'drawer_counted'],
] as const)('nothing goes in or out of a drawer that is %j: %s', (drawer, refusal) => {
  expect(payIn(drawer, { cents: 1, reason: 'x' })).toEqual(refuse(refusal));
  expect(payOut(paying({ drawer, limitCents: null }), ICE)).toEqual(refuse(refusal));
  expect(openWithoutSale(drawer, { reason: 'x' })).toEqual(refuse(refusal));
});

test('who moves cash says why', () => {
  expect(payIn(OPEN, { cents: 1, reason: ' ' })).toEqual(refuse('reason_missing'));
  expect(payOut(paying(), { ...ICE, reason: ' ' })).toEqual(refuse('reason_missing'));
  expect(openWithoutSale(OPEN, { reason: ' ' })).toEqual(refuse('reason_missing'));
});

test('a second person counts again: what the first count missed is booked on top of it', () => {
  const { body } = eventOf(recountDrawer(counted(), { countedCents: 45_100 }, asking({ by: 'max' })));
  expect(body).toMatchObject({ countedCents: 45_100, differenceCents: 300 });
  expect(body.postings).toEqual([
    { account: 'cash_drawer:bar', cents: 300 },
    { account: 'over_short', cents: -300 },
  ]);
});

test('nobody counts the same drawer twice, and none is counted again before it was counted', () => {
  const command = { countedCents: 1 };
  expect(recountDrawer(counted(), command, asking({ by: 'ben' }))).toEqual(refuse('same_person'));
  expect(recountDrawer(counted({ state: 'OPENED' }), command, asking())).toEqual(refuse('drawer_not_counted'));
  expect(recountDrawer(counted({ state: 'CLOSED' }), command, asking())).toEqual(refuse('drawer_not_open'));
});

test('a difference above the limit is explained before the drawer closes', () => {
  expect(mustExplain(counted(), 199)).toBe(true);
  expect(mustExplain(counted(), 200)).toBe(false);
  expect(mustExplain(counted({ isExplained: true }), 199)).toBe(false);
  expect(mustExplain(counted({ overShortCents: 200 }), 199)).toBe(true);
  expect(mustExplain(counted(), null)).toBe(false);
  expect(eventOf(explainDrawer(counted(), { reason: 'a bill stuck' })).body.reason).toBe('a bill stuck');
  expect(explainDrawer(counted({ overShortCents: 0 }), { reason: 'x' })).toEqual(refuse('not_over_short'));
  expect(explainDrawer(counted({ state: 'OPENED' }), { reason: 'x' })).toEqual(refuse('drawer_not_counted'));
});

const HANDING = { drawer: OPEN, responsible: 'ben', byIsBoss: false };

test('a hand-over names both, counts, and books the difference on the one who leaves', () => {
  const { body } = eventOf(handOverDrawer(HANDING, { countedCents: 44_900, to: 'dora' }, asking({ by: 'ben' })));
  expect(body).toEqual({
    drawerSession: 'ds',
    drawer: 'bar',
    next: 'born',
    from: 'ben',
    to: 'dora',
    countedCents: 44_900,
    expectedCents: 45_000,
    overShortCents: -100,
    postings: [
      { account: 'cash_drawer:bar', cents: -100 },
      { account: 'over_short', cents: 100 },
    ],
  });
});

test('only who answers for a drawer hands it over, or a boss for them, and never to the same person', () => {
  const command = { countedCents: 1, to: 'dora' };
  expect(handOverDrawer(HANDING, command, asking({ by: 'dora' }))).toEqual(refuse('not_responsible'));
  expect(handOverDrawer({ ...HANDING, byIsBoss: true }, command, asking({ by: 'max' })).ok).toBe(true);
  expect(handOverDrawer(HANDING, { ...command, to: 'ben' }, asking({ by: 'ben' }))).toEqual(refuse('same_person'));
  const after = { ...HANDING, drawer: { ...OPEN, state: 'COUNTED' } as const };
  expect(handOverDrawer(after, command, asking({ by: 'ben' }))).toEqual(refuse('drawer_counted'));
});

test('limits that are as they were change nothing', () => {
  expect(setCashLimits(NO_LIMITS, NO_LIMITS)).toEqual(refuse('nothing_changed'));
  const limits = { paidOutCents: 1, overShortCents: null, drawerCents: 3 };
  expect(eventOf(setCashLimits(NO_LIMITS, limits)).body).toEqual(limits);
});

test('a report is made of its moves and takings, and its difference is that of the last count', () => {
  const move = { reason: null, by: 'ben' };
  const moves = [
    { ...move, kind: 'opened', cents: 20_000 },
    { ...move, kind: 'paid_in', cents: 1_000 },
    { ...move, kind: 'no_sale', cents: 0 },
    { ...move, kind: 'dropped', cents: 5_000 },
    { ...move, kind: 'paid_out', cents: 500 },
    { ...move, kind: 'counted', cents: 20_000 },
    { ...move, kind: 'recounted', cents: 21_400, by: 'max' },
    { ...move, kind: 'explained', cents: 0, reason: 'a bill stuck' },
  ] as const;
  expect(drawerReport('ben', moves, [{ type: 'house_fee.paid', cents: 6_000 }])).toEqual({
    responsible: 'ben',
    bankCents: 20_000,
    paidInCents: 1_000,
    droppedCents: 5_000,
    paidOutCents: 500,
    noSales: 1,
    takings: [{ type: 'house_fee.paid', cents: 6_000 }],
    expectedCents: 21_500,
    counts: [
      { by: 'ben', countedCents: 20_000 },
      { by: 'max', countedCents: 21_400 },
    ],
    overShortCents: -100,
    explanation: 'a bill stuck',
  });
});

test('before the count only a boss who does not answer for the drawer is told what should be in it', () => {
  const session = { state: 'OPENED', responsible: 'ben' } as const;
  expect(maySeeExpected(session, { staff: 'max', isBoss: true })).toBe(true);
  expect(maySeeExpected(session, { staff: 'dora', isBoss: false })).toBe(false);
  expect(maySeeExpected({ ...session, responsible: 'max' }, { staff: 'max', isBoss: true })).toBe(false);
  expect(maySeeExpected({ ...session, state: 'COUNTED' }, { staff: 'ben', isBoss: false })).toBe(true);
});
