import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyBatch } from '../../control-plane/app.ts';
import { buildTestCloud, type TestCloud } from '../support/cloud.ts';
import { breakNamed, BREAKS, type Break } from './breaks.ts';
import { openTemplate, runSeed, type Outcome, type Stage } from './run.ts';
import { sequenceOnly } from './sequence-only.ts';

const FIXED_SEEDS = 100;
const PER_TEST = 10;
/** Seeds that once failed, and what they found. */
const PINNED = [
  [13, 'a screen kept rows of a history that a restored disk had undone'],
  [3, 'a clock set ahead made the node forget its first answers, and a repeat was refused'],
  [11, 'a clock set ahead made the node forget its first answers, and a dancer was registered twice over'],
] as const;

type Open = { readonly stage: Stage; readonly cloud: TestCloud; readonly folder: string };

async function openStage(broken: Break | null): Promise<Open> {
  const folder = mkdtempSync(path.join(tmpdir(), 'clubops-simtest-'));
  const cloud = await buildTestCloud({ verifyBatch: broken === 'sequence-only' ? sequenceOnly : verifyBatch });
  const laterInTheCloud = (ms: number): void => void (cloud.time.now += ms);
  return { stage: { cloud, adminToken: cloud.adminToken, laterInTheCloud, ...openTemplate(folder) }, cloud, folder };
}

async function close({ stage, cloud, folder }: Open): Promise<void> {
  stage.fresh.sqlite.close();
  await cloud.close();
  rmSync(folder, { recursive: true, force: true });
}

describe('with all defences on', () => {
  let open: Open;
  beforeAll(async () => {
    open = await openStage(null);
  });
  afterAll(() => close(open));

  for (const [seed, found] of PINNED) {
    test(`seed ${seed}, which once failed: ${found}`, async () => {
      expect((await runSeed(seed, open.stage, null)).breach).toBeNull();
    });
  }
  for (let from = 1; from <= FIXED_SEEDS; from += PER_TEST) {
    test(`seeds ${from} to ${from + PER_TEST - 1}: nothing acknowledged is lost, doubled or altered`, async () => {
      const breaches: Outcome[] = [];
      for (let seed = from; seed < from + PER_TEST; seed += 1) {
        const outcome = await runSeed(seed, open.stage, null);
        if (outcome.breach !== null) breaches.push(outcome);
      }
      expect(breaches).toEqual([]);
    });
  }
});

/** With a defence off, one of this many seeds must find it: so the simulator itself is seen to fail. */
const SEEDS_TO_FAIL = 100;

describe('with a defence off', () => {
  for (const broken of Object.keys(BREAKS).map(breakNamed)) {
    test(`without ${broken} one of ${SEEDS_TO_FAIL} seeds finds a breach`, async () => {
      const open = await openStage(broken);
      try {
        expect(await firstBreach(open.stage, broken)).toBeLessThanOrEqual(SEEDS_TO_FAIL);
      } finally {
        await close(open);
      }
    });
  }
});

async function firstBreach(stage: Stage, broken: Break): Promise<number> {
  for (let seed = 1; seed <= SEEDS_TO_FAIL; seed += 1) {
    if ((await runSeed(seed, stage, broken)).breach !== null) return seed;
  }
  return Number.POSITIVE_INFINITY;
}
