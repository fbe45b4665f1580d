import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cappedFee, feePeriods, type CountedDance, type FeePeriod } from '#shared/domain/fee-cap.ts';
import type { PolicyPack } from '#shared/domain/policy-words.ts';
import { packNamed } from '../support/policy.ts';

const WA = packNamed('us-wa').feeCap as NonNullable<PolicyPack['feeCap']>;
const period = (publicDances: number, privateDances: number, cents = [2_000, 10_000]): FeePeriod => ({
  publicDances: [{ dances: publicDances, priceCents: cents[0] ?? 0 }],
  privateDances: [{ dances: privateDances, priceCents: cents[1] ?? 0 }],
});

test('Washington: 15 public dances at $20, 4 private at $100 and a contract fee of $250 give $210.00, each step shown', () => {
  expect(cappedFee(WA, 25_000, [period(15, 4)])).toEqual({
    rule: 'us-wa.fee_cap',
    percent: 30,
    publicMaxCents: 15_000,
    periods: [
      { publicCents: 30_000, privateCents: 40_000, publicCapCents: 9_000, privateCapCents: 12_000, capCents: 21_000 },
    ],
    receivedCents: 70_000,
    contractCents: 25_000,
    capCents: 21_000,
    allowedCents: 21_000,
    excessCents: 4_000,
  });
});

test.each([
  ['a contract below the cap stands', 5_000, [period(15, 4)], 5_000],
  ['the public part stops at $150', 100_000, [period(60, 0)], 15_000],
  ['the private part does not', 100_000, [period(0, 40)], 100_000],
  ['a shift without a dance costs nothing', 25_000, [period(0, 0)], 0],
  ['no period, no fee', 25_000, [], 0],
  ['two periods have a cap each', 100_000, [period(60, 0), period(60, 0)], 30_000],
  ['a part of a cent is left off, in her favour', 25_000, [period(1, 1, [3, 7])], 2],
] as const)('%s', (_what, contract, periods, allowed) => {
  expect(cappedFee(WA, contract, periods).allowedCents).toBe(allowed);
});

test('the fee is never more than she receives, even where the rule would take more than all', () => {
  const greedy = { ...WA, percent: 150, publicMaxCents: 100_000_000 };
  expect(cappedFee(greedy, 1_000_000, [period(1, 0)]).allowedCents).toBe(2_000);
});

test('whatever was danced: never above contract, cap or what she receives, and the excess is the rest', () => {
  const tally = fc.array(
    fc.record({ dances: fc.integer({ min: 0, max: 200 }), priceCents: fc.integer({ min: 0, max: 100_000 }) }),
    { maxLength: 4 },
  );
  const periods = fc.array(fc.record({ publicDances: tally, privateDances: tally }), { maxLength: 3 });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1_000_000 }), periods, (contract, some) => {
      const fee = cappedFee(WA, contract, some);
      expect(Number.isSafeInteger(fee.allowedCents)).toBe(true);
      expect(fee.allowedCents).toBeLessThanOrEqual(Math.min(contract, fee.capCents, fee.receivedCents));
      expect(fee.allowedCents + fee.excessCents).toBe(contract);
      expect(fee.periods.every(({ publicCapCents }) => publicCapCents <= 15_000)).toBe(true);
    }),
  );
});

const HOUR = 3_600_000;
const dance = (hours: number, area: CountedDance['area'] = 'public'): CountedDance => ({
  at: hours * HOUR,
  area,
  priceCents: 2_000,
});

test('a shift is cut into blocks of eight hours from its check-in on', () => {
  const periods = feePeriods(WA, { from: 0, to: 9 * HOUR }, [dance(0), dance(7.9, 'private'), dance(8), dance(9)]);
  expect(periods.map((one) => [one.publicDances.length, one.privateDances.length])).toEqual([
    [1, 1],
    [2, 0],
  ]);
  expect(feePeriods(WA, { from: 0, to: 8 * HOUR }, [dance(8)])).toHaveLength(1);
  expect(feePeriods(WA, { from: 0, to: 0 }, [])).toHaveLength(1);
});

test('no dance is lost and none is counted twice by the cutting', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 30 }), fc.array(fc.integer({ min: -2, max: 40 })), (hours, ats) => {
      const periods = feePeriods(
        WA,
        { from: 0, to: hours * HOUR },
        ats.map((at) => dance(at)),
      );
      expect(periods.reduce((sum, one) => sum + one.publicDances.length, 0)).toBe(ats.length);
    }),
  );
});
