import { expect, test } from 'vitest';
import { entryFeeWorksheet, type CountedEntries } from '#shared/domain/entry-fee.ts';
import type { PolicyPack } from '#shared/domain/policy-words.ts';
import { packNamed } from '../support/policy.ts';

const TX = packNamed('us-tx').entryFee as NonNullable<PolicyPack['entryFee']>;
const Q4 = { year: 2026, quarter: 4 } as const;
const count = (
  entries: number,
  category: CountedEntries['category'] = 'paying',
  isReentry = false,
  date = '2026-11-21',
): CountedEntries => ({ date, category, isReentry, entries });

test('Texas: 312 paying entries of which 9 re-entries are $1,560.00 with and $1,515.00 without; staff and vendors in neither', () => {
  const sheet = entryFeeWorksheet(TX, Q4, [
    count(303),
    count(9, 'paying', true),
    count(41, 'staff'),
    count(12, 'staff', true),
    count(6, 'vendor'),
  ]);
  expect(sheet).toEqual({
    rule: 'us-tx.entry_fee',
    quarter: '2026-Q4',
    from: '2026-10-01',
    to: '2026-12-31',
    dueOn: '2027-01-20',
    feeCents: 500,
    entries: 312,
    reentries: 9,
    byCategory: { paying: 312, comp: 0, vip: 0, staff: 53, vendor: 6 },
    withReentriesCents: 156_000,
    withoutReentriesCents: 151_500,
  });
});

test('whoever was let in free is a customer too', () => {
  expect(entryFeeWorksheet(TX, Q4, [count(10), count(2, 'comp'), count(3, 'vip')]).withReentriesCents).toBe(7_500);
});

test('a quarter has its own dates and no others', () => {
  const dates = ['2026-09-30', '2026-10-01', '2026-12-31', '2027-01-01'];
  const sheet = entryFeeWorksheet(
    TX,
    Q4,
    dates.map((date) => count(1, 'paying', false, date)),
  );
  expect(sheet.entries).toBe(2);
});

test.each([
  [1, '2026-01-01', '2026-03-31', '2026-04-20'],
  [2, '2026-04-01', '2026-06-30', '2026-07-20'],
  [3, '2026-07-01', '2026-09-30', '2026-10-20'],
] as const)('quarter %i is from %s to %s and due on %s', (quarter, from, to, dueOn) => {
  expect(entryFeeWorksheet(TX, { year: 2026, quarter }, [])).toMatchObject({ from, to, dueOn, withReentriesCents: 0 });
});
