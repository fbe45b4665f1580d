import { afterAll, beforeAll, expect, test } from 'vitest';
import { runSeed, type Outcome } from './run.ts';
import { openStage, type OpenStage } from './stage.ts';

const PER_TEST = 10;

/** Makes a test for every ten seeds, on one control plane. */
export function testSeeds({
  from,
  to,
  restores,
}: {
  readonly from: number;
  readonly to: number;
  readonly restores: boolean;
}): void {
  let stage: OpenStage;
  beforeAll(async () => {
    stage = await openStage(null);
  });
  afterAll(() => stage.close());
  for (let first = from; first <= to; first += PER_TEST) {
    const last = Math.min(to, first + PER_TEST - 1);
    test(`seeds ${first} to ${last}: nothing acknowledged is lost, doubled or altered`, async () => {
      const breaches: Outcome[] = [];
      for (let seed = first; seed <= last; seed += 1) {
        const outcome = await runSeed(seed, stage, { broken: null, restores });
        if (outcome.breach !== null) breaches.push(outcome);
      }
      expect(breaches).toEqual([]);
    });
  }
}
