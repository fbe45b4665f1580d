import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MusicStatus } from '#shared/contract/music-api.ts';
import { MUSIC_UNSET } from '#shared/domain/track.ts';
import { DEMO_PAIRING_CODE, DEMO_STAFF } from '../../edge-node/demo.ts';
import type { Facts } from '../../edge-node/music/facts.ts';
import { makeSound } from '../support/make-sound.ts';
import { startNode, type NodeProcess } from '../support/node-process.ts';
import { pairTablet, type Tablet } from '../support/tablet.ts';
import { libraryIn, TOOLS } from './node-library.ts';
import { remeasure } from './songs.ts';
import { toolsHere } from './sounds.ts';

const FILES = 12;
const KILLS = 3;
const OWNER = DEMO_STAFF.find(({ roles }) => roles.includes('owner'));

const folder = mkdtempSync(path.join(tmpdir(), 'clubops-kill-again-'));
const { live, secondsOf, processes, copy, inLibrary } = libraryIn(folder);
let node: NodeProcess | null = null;
beforeAll(async () => {
  for (let at = 0; at < FILES; at += 1)
    await makeSound(path.join(folder, 'drop', `${at}.mp3`), { seconds: 4, tone: 150 + at * 37, title: `Song ${at}` });
});
afterAll(async () => {
  await node?.kill();
  rmSync(folder, { recursive: true, force: true });
});

const factsOf = (track: string): Facts =>
  JSON.parse(readFileSync(path.join(folder, 'music', 'tracks', `${track}.json`), 'utf8')) as Facts;
const louder = (): readonly string[] => live().filter((track) => factsOf(track).rendition.targetLufs === -10);
const owner = ({ url }: NodeProcess): Promise<Tablet> =>
  pairTablet(url, { code: DEMO_PAIRING_CODE, name: OWNER?.name ?? '', pin: OWNER?.pin ?? '' });

test('killed while copies are made again: each is whole at every moment, it goes on where it was, and nothing is left behind', async () => {
  node = await startNode(folder, TOOLS);
  await expect.poll(() => live().length, { timeout: 60_000 }).toBe(FILES);
  await (await owner(node)).must('music.configure', { ...MUSIC_UNSET, targetLufs: -10 });
  for (let kill = 1; kill <= KILLS; kill += 1) {
    await expect.poll(() => louder().length, { timeout: 60_000, interval: 20 }).toBeGreaterThanOrEqual(kill * 3);
    // In the middle of a copy.
    await expect.poll(() => inLibrary('aside').length, { timeout: 10_000, interval: 2 }).toBeGreaterThan(0);
    await node.kill();
    await expect.poll(processes, { timeout: 10_000, interval: 20 }).toEqual([]);
    expect(live()).toHaveLength(FILES);
    for (const track of live()) expect(secondsOf(track)).toBeCloseTo(4, 1);
    const done = new Map(louder().map((track) => [track, readFileSync(copy(track))] as const));
    expect(done.size).toBeLessThan(FILES);
    node = await startNode(folder, TOOLS);
    for (const [track, bytes] of done) expect(readFileSync(copy(track)).equals(bytes)).toBe(true);
  }
  await expect.poll(() => louder().length, { timeout: 60_000 }).toBe(FILES);
  const tablet = await owner(node);
  const again = async () => (await tablet.ask<MusicStatus>('GET', '/api/v1/music')).body.again;
  await expect.poll(again, { timeout: 10_000 }).toEqual({ left: 0, failed: 0 });
  for (const track of live()) expect(Math.abs(remeasure(toolsHere(), copy(track)).lufs + 10)).toBeLessThanOrEqual(0.1);
  expect([inLibrary('renditions').length, inLibrary('aside').length]).toEqual([FILES, 0]);
}, 180_000);
