import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ageOn, daysBetween, isDate, isTimeZone, localParts, proposedDate } from '#shared/domain/calendar.ts';

const NEW_YORK = 'America/New_York';
const SIX = 360;
const proposed = (iso: string) => proposedDate(Date.parse(iso), NEW_YORK, SIX);

test.each([
  ['2026-11-21T23:59:59-05:00', '2026-11-21'],
  ['2026-11-22T00:30:00-05:00', '2026-11-21'],
  ['2026-11-22T05:59:59-05:00', '2026-11-21'],
  ['2026-11-22T06:00:00-05:00', '2026-11-22'],
  ['2026-11-22T20:00:00-05:00', '2026-11-22'],
])('a night opened at %s is the night of %s', (iso, date) => {
  expect(proposed(iso)).toBe(date);
});

test.each([
  ['the first 01:30', '2026-11-01T01:30:00-04:00', '2026-10-31'],
  ['the second 01:30', '2026-11-01T01:30:00-05:00', '2026-10-31'],
  ['05:30', '2026-11-01T05:30:00-05:00', '2026-10-31'],
  ['05:59', '2026-11-01T05:59:59-05:00', '2026-10-31'],
  ['06:00', '2026-11-01T06:00:00-05:00', '2026-11-01'],
])(
  'on the night the clocks go back, %s is before or after the cutoff as the clock on the wall reads',
  (_what, iso, date) => {
    expect(proposed(iso)).toBe(date);
  },
);

test.each([
  ['01:59', '2026-03-08T01:59:00-05:00', '2026-03-07'],
  ['03:00', '2026-03-08T03:00:00-04:00', '2026-03-07'],
  ['05:59', '2026-03-08T05:59:00-04:00', '2026-03-07'],
  ['06:00', '2026-03-08T06:00:00-04:00', '2026-03-08'],
  ['06:30', '2026-03-08T06:30:00-04:00', '2026-03-08'],
])(
  'on the night the clocks go forward, %s is before or after the cutoff as the clock on the wall reads',
  (_what, iso, date) => {
    expect(proposed(iso)).toBe(date);
  },
);

test('a cutoff at midnight proposes the date of the calendar', () => {
  expect(proposedDate(Date.parse('2026-11-22T00:00:00-05:00'), NEW_YORK, 0)).toBe('2026-11-22');
  expect(proposedDate(Date.parse('2026-11-21T23:59:59-05:00'), NEW_YORK, 0)).toBe('2026-11-21');
});

test('an instant has the local date and the offset that the place has then', () => {
  expect(localParts(Date.parse('2026-11-01T05:30:00Z'), NEW_YORK)).toEqual({ date: '2026-11-01', offsetMinutes: -240 });
  expect(localParts(Date.parse('2026-11-01T06:30:00Z'), NEW_YORK)).toEqual({ date: '2026-11-01', offsetMinutes: -300 });
  expect(localParts(Date.parse('2026-06-30T20:00:00Z'), 'Asia/Kolkata')).toEqual({
    date: '2026-07-01',
    offsetMinutes: 330,
  });
});

test('the proposed date is never later than the calendar and never more than a day behind it, at any instant and cutoff', () => {
  const instants = fc.integer({ min: Date.parse('2025-01-01T00:00:00Z'), max: Date.parse('2030-01-01T00:00:00Z') });
  fc.assert(
    fc.property(
      instants,
      fc.integer({ min: 0, max: 1439 }),
      fc.constantFrom(NEW_YORK, 'Australia/Lord_Howe', 'Asia/Kathmandu', 'UTC'),
      (now, cutoff, tz) => {
        const local = localParts(now, tz).date;
        const behind = daysBetween(proposedDate(now, tz, cutoff), local);
        expect(behind === 0 || behind === 1).toBe(true);
      },
    ),
    { numRuns: 200 },
  );
});

test.each([
  '2026-02-30',
  '2026-13-01',
  '2026-00-10',
  '2026-11-31',
  '2025-02-29',
  '26-11-01',
  '2026-11-1',
  '2026-11-01T00:00',
  '',
  'tomorrow',
])('%j is not a date', (text) => {
  expect(isDate(text)).toBe(false);
});

test('29 February is a date of a leap year', () => {
  expect(isDate('2028-02-29')).toBe(true);
});

test('a time zone is one that the calendar knows', () => {
  expect(isTimeZone(NEW_YORK)).toBe(true);
  expect(isTimeZone('UTC')).toBe(true);
  expect(isTimeZone('America/Gotham')).toBe(false);
  expect(isTimeZone('')).toBe(false);
});

test.each([
  ['2005-11-21', '2026-11-21', 21],
  ['2005-11-22', '2026-11-21', 20],
  ['2005-11-20', '2026-11-21', 21],
  ['2004-02-29', '2025-02-28', 20],
  ['2004-02-29', '2025-03-01', 21],
  ['2004-02-29', '2028-02-29', 24],
  ['2026-11-21', '2026-11-21', 0],
])('someone born on %s is on %s %i years old', (born, date, years) => {
  expect(ageOn(born, date)).toBe(years);
});

const someDate = fc
  .date({ min: new Date('1940-01-01T00:00:00Z'), max: new Date('2060-12-31T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));

test('nobody grows younger from one day to the next, and by one year at most', () => {
  fc.assert(
    fc.property(someDate, someDate, (born, date) => {
      const next = new Date(Date.parse(`${date}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
      const grown = ageOn(born, next) - ageOn(born, date);
      expect(grown === 0 || grown === 1).toBe(true);
    }),
  );
});

test('days between two dates count back as they count forward', () => {
  expect(daysBetween('2026-10-31', '2026-11-02')).toBe(2);
  fc.assert(fc.property(someDate, someDate, (from, to) => daysBetween(from, to) + daysBetween(to, from) === 0));
});
