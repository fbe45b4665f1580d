import { expect } from 'vitest';
import type { Edge } from '../../edge-node/edge.ts';
import { faultsOf, replayOf, sumOfPostings, tablesOf } from './verify-log.ts';

/** The book balances, the chain has no fault, and the tables are what a replay of the log makes. */
export function expectWhole({ edge: { sqlite } }: { readonly edge: Pick<Edge, 'sqlite'> }): void {
  expect(sumOfPostings(sqlite)).toBe(0);
  expect(faultsOf(sqlite)).toEqual([]);
  expect(replayOf(sqlite)).toEqual(tablesOf(sqlite));
}
