import { expect, test } from 'vitest';
import {
  assessHouseFee,
  deferHouseFee,
  payHouseFee,
  waiveHouseFee,
  type FeeFact,
  type FeeState,
} from '#shared/domain/house-fee.ts';
import { refuse } from '#shared/kit/decision.ts';
import { asking, eventOf } from '../support/rules.ts';

const fee = (state: FeeState): FeeFact => ({ fee: 'fee', dancer: 'jade', cents: 6_000, takenOffCents: 0, state });
const why = { reason: 'birthday' };

test('a fee of nothing is assessed without a posting', () => {
  expect(assessHouseFee({ fee: 'f', attendance: 'a', dancer: 'jade' }, 0).body.postings).toEqual([]);
});

test.each(['ASSESSED', 'DEFERRED'] as const)('a fee that is %s can be paid in cash', (state) => {
  expect(eventOf(payHouseFee(fee(state), { drawer: 'bar' }, true)).body).toEqual({
    fee: 'fee',
    dancer: 'jade',
    cents: 6_000,
    drawer: 'bar',
    postings: [
      { account: 'cash_drawer:bar', cents: 6_000 },
      { account: 'dancer:jade', cents: -6_000 },
    ],
  });
});

test.each(['ASSESSED', 'DEFERRED'] as const)(
  'a fee that is %s can be waived, and what was waived is booked',
  (state) => {
    expect(eventOf(waiveHouseFee(fee(state), why, asking())).body).toEqual({
      fee: 'fee',
      dancer: 'jade',
      cents: 6_000,
      reason: 'birthday',
      postings: [
        { account: 'fee_waivers', cents: 6_000 },
        { account: 'dancer:jade', cents: -6_000 },
      ],
    });
  },
);

test('deferring books nothing: she owes it as before', () => {
  expect(eventOf(deferHouseFee(fee('ASSESSED'), why, false)).body).toEqual({
    fee: 'fee',
    dancer: 'jade',
    reason: 'birthday',
  });
});

test('a deferred fee is not deferred again', () => {
  expect(deferHouseFee(fee('DEFERRED'), why, false)).toEqual(refuse('fee_settled'));
});

test.each(['PAID', 'WAIVED'] as const)('a fee that is %s stays so', (state) => {
  expect(payHouseFee(fee(state), { drawer: 'bar' }, true)).toEqual(refuse('fee_settled'));
  expect(deferHouseFee(fee(state), why, false)).toEqual(refuse('fee_settled'));
  expect(waiveHouseFee(fee(state), why, asking())).toEqual(refuse('fee_settled'));
});

test('a fee that nobody knows is refused', () => {
  expect(payHouseFee(undefined, { drawer: 'bar' }, true)).toEqual(refuse('fee_unknown'));
  expect(deferHouseFee(undefined, why, false)).toEqual(refuse('fee_unknown'));
  expect(waiveHouseFee(undefined, why, asking())).toEqual(refuse('fee_unknown'));
});

test('cash needs an open drawer', () => {
  expect(payHouseFee(fee('ASSESSED'), { drawer: 'bar' }, false)).toEqual(refuse('drawer_not_open'));
});

test('deferring and waiving need a reason that says something', () => {
  expect(deferHouseFee(fee('ASSESSED'), { reason: ' \n\t' }, false)).toEqual(refuse('reason_missing'));
  expect(waiveHouseFee(fee('ASSESSED'), { reason: '   ' }, asking())).toEqual(refuse('reason_missing'));
});

test('without a night nothing is waived, because the posting would belong to none', () => {
  expect(waiveHouseFee(fee('DEFERRED'), why, asking({ day: null }))).toEqual(refuse('day_not_open'));
});
