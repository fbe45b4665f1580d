import { expect, test } from 'vitest';
import { beginClosing, cannotStart, closeDay, openDay, type LooseEnds } from '#shared/domain/business-day.ts';
import type { DayTotals } from '#shared/domain/event.ts';
import { refuse } from '#shared/kit/decision.ts';
import { asking, CLOSING, eventOf, NIGHT } from '../support/rules.ts';

const CLUB = { tz: 'America/New_York', cutoffMinutes: 360, dateUsed: () => false, lastDate: null };
const NONE: LooseEnds = { stageSets: 0, roomSessions: 0, disputes: 0, attendances: 0, drawers: 0, carriedFees: 0 };
const TOTALS: DayTotals = {
  checkIns: 1,
  stageSets: 2,
  roomSessions: 3,
  houseFeeCents: 4,
  waivedCents: 5,
  roomCents: 6,
  taxCents: 7,
  cardCents: 8,
  dancersOwedCents: 9,
  overShortCents: -10,
};

test('a night opened without a date takes the one that the cutoff proposes', () => {
  const opened = openDay(CLUB, { date: null }, asking({ day: null, now: Date.parse('2026-11-22T00:30:00-05:00') }));
  expect(eventOf(opened).body).toEqual({ day: 'born', date: '2026-11-21' });
});

test('a night may be given another date than the proposed one', () => {
  expect(eventOf(openDay(CLUB, { date: '2026-11-20' }, asking({ day: null }))).body.date).toBe('2026-11-20');
});

test('a date that would make a girl a woman, or an old card young, is too far', () => {
  expect(openDay(CLUB, { date: '2099-01-01' }, asking({ day: null }))).toEqual(refuse('date_too_far'));
  expect(openDay(CLUB, { date: '2026-11-18' }, asking({ day: null }))).toEqual(refuse('date_too_far'));
});

test('a box whose clock is years off opens the night after its last one', () => {
  const wrong = asking({ day: null, now: Date.parse('2031-01-01T21:00:00-05:00') });
  const club = { ...CLUB, lastDate: '2026-11-20' };
  expect(eventOf(openDay(club, { date: '2026-11-21' }, wrong)).body.date).toBe('2026-11-21');
  expect(openDay(club, { date: '2026-11-28' }, wrong)).toEqual(refuse('date_too_far'));
});

test('a night can not be opened twice, nor while one is closing', () => {
  expect(openDay(CLUB, { date: null }, asking())).toEqual(refuse('day_open_already'));
  expect(openDay(CLUB, { date: null }, asking({ day: CLOSING }))).toEqual(refuse('day_open_already'));
});

test('a date that was worked already is refused, given or proposed', () => {
  const club = { ...CLUB, dateUsed: (date: string) => date === '2026-11-21' };
  expect(openDay(club, { date: '2026-11-21' }, asking({ day: null }))).toEqual(refuse('date_used'));
  expect(openDay(club, { date: null }, asking({ day: null }))).toEqual(refuse('date_used'));
});

test('a date that no calendar has is refused', () => {
  expect(openDay(CLUB, { date: '2026-02-30' }, asking({ day: null }))).toEqual(refuse('body_invalid'));
});

test('a night closes in two steps, in that order', () => {
  expect(beginClosing(asking({ day: null }))).toEqual(refuse('day_not_open'));
  expect(closeDay(NONE, TOTALS, asking())).toEqual(refuse('day_not_closing'));
  expect(eventOf(beginClosing(asking())).body).toEqual({ day: NIGHT.day });
  expect(beginClosing(asking({ day: CLOSING }))).toEqual(refuse('day_closing'));
  expect(closeDay(NONE, TOTALS, asking({ day: null }))).toEqual(refuse('day_not_open'));
});

test.each([
  [{ ...NONE, stageSets: 1 }, 'stage_set_open'],
  [{ ...NONE, roomSessions: 1 }, 'room_session_open'],
  [{ ...NONE, disputes: 1 }, 'dispute_open'],
  [{ ...NONE, attendances: 1 }, 'attendance_open'],
  [{ ...NONE, drawers: 1 }, 'drawer_open'],
] as const)('a night with %j does not close: %s', (loose, refusal) => {
  expect(closeDay(loose, TOTALS, asking({ day: CLOSING }))).toEqual(refuse(refusal));
});

test('a closed night keeps its date and its totals with it', () => {
  expect(eventOf(closeDay(NONE, TOTALS, asking({ day: CLOSING }))).body).toEqual({
    day: NIGHT.day,
    date: NIGHT.date,
    totals: TOTALS,
  });
});

test('nothing new starts without a night, nor while it closes', () => {
  expect(cannotStart(null)).toBe('day_not_open');
  expect(cannotStart(CLOSING)).toBe('day_closing');
  expect(cannotStart(NIGHT)).toBeNull();
});
