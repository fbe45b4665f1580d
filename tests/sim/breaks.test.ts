import { expect, test } from 'vitest';
import { breakNamed, BREAKS, type Break } from './breaks.ts';
import { runSeed, type Stage } from './run.ts';
import { openStage } from './stage.ts';

/** With a defence off, one of this many seeds must find it: so the simulator itself is seen to fail. */
const SEEDS_TO_FAIL = 200;

for (const broken of Object.keys(BREAKS).map(breakNamed)) {
  test(`without ${broken} one of ${SEEDS_TO_FAIL} seeds finds a breach`, async () => {
    const stage = await openStage(broken);
    try {
      expect(await firstBreach(stage, broken)).toBeLessThanOrEqual(SEEDS_TO_FAIL);
    } finally {
      await stage.close();
    }
  });
}

async function firstBreach(stage: Stage, broken: Break): Promise<number> {
  for (let seed = 1; seed <= SEEDS_TO_FAIL; seed += 1) {
    if ((await runSeed(seed, stage, { broken, restores: true })).breach !== null) return seed;
  }
  return Number.POSITIVE_INFINITY;
}
