import fc from 'fast-check';
import { expect, test } from 'vitest';
import { capHouseFee, recordTally, withdrawTally, type CapFacts, type TallyFact } from '#shared/domain/dance-tally.ts';
import { taxThreshold } from '#shared/domain/tax-threshold.ts';
import { packNamed } from '../support/policy.ts';
import { asking, eventOf, NOW } from '../support/rules.ts';

const FEE_CAP = packNamed('us-wa').feeCap ?? undefined;
const HERE = { attendance: 'att', dancer: 'jade', state: 'CHECKED_IN', segment: 1 } as const;
const HOUR = 3_600_000;
const tally = (over: Partial<TallyFact>): TallyFact => ({
  tally: 't',
  attendance: 'att',
  dancer: 'jade',
  area: 'public',
  dances: 1,
  priceCents: 2_000,
  at: NOW,
  isWithdrawn: false,
  ...over,
});
function facts(over: Partial<CapFacts> = {}): CapFacts {
  if (!FEE_CAP) throw new Error('Washington has a cap.');
  const fee = { fee: 'att', dancer: 'jade', cents: 25_000, takenOffCents: 0, state: 'PAID' } as const;
  return {
    feeCap: FEE_CAP,
    attendance: 'att',
    dancer: 'jade',
    from: NOW - HOUR,
    fees: [fee],
    tallies: [],
    ...over,
  };
}
const EXAMPLE = [tally({ dances: 15 }), tally({ tally: 'u', area: 'private', dances: 4, priceCents: 10_000 })];

test('15 public dances at $20, 4 private at $100, a contract fee of $250: the cap is $210.00 and $40.00 go back', () => {
  const capped = capHouseFee(facts({ tallies: EXAMPLE }), NOW);
  expect(capped?.body).toMatchObject({
    refundCents: 4_000,
    cap: { capCents: 21_000, allowedCents: 21_000, excessCents: 4_000 },
    postings: [
      { account: 'house_fee_income', cents: 4_000 },
      { account: 'dancer:jade', cents: -4_000 },
    ],
  });
});

test('a tally that was withdrawn counts no more; a waived fee and one that is under the cap are left alone', () => {
  const withdrawn = EXAMPLE.map((one) => ({ ...one, isWithdrawn: one.area === 'private' }));
  expect(capHouseFee(facts({ tallies: withdrawn }), NOW)?.body.cap.capCents).toBe(9_000);
  const fee = { fee: 'att', dancer: 'jade', cents: 25_000, takenOffCents: 0 } as const;
  expect(capHouseFee(facts({ tallies: EXAMPLE, fees: [{ ...fee, state: 'WAIVED' }] }), NOW)).toBeNull();
  expect(capHouseFee(facts({ tallies: EXAMPLE, fees: [{ ...fee, cents: 21_000, state: 'PAID' }] }), NOW)).toBeNull();
  expect(capHouseFee(facts({ tallies: EXAMPLE, fees: [{ ...fee, fee: 'cleaning', state: 'PAID' }] }), NOW)).toBeNull();
});

test('a second check-out after a re-entry books the difference only, either way', () => {
  const fees = [{ fee: 'att', dancer: 'jade', cents: 25_000, takenOffCents: 4_000, state: 'PAID' }] as const;
  const again = capHouseFee(facts({ tallies: EXAMPLE, fees }), NOW);
  expect(again).toBeNull();
  const more = [...EXAMPLE, tally({ tally: 'v', area: 'private', dances: 1, priceCents: 10_000 })];
  expect(capHouseFee(facts({ tallies: more, fees }), NOW)?.body).toMatchObject({
    refundCents: -3_000,
    cap: { allowedCents: 24_000 },
  });
});

test('whatever is danced, the fee stays between nothing and the contract, and refunds add up to what is above it', () => {
  const dances = fc.array(
    fc.record({
      area: fc.constantFrom('public' as const, 'private' as const),
      dances: fc.integer({ min: 1, max: 30 }),
      priceCents: fc.integer({ min: 0, max: 30_000 }),
      at: fc.integer({ min: NOW - 20 * HOUR, max: NOW }),
    }),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(dances, fc.nat({ max: 12 }), fc.integer({ min: 1, max: 60_000 }), (all, first, cents) => {
      const tallies = all.map((one, at) => tally({ ...one, tally: `t${at}` }));
      const paid = { fee: 'att', dancer: 'jade', cents, takenOffCents: 0, state: 'PAID' } as const;
      const fees = [paid];
      const from = NOW - 20 * HOUR;
      const early = capHouseFee(facts({ from, fees, tallies: tallies.slice(0, first) }), NOW)?.body.refundCents ?? 0;
      const late = capHouseFee(facts({ from, fees: [{ ...paid, takenOffCents: early }], tallies }), NOW);
      const whole = capHouseFee(facts({ from, fees, tallies }), NOW);
      const excess = whole?.body.cap.excessCents ?? 0;
      expect(early + (late?.body.refundCents ?? 0)).toBe(excess);
      expect(excess).toBeGreaterThanOrEqual(0);
      expect(excess).toBeLessThanOrEqual(cents);
    }),
  );
});

test('dances are counted for whoever works tonight, and withdrawn once, with a reason, before she leaves', () => {
  const dances = { area: 'public', dances: 3, priceCents: 2_000 } as const;
  expect(eventOf(recordTally(HERE, dances, asking())).body).toMatchObject({
    tally: 'born',
    attendance: 'att',
    dances: 3,
  });
  expect(recordTally(HERE, dances, asking({ day: null }))).toMatchObject({ refusal: 'day_not_open' });
  expect(recordTally({ ...HERE, state: 'CHECKED_OUT' }, dances, asking())).toMatchObject({ refusal: 'not_checked_in' });
  const why = { reason: 'counted twice' };
  expect(eventOf(withdrawTally(tally({}), HERE, why)).body).toMatchObject({ tally: 't' });
  expect(withdrawTally(undefined, HERE, why)).toMatchObject({ refusal: 'tally_unknown' });
  expect(withdrawTally(tally({ isWithdrawn: true }), HERE, why)).toMatchObject({ refusal: 'tally_withdrawn' });
  expect(withdrawTally(tally({}), undefined, why)).toMatchObject({ refusal: 'not_checked_in' });
  expect(withdrawTally(tally({}), HERE, { reason: ' ' })).toMatchObject({ refusal: 'reason_missing' });
});

test('the threshold of Form 1099 by tax year: $600 up to 2025, $2,000 in 2026, unknown until it is published', () => {
  expect([2024, 2025, 2026, 2027].map((year) => taxThreshold(year)?.cents ?? null)).toEqual([
    60_000,
    60_000,
    200_000,
    null,
  ]);
});
