import fc from 'fast-check';
import { expect, test } from 'vitest';
import { houseFeeAt, isDearerLater, setFeeSchedule } from '#shared/domain/fee-schedule.ts';

const at = (fromMinutes: number, toMinutes: number, cents: number, weekday: number | null = null) => ({
  weekday,
  fromMinutes,
  toMinutes,
  cents,
});

test('a fee that rises through the night is refused where late fees are forbidden, one that falls is not', () => {
  const rises = { effectiveFrom: '2026-11-21', windows: [at(0, 1_320, 4_000), at(1_320, 2_160, 8_000)] };
  const falls = { effectiveFrom: '2026-11-21', windows: [at(0, 1_320, 8_000), at(1_320, 2_160, 4_000)] };
  const facts = { lastOpened: null, lateForbidden: true, listCents: 6_000 };
  expect(setFeeSchedule(facts, rises)).toMatchObject({ refusal: 'fee_forbidden' });
  expect(setFeeSchedule(facts, falls)).toMatchObject({ ok: true });
  expect(setFeeSchedule({ ...facts, lateForbidden: false }, rises)).toMatchObject({ ok: true });
});

test('the price list counts behind a cheap window, before a dear one and on the weekday that a window names', () => {
  expect(isDearerLater([at(0, 1_320, 4_000)], 6_000)).toBe(true);
  expect(isDearerLater([at(1_320, 1_380, 8_000)], 6_000)).toBe(true);
  expect(isDearerLater([at(0, 1_320, 8_000)], 6_000)).toBe(false);
  expect(isDearerLater([at(0, 2_160, 4_000, 5), at(0, 2_160, 8_000, 6)], 6_000)).toBe(false);
  expect(isDearerLater([at(1_320, 2_160, 1, 5), at(1_320, 2_160, 8_000, 6)], 6_000)).toBe(true);
});

test('what is taken never charges a later arrival of a night more than an earlier one', () => {
  const minute = fc.nat(2_159);
  const window = fc
    .record({ weekday: fc.constantFrom(null, 6), a: minute, b: minute, cents: fc.constantFrom(0, 1, 5_000, 9_000) })
    .map(({ weekday, a, b, cents }) => at(Math.min(a, b), Math.max(a, b) + 1, cents, weekday));
  const windows = fc.array(window, { maxLength: 3 });
  const midnight = Date.parse('2026-11-21T00:00:00Z');
  const feeAt = (of: readonly ReturnType<typeof at>[], minutes: number) =>
    houseFeeAt(
      { effectiveFrom: '2026-11-21', windows: of },
      { now: midnight + minutes * 60_000, date: '2026-11-21', tz: 'UTC', listCents: 5_000 },
    );
  fc.assert(
    fc.property(windows, minute, minute, (of, a, b) => {
      fc.pre(!isDearerLater(of, 5_000));
      expect(feeAt(of, Math.max(a, b))).toBeLessThanOrEqual(feeAt(of, Math.min(a, b)));
    }),
  );
});
