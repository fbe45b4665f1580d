import { expect, test } from 'vitest';
import {
  afterDate,
  eraseDue,
  keptUnder,
  runRetention,
  runsOutAt,
  surelyNow,
  type ClockFact,
} from '#shared/domain/retention.ts';
import { GENERIC, GENERIC_RETENTION } from '#shared/domain/pack-generic.ts';
import { US_WA } from '#shared/domain/pack-us-wa.ts';
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
const KINDS = Object.keys(GENERIC_RETENTION) as readonly RecordKind[];

test.each(KINDS)('a %s is kept to its last millisecond and not one longer', (kind) => {
  const end = NOW + GENERIC_RETENTION[kind].days * DAY;
  expect(eraseDue([clock({ kind })], GENERIC, end - 1)).toEqual([]);
  expect(eventOf(runRetention([clock({ kind })], GENERIC, end)).body).toEqual({
    record: 'r',
    kind,
    how: GENERIC_RETENTION[kind].how,
    rule: GENERIC_RETENTION[kind].rule,
    days: GENERIC_RETENTION[kind].days,
  });
});

test('a complaint under a retention clock is kept five years by any calendar, and as long as a ban from it is kept', () => {
  const fiveYears = Date.parse('2031-11-21T23:00:00-05:00');
  const end = runsOutAt(clock(), GENERIC) ?? 0;
  expect(end).toBeGreaterThanOrEqual(fiveYears);
  expect(eraseDue([clock({ isHeld: true })], GENERIC, end + 1_000 * DAY)).toEqual([]);
});

test('a clock that does not run lets nothing go', () => {
  expect(runsOutAt({ kind: 'incident', clockAt: null }, GENERIC)).toBeNull();
  expect(runRetention([clock({ kind: 'incident', clockAt: null })], GENERIC, Number.MAX_SAFE_INTEGER)).toEqual(
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

test('two places keep the same record for another time, each by its own rule; what a place does not name is kept as the generic pack says', () => {
  const shorter = {
    ...US_WA,
    retention: [{ kind: 'complaint', days: 30, how: 'deleted', rule: 'us-wa.complaint_log' }],
  } as const;
  const at = NOW + 30 * DAY;
  expect(eraseDue([clock()], shorter, at).map(({ body }) => [body.rule, body.days])).toEqual([
    ['us-wa.complaint_log', 30],
  ]);
  expect([US_WA, GENERIC].map((pack) => eraseDue([clock()], pack, at))).toEqual([[], []]);
  expect(keptUnder(US_WA, 'complaint').rule).toBe('us-wa.complaint_log');
  expect(keptUnder(shorter, 'incident')).toEqual(GENERIC_RETENTION.incident);
});
