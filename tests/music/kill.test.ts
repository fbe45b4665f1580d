import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TrackRow } from '#shared/contract/music-api.ts';
import { DEMO_PAIRING_CODE, DEMO_STAFF } from '../../edge-node/demo.ts';
import { startNode, type NodeProcess } from '../support/node-process.ts';
import { makeSound } from '../support/make-sound.ts';
import { pairTablet } from '../support/tablet.ts';
import { libraryIn, TOOLS } from './node-library.ts';

const FILES = 50;
const KILLS = 10;
const dj = DEMO_STAFF.find(({ name }) => name.startsWith('DJ'));

const folder = mkdtempSync(path.join(tmpdir(), 'clubops-kill-music-'));
const { inLibrary, live, copy, secondsOf, processes } = libraryIn(folder);
let node: NodeProcess | null = null;
beforeAll(async () => {
  for (let at = 0; at < FILES; at += 1)
    await makeSound(path.join(folder, 'drop', `${at}.mp3`), { seconds: 4, tone: 150 + at * 17, title: `Song ${at}` });
});
afterAll(async () => {
  await node?.kill();
  rmSync(folder, { recursive: true, force: true });
});

/** When a track's playable copy was made. */
const madeAt = (track: string): number => statSync(copy(track)).mtimeMs;

test('killed ten times while 50 files are taken in: no half copy is live, nothing is made twice, nothing is lost', async () => {
  const made = new Map<string, number>();
  for (let kill = 1; kill <= KILLS; kill += 1) {
    node = await startNode(folder, TOOLS);
    const goal = Math.min(FILES - 1, kill * 4);
    await expect.poll(() => live().length, { timeout: 60_000, interval: 20 }).toBeGreaterThanOrEqual(goal);
    await node.kill();
    await expect.poll(processes, { timeout: 10_000, interval: 20 }).toEqual([]);
    for (const track of live()) {
      expect(madeAt(track)).toBe(made.get(track) ?? madeAt(track));
    }
    const fresh = live().filter((track) => !made.has(track));
    for (const track of fresh) expect(secondsOf(track)).toBeCloseTo(4, 1);
    for (const track of fresh) made.set(track, madeAt(track));
  }
  expect(made.size).toBeLessThan(FILES);
  node = await startNode(folder, TOOLS);
  await expect.poll(() => live().length, { timeout: 60_000 }).toBe(FILES);
  const tablet = await pairTablet(node.url, { code: DEMO_PAIRING_CODE, name: dj?.name ?? '', pin: dj?.pin ?? '' });
  const rows = async () => (await tablet.ask<readonly TrackRow[]>('GET', '/api/v1/tracks?limit=100')).body;
  await expect.poll(async () => (await rows()).length, { timeout: 10_000 }).toBe(FILES);
  expect(new Set((await rows()).map(({ title }) => title)).size).toBe(FILES);
  for (const [track, at] of made) expect(madeAt(track)).toBe(at);
  await expect
    .poll(() => [inLibrary('renditions').length, inLibrary('originals').length, inLibrary('aside').length])
    .toEqual([FILES, FILES, 0]);
}, 240_000);
