import { expect, test } from 'vitest';
import {
  afterDate,
  eraseDue,
  RETENTION,
  runRetention,
  runsOutAt,
  surelyNow,
  type ClockFact,
} from '#shared/domain/retention.ts';
import type { RecordKind } from '#shared/domain/safety-words.ts';
import { refuse } from '#shared/kit/decision.ts';
import { eventOf, NOW } from '../support/rules.ts';

const DAY = 86_400_000;
const clock = (over: Partial<ClockFact> = {}): ClockFact => ({
  record: 'r',
  kind: 'complaint',
  clockAt: NOW,
  isHeld: false,
  ...over,
});
const KINDS = Object.keys(RETENTION) as readonly RecordKind[];

test.each(KINDS)('a %s is kept to its last millisecond and not one longer', (kind) => {
  const end = NOW + RETENTION[kind].days * DAY;
  expect(eraseDue([clock({ kind })], end - 1)).toEqual([]);
  expect(eventOf(runRetention([clock({ kind })], end)).body).toEqual({
    record: 'r',
    kind,
    how: RETENTION[kind].how,
    rule: RETENTION[kind].rule,
    days: RETENTION[kind].days,
  });
});

test('a complaint under a retention clock is kept five years by any calendar, and as long as a ban from it is kept', () => {
  const fiveYears = Date.parse('2031-11-21T23:00:00-05:00');
  const end = runsOutAt(clock()) ?? 0;
  expect(end).toBeGreaterThanOrEqual(fiveYears);
  expect(eraseDue([clock({ isHeld: true })], end + 1_000 * DAY)).toEqual([]);
});

test('a clock that does not run lets nothing go', () => {
  expect(runsOutAt({ kind: 'incident', clockAt: null })).toBeNull();
  expect(runRetention([clock({ kind: 'incident', clockAt: null })], Number.MAX_SAFE_INTEGER)).toEqual(
    refuse('nothing_due'),
  );
});

test('what ends on a date counts from when that date is over everywhere', () => {
  expect(afterDate('2026-11-21')).toBeGreaterThan(Date.parse('2026-11-21T23:59:59-12:00'));
});

test('it is no later than the third latest opening of a night says, whatever the clock does', () => {
  const nights = [NOW, NOW + DAY, NOW + 2 * DAY, NOW + 3 * DAY];
  const ahead = NOW + 3_650 * DAY;
  expect(surelyNow(ahead, nights)).toBe(NOW + DAY);
  expect(surelyNow(ahead, [...nights, ahead - DAY, ahead])).toBe(NOW + 3 * DAY);
  expect(surelyNow(NOW, [...nights, ahead, ahead, ahead])).toBe(NOW);
  expect([[], [NOW], [NOW, NOW]].map((openings) => surelyNow(NOW, openings))).toEqual([0, 0, 0]);
});
