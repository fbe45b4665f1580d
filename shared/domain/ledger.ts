import { assert } from '#shared/kit/assert.ts';
import { accountClass, POSTING_CENTS_MAX } from './account.ts';
import type { Posting } from './event.ts';

/**
 * One entry: postings in whole cents that sum to zero. A line of nothing is left out,
 * so that an entry of nothing is empty rather than a row of zeros.
 */
export function entry(...postings: readonly Posting[]): readonly Posting[] {
  const real = postings.filter(({ cents }) => cents !== 0);
  assertBalanced(real);
  return real;
}

/** Checked when an entry is made and again before it is written. */
export function assertBalanced(postings: readonly Posting[]): void {
  let sum = 0;
  for (const { account, cents } of postings) {
    assert(Number.isSafeInteger(cents), `posting to ${account} is in whole cents`);
    assert(Math.abs(cents) <= POSTING_CENTS_MAX, `posting to ${account} is of a size that can be added up`);
    assert(accountClass(account) !== null, `account ${account} has a known class`);
    sum += cents;
  }
  assert(sum === 0, 'an entry sums to zero');
}

export const debit = (account: string, cents: number): Posting => ({ account, cents });
export const credit = (account: string, cents: number): Posting => ({ account, cents: -cents });

/** Splits cents into `parts` equal whole shares; what does not divide is the remainder, for a named party. */
export function splitEvenly(cents: number, parts: number): { readonly each: number; readonly remainder: number } {
  assert(parts > 0 && cents >= 0, 'a split has parts and no debt');
  const each = Math.floor(cents / parts);
  return { each, remainder: cents - each * parts };
}
