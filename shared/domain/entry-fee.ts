import { assert } from '#shared/kit/assert.ts';
import type { PolicyPack } from './policy-words.ts';

/** Who came in. Staff and vendors (contractors, repair, delivery) are no customers. */
export type EntryCategory = 'paying' | 'comp' | 'vip' | 'staff' | 'vendor';
export type CountedEntries = {
  readonly date: string;
  readonly category: EntryCategory;
  readonly isReentry: boolean;
  readonly entries: number;
};

/** What a quarter comes to: both readings of the rule, for the accountant to choose, in cents. */
export type EntryFeeWorksheet = {
  readonly rule: string;
  /** As `2026-Q4`. */
  readonly quarter: string;
  readonly from: string;
  readonly to: string;
  readonly dueOn: string;
  readonly feeCents: number;
  /** Entries of customers, re-entries among them. */
  readonly entries: number;
  readonly reentries: number;
  readonly byCategory: Readonly<Record<EntryCategory, number>>;
  readonly withReentriesCents: number;
  readonly withoutReentriesCents: number;
};

const CUSTOMERS: readonly EntryCategory[] = ['paying', 'comp', 'vip'];

/**
 * The quarterly worksheet of a fee on each entry of each customer (34 TAC 3.722). Whoever was let in free is a customer, too.
 * Whether somebody who comes back counts again is not said: both amounts are given. Counts of other quarters are left out.
 */
export function entryFeeWorksheet(
  { cents, dueDay, rule }: NonNullable<PolicyPack['entryFee']>,
  { year, quarter }: { readonly year: number; readonly quarter: 1 | 2 | 3 | 4 },
  counted: readonly CountedEntries[],
): EntryFeeWorksheet {
  const from = dateOf(year, quarter * 3 - 3, 1);
  const to = dateOf(year, quarter * 3, 0);
  const inside = counted.filter(({ date }) => from <= date && date <= to);
  const total = (some: readonly CountedEntries[]): number => some.reduce((all, { entries }) => all + entries, 0);
  assert(
    inside.every(({ entries }) => Number.isSafeInteger(entries) && entries >= 0),
    'entries are counted whole',
  );
  const customers = inside.filter(({ category }) => CUSTOMERS.includes(category));
  const entries = total(customers);
  const reentries = total(customers.filter(({ isReentry }) => isReentry));
  const of = (category: EntryCategory): number => total(inside.filter((one) => one.category === category));
  return {
    rule,
    quarter: `${year}-Q${quarter}`,
    from,
    to,
    dueOn: dateOf(year, quarter * 3, dueDay),
    feeCents: cents,
    entries,
    reentries,
    byCategory: {
      paying: of('paying'),
      comp: of('comp'),
      vip: of('vip'),
      staff: of('staff'),
      vendor: of('vendor'),
    },
    withReentriesCents: entries * cents,
    withoutReentriesCents: (entries - reentries) * cents,
  };
}

/** Months are counted from 0 and may run over, as may days. */
function dateOf(year: number, month: number, day: number): string {
  return new Date(Date.UTC(year, month, day)).toISOString().slice(0, 10);
}
