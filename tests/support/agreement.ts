import { expect } from 'vitest';
import type { Edge } from '../../edge-node/edge.ts';
import type { ClubCloud } from './club-cloud.ts';
import { idsIn, twice } from './selling.ts';
import { until } from './until.ts';
import { faultsOf, linesOf, replayOf, sumOfPostings, tablesOf } from './verify-log.ts';

type OfEdge = { readonly edge: Edge };

/** Resolves when the cloud has all that a box has, it is in the nights, and nothing waits on its way down to the box. */
export async function caughtUp({ edge }: OfEdge, at: ClubCloud, msMax = 20_000): Promise<void> {
  const taken = edge.sqlite.prepare<[], number>('SELECT rev FROM feed_cursor').pluck();
  const isEqual = async (): Promise<boolean> => {
    if (edge.cloud().link !== 'up' || edge.cloud().waiting > 0) return false;
    if ((await at.cloud.project()) > 0 || (await at.feedRev()) !== taken.get()) return false;
    const log = await at.log();
    const { seq, hash } = edge.log.head();
    if (!log || log.unprojected > 0 || log.salvageWaits) return false;
    // A log is opened by its first event: until then the cloud's last one is its parent.
    const { logId, acked, headHash } = log;
    const end = seq > 0 ? { logId: edge.log.logId, seq, hash: hash.toString('hex') } : edge.log.genesis.parent;
    return end?.logId === logId && end.seq === acked && end.hash === headHash;
  };
  await until('the cloud to have what the box has', isEqual, { msMax });
}

/** The box is whole, the cloud's history is its own, byte for byte, with no event twice, and the money of each night is the same. */
export async function expectAgreement({ edge }: OfEdge, at: ClubCloud): Promise<readonly string[]> {
  const { sqlite } = edge;
  const lines = linesOf(sqlite).map(({ line }) => line);
  const mainline = await at.mainline();
  expect(mainline).toEqual(lines);
  expect(twice(idsIn(mainline))).toEqual([]);
  expect(faultsOf(sqlite)).toEqual([]);
  expect(replayOf(sqlite)).toEqual(tablesOf(sqlite));
  expect(sumOfPostings(sqlite)).toBe(0);
  expect(sqlite.pragma('integrity_check', { simple: true })).toBe('ok');
  const totals = (await at.nights()).map(({ day, totalsCents }) => [day, totalsCents]);
  const own = edge.reads.day.nights().map(({ day }) => [day, Object.fromEntries(edge.reads.day.totalsOf(day))]);
  expect(new Map(totals as [string, object][])).toEqual(new Map(own as [string, object][]));
  return mainline;
}
