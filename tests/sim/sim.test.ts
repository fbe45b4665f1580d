import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyBatch } from '../../control-plane/app.ts';
import { buildTestCloud, type TestCloud } from '../support/cloud.ts';
import type { Break } from './breaks.ts';
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

/** Seeds that show each missing defence at once, so that the simulator itself is seen to fail. */
const SHOWS: readonly (readonly [Break, number])[] = [
  ['lazy-fsync', 1],
  ['ack-before-commit', 1],
  ['sequence-only', 12],
  ['fresh-keys', 2],
  ['blind-screens', 1],
];

describe('with a defence off', () => {
  for (const [broken, seed] of SHOWS) {
    test(`without ${broken} seed ${seed} finds a breach`, async () => {
      const open = await openStage(broken);
      try {
        expect((await runSeed(seed, open.stage, broken)).breach).not.toBeNull();
      } finally {
        await close(open);
      }
    });
  }
});
