import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { StatusAnswer } from '#shared/contract/api.ts';
import { lineCommand } from '#shared/log/line.ts';
import { DEMO_PAIRING_CODE } from '../../edge-node/demo.ts';
import { readMirror } from '../../edge-node/mirror/read-mirror.ts';
import { recoveryCode } from '../../edge-node/recovery-code.ts';
import { replaceBox } from '../../edge-node/replace-box.ts';
import { bootBox } from '../support/data-files.ts';
import { newKey } from '../support/key.ts';
import { newFolder } from '../support/night.ts';
import { startNode, type NodeProcess } from '../support/node-process.ts';
import { pairDevice, signInOn, tabletOf, type Tablet } from '../support/tablet.ts';
import { until } from '../support/until.ts';
import { linesOf } from '../support/verify-log.ts';
import { expectWhole } from '../support/whole.ts';

const OWNER = { name: 'Olivia Owner', pin: '1111' } as const;
const MEMORY = '/dev/shm';
const POSTERS = 20;
const ACKNOWLEDGED = 300;
/** The node takes no folder of its own disk for a second copy. */
const hasOtherDisk = existsSync(MEMORY) && statSync(MEMORY).dev !== statSync(tmpdir()).dev;
let folder: string;
let mirror: string;
let place: string;
let node: NodeProcess | null = null;
beforeEach(async () => {
  folder = await newFolder();
  mirror = mkdtempSync(path.join(hasOtherDisk ? MEMORY : tmpdir(), 'clubops-mirror-'));
  place = path.join(mkdtempSync(path.join(tmpdir(), 'clubops-new-')), 'data');
});
afterEach(async () => {
  await node?.kill();
  for (const one of [folder, mirror, path.dirname(place)]) rmSync(one, { recursive: true, force: true });
});

const linesOnMirror = (): number =>
  readMirror(mirror, null).stretches.reduce((sum, stretch) => sum + stretch.lines.length, 0);

/** Twenty at a time, until the node is gone; `enough` is told when so many were answered. Answers the keys of those. */
async function post(
  url: string,
  who: Tablet,
  { enough, most }: { readonly enough: () => void; readonly most: number },
): Promise<readonly string[]> {
  const acknowledged: string[] = [];
  const poster = async (): Promise<void> => {
    const tablet = tabletOf(url, who);
    while (acknowledged.length < most) {
      const key = newKey();
      const given = await tablet.give('room.add', { name: `Room ${key}` }, key).catch(() => null);
      if (given === null) return;
      if (given.ok && acknowledged.push(key) === ACKNOWLEDGED) enough();
    }
  };
  await Promise.all(Array.from({ length: POSTERS }, poster));
  return acknowledged;
}

test.skipIf(!hasOtherDisk).each(['sync', 'async'] as const)(
  'S9: a box with a second copy (%s) is killed and its disk is gone: a new one without any cloud has all that was acknowledged (skipped where there is no second disk)',
  async (mode) => {
    const running = await startNode(folder, { CLUBOPS_MIRROR: mirror, CLUBOPS_MIRROR_MODE: mode });
    node = running;
    const device = await pairDevice(running.url, { code: DEMO_PAIRING_CODE, name: 'the owner' });
    const before = await signInOn(running.url, device, OWNER);
    const status = async () => (await before.ask<StatusAnswer>('GET', '/api/v1/status')).body;
    await until('a whole copy', async () => (await status()).cloud.copy === 'whole');
    // In step nobody is told too early, so it may end at any moment. Otherwise what the last moment wrote is still on its way.
    const ends: Promise<void>[] = [];
    const enough = (): void => void (mode === 'sync' && ends.push(running.kill()));
    const most = mode === 'sync' ? Number.POSITIVE_INFINITY : ACKNOWLEDGED;
    const acknowledged = await post(running.url, before, { enough, most });
    if (mode === 'async') {
      const { head } = await status();
      await until('all of it on the other disk', () => linesOnMirror() === head.seq);
    }
    await Promise.all([...ends, running.kill()]);
    expect(acknowledged.length).toBeGreaterThanOrEqual(ACKNOWLEDGED);
    const code = recoveryCode(Buffer.from(readFileSync(path.join(folder, 'club.key'), 'utf8'), 'base64'));
    rmSync(folder, { recursive: true });
    await replaceBox(place, { recoveryCode: code, cloud: null, mirror }, null);
    const box = await bootBox(place, { boot: 'b_new' });
    const owner = await signInOn(box.url, device, OWNER);
    const lines = linesOf(box.edge.sqlite);
    const { body } = await owner.ask<StatusAnswer>('GET', '/api/v1/status');
    expect(body.recovery).toMatchObject({ here: lines.length, heardOf: lines.length, missing: 0 });
    const keys = new Set(lines.map(({ line }) => lineCommand(line)));
    expect(acknowledged.filter((key) => !keys.has(key))).toEqual([]);
    expectWhole(box);
    await box.stop();
  },
);
