import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { breachesOf, TENS } from './seeds.ts';
import { openStage, type OpenStage } from './stage.ts';

describe('with all defences on, and a cloud that is put back to its backups', () => {
  let stage: OpenStage;
  beforeAll(async () => {
    stage = await openStage(null);
  });
  afterAll(() => stage.close());

  test.each(TENS)('seeds %i to %i: nothing acknowledged is lost, doubled or altered', async (first, last) => {
    expect(await breachesOf(stage, { first, last, restores: true })).toEqual([]);
  });
});
