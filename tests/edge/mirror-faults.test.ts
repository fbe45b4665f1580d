import { execFileSync, fork } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { open as openFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openMirror, type Mirror } from '../../edge-node/mirror/mirror.ts';
import { readMirror } from '../../edge-node/mirror/read-mirror.ts';
import { openBareHistory, type BareHistory } from '../support/bare-history.ts';
import { seeded } from '../support/seeded.ts';

const KEY = Buffer.alloc(32, 7);
const CHILD = fileURLToPath(new URL('../support/mirror-child.ts', import.meta.url));
let scratch: string;
let history: BareHistory;
const said: string[] = [];
beforeEach(() => {
  scratch = mkdtempSync(path.join(tmpdir(), 'clubops-faults-'));
  mkdirSync(path.join(scratch, 'mirror'));
  mkdirSync(path.join(scratch, 'data'));
  said.length = 0;
  history = openBareHistory({ folder: path.join(scratch, 'data') });
});
afterEach(() => {
  history.close();
  rmSync(scratch, { recursive: true, force: true });
});

function open(folder: string): Mirror {
  return openMirror({
    folder,
    mode: 'sync',
    apartFrom: null,
    clubKey: KEY,
    db: history.db,
    held: () => false,
    broken: (error) => said.push(String(error)),
  });
}
const becomes = (mirror: Mirror, state: ReturnType<Mirror['state']>): Promise<void> =>
  expect.poll(() => mirror.state(), { timeout: 30_000 }).toBe(state);
const restored = (folder: string): readonly string[] => readMirror(folder, KEY).stretches.flatMap(({ lines }) => lines);

test('a disk that hangs holds an answer up for a while and then nobody any more, until it goes on', async () => {
  const folder = path.join(scratch, 'mirror');
  const hanging = path.join(folder, 'segment-000001.ndjson.part');
  const mirror = open(folder);
  await becomes(mirror, 'whole');
  // Nobody can open a pipe for writing that nobody reads: the mirror's first file takes for ever.
  execFileSync('mkfifo', [hanging]);
  await mirror.committed(history.write(1));
  expect(mirror.state()).toBe('behind');
  expect(mirror.committed(history.write(1))).toBe(null);
  const reader = await openFile(hanging, 'r');
  await reader.close();
  await becomes(mirror, 'whole');
  await mirror.close();
  expect(restored(folder)).toEqual(history.lines());
});

test('killed eight times while it writes, a box in sync has in its mirror all that was answered', async () => {
  const random = seeded(20_261_123);
  const answered: string[] = [];
  const mirror = path.join(scratch, 'mirror');
  for (let kill = 0; kill < 8; kill += 1) {
    const child = fork(CHILD, [path.join(scratch, 'data'), mirror, KEY.toString('hex')], {
      execArgv: [],
      stdio: 'inherit',
    });
    const goal = answered.length + random.between(1, 80);
    const ended = new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
    child.on('message', (message: { readonly answered: string }) => {
      answered.push(message.answered);
      if (answered.length >= goal) child.kill('SIGKILL');
    });
    expect(await ended).toBe('SIGKILL');
    const there = new Set(restored(mirror));
    expect(answered.filter((line) => !there.has(line))).toEqual([]);
  }
  expect(answered.length).toBeGreaterThan(100);
  expect(restored(mirror)).toEqual(history.lines().slice(0, restored(mirror).length));
}, 120_000);

/** A disk of its own, where this machine lets us have one. */
function smallDisk(): string | null {
  const mount = mkdtempSync(path.join(tmpdir(), 'clubops-small-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', mount], { stdio: 'ignore' });
    return mount;
  } catch {
    rmSync(mount, { recursive: true });
    return null;
  }
}
const disk = smallDisk();

test.skipIf(disk === null)(
  'a mirror’s disk that is full, or that may only be read, stops nobody, and it catches up by itself (skipped where we are not root, who alone may mount a tmpfs)',
  async () => {
    const mount = disk ?? '';
    const ballast = path.join(mount, 'ballast');
    const mirror = open(mount);
    try {
      await becomes(mirror, 'whole');
      await mirror.committed(history.write(10));
      writeFileSync(ballast, Buffer.alloc(900_000));
      for (let turn = 0; turn < 100 && mirror.state() !== 'lost'; turn += 1) await mirror.committed(history.write(50));
      expect(mirror.state()).toBe('lost');
      expect(mirror.committed(history.write(1))).toBe(null);
      const there = restored(mount);
      expect(there).toEqual(history.lines().slice(0, there.length));
      rmSync(ballast);
      await becomes(mirror, 'whole');
      expect(restored(mount)).toEqual(history.lines());

      await mirror.close();
      execFileSync('mount', ['-o', 'remount,ro', mount]);
      const readOnly = open(mount);
      await becomes(readOnly, 'lost');
      history.write(1);
      readOnly.rewritten();
      execFileSync('mount', ['-o', 'remount,rw', mount]);
      await becomes(readOnly, 'whole');
      await readOnly.close();
      expect(restored(mount)).toEqual(history.lines());
      expect(said.join()).toMatch(/ENOSPC.*EROFS/);
      expect(readFileSync('/proc/mounts', 'utf8')).toContain(mount);
    } finally {
      await mirror.close();
      execFileSync('umount', ['-l', mount]);
      rmSync(mount, { recursive: true });
    }
  },
  120_000,
);
