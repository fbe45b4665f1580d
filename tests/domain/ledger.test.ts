import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ACCOUNT_CLASSES, accountClass, accounts } from '#shared/domain/account.ts';
import { assertBalanced, credit, debit, entry, splitEvenly } from '#shared/domain/ledger.ts';

test('an entry that sums to zero is kept as it is, without its lines of nothing', () => {
  expect(entry(debit('safe', 500), credit('room_income', 500), debit('card_clearing', 0))).toEqual([
    { account: 'safe', cents: 500 },
    { account: 'room_income', cents: -500 },
  ]);
  expect(entry(debit('safe', 0), credit('room_income', 0))).toEqual([]);
});

test('an entry that is a cent off breaks', () => {
  expect(() => entry(debit('safe', 500), credit('room_income', 499))).toThrow('sums to zero');
});

test.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('an entry with %d cents breaks', (cents) => {
  expect(() => entry(debit('safe', cents), credit('room_income', cents))).toThrow('whole cents');
});

test('an entry on an account of no known class breaks', () => {
  expect(() => entry(debit('pocket', 1), credit('safe', 1))).toThrow('known class');
  expect(() => assertBalanced([{ account: 'constructor', cents: 0 }])).toThrow('known class');
});

test('every account names its class', () => {
  const made = Object.values(accounts).map((account) => (typeof account === 'function' ? account('x:y') : account));
  expect(made.map(accountClass)).not.toContain(null);
  expect(new Set(made.map(accountClass))).toEqual(new Set(ACCOUNT_CLASSES));
});

const cents = fc.integer({ min: 0, max: 1_000_000_000 });

test('a split loses no cent and is even to the cent', () => {
  fc.assert(
    fc.property(cents, fc.integer({ min: 1, max: 50 }), (amount, parts) => {
      const { each, remainder } = splitEvenly(amount, parts);
      expect(each * parts + remainder).toBe(amount);
      expect(remainder).toBeGreaterThanOrEqual(0);
      expect(remainder).toBeLessThan(parts);
      expect(Number.isSafeInteger(each)).toBe(true);
    }),
  );
});

test('a split among nobody, or of a debt, breaks', () => {
  expect(() => splitEvenly(100, 0)).toThrow('Broken invariant');
  expect(() => splitEvenly(-1, 2)).toThrow('Broken invariant');
});

test('whatever is credited and debited in pairs is an entry', () => {
  fc.assert(
    fc.property(fc.array(cents, { maxLength: 20 }), (amounts) => {
      const made = entry(...amounts.flatMap((amount) => [debit('safe', amount), credit('over_short', amount)]));
      expect(made.reduce((sum, one) => sum + one.cents, 0)).toBe(0);
      expect(made.every((one) => one.cents !== 0)).toBe(true);
    }),
  );
});
