import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lineCommand } from '#shared/log/line.ts';
import type { Sqlite } from '../../edge-node/db/open.ts';
import { bundleChild } from '../support/bundled-child.ts';
import { newFolder, openClub } from '../support/night.ts';
import { seeded, type Seeded } from '../support/seeded.ts';
import { readTrace, type Step } from '../support/system-calls.ts';
import { faultsOf, linesOf, replayOf, tablesOf } from '../support/verify-log.ts';

/** Whole rounds of one to five at a time. */
const COMMANDS = 510;
const CUTS = 120;
const SECTOR = 512;
let folder: string;
let scratch: string;
beforeEach(async () => {
  folder = await newFolder();
  scratch = mkdtempSync(path.join(tmpdir(), 'clubops-power-'));
});
afterEach(() => {
  for (const one of [folder, scratch]) rmSync(one, { recursive: true, force: true });
});

test('S5: a commit waits for the disk, on a new database and on one that is opened again', async () => {
  for (const boot of ['b_one', 'b_two']) {
    const club = await openClub({ folder, boot, openDay: boot === 'b_one' });
    await club.owner.must('room.add', { name: `Room ${boot}` });
    expect(club.edge.sqlite.pragma('synchronous', { simple: true })).toBe(2);
    expect(club.edge.sqlite.pragma('journal_mode', { simple: true })).toBe('wal');
    await club.stop();
  }
});

function hasTracer(): boolean {
  try {
    execFileSync('strace', ['-qq', '-e', 'trace=none', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Each system call of a node on its database, in order, and each answer that it gave. */
async function trace(): Promise<readonly Step[]> {
  const child = await bundleChild('traced-child');
  const file = path.join(scratch, 'trace');
  const calls = 'pwrite64,pwritev,fsync,fdatasync,ftruncate,write,unlink';
  const options = ['-qq', '-y', '-xx', '-s', '1000000', '-e', `trace=${calls}`, '-o', file];
  try {
    const traced = spawn('strace', [...options, process.execPath, child.file, folder, String(COMMANDS)], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    expect(await new Promise((resolve) => traced.once('exit', resolve))).toBe(0);
    return readTrace(readFileSync(file, 'latin1'));
  } finally {
    child.remove();
  }
}

type Change = Extract<Step, { readonly call: 'write' | 'truncate' }>;
/** A file's bytes, in a buffer that may be longer. */
type Bytes = { buffer: Buffer; size: number };

function change(file: Bytes, step: Change): void {
  const size = step.call === 'truncate' ? step.size : Math.max(file.size, step.offset + step.bytes.length);
  if (size > file.buffer.length) file.buffer = Buffer.concat([file.buffer, Buffer.alloc(size)]);
  if (step.call === 'write') step.bytes.copy(file.buffer, step.offset);
  else file.buffer.fill(0, step.size);
  file.size = size;
}

/** A disk with a write cache: what was synced is there; of what was not, whatever the seed leaves, its last sectors torn. */
function openDisk(database: Buffer) {
  const synced = new Map<string, Bytes>([['club.db', { buffer: database, size: database.length }]]);
  const waiting = new Map<string, Change[]>();
  const fileOf = (name: string): Bytes => {
    const file = synced.get(name) ?? { buffer: Buffer.alloc(0), size: 0 };
    synced.set(name, file);
    return file;
  };
  return {
    unsynced: (file: string) => waiting.get(file)?.length ?? 0,
    take: (step: Step): void => {
      if (step.call === 'answer') return;
      const all = waiting.get(step.file) ?? [];
      waiting.set(step.file, all);
      if (step.call !== 'sync') return void all.push(step);
      for (const one of all.splice(0)) change(fileOf(step.file), one);
    },
    /** The files as they are when the power is back. */
    afterCut: (seed: Seeded): ReadonlyMap<string, Buffer> => {
      const left = new Map<string, Buffer>();
      for (const [name, { buffer, size }] of synced) left.set(name, Buffer.from(buffer.subarray(0, size)));
      for (const [name, steps] of waiting) {
        const before = left.get(name) ?? Buffer.alloc(0);
        const file: Bytes = { buffer: before, size: before.length };
        for (const step of steps.flatMap((one) => partOf(one, seed))) change(file, step);
        left.set(name, file.buffer.subarray(0, file.size));
      }
      return left;
    },
  };
}

function partOf(step: Change, seed: Seeded): readonly Change[] {
  if (seed.chance(0.5)) return [];
  if (step.call === 'truncate' || seed.chance(0.7)) return [step];
  const sectors = seed.between(0, Math.floor(step.bytes.length / SECTOR));
  return [{ ...step, bytes: step.bytes.subarray(0, sectors * SECTOR) }];
}

test.skipIf(!hasTracer())(
  `S5: a power cut at any of ${CUTS} moments, with what was not synced dropped or torn, loses nothing that was answered (skipped where strace may not run)`,
  async () => {
    const before = path.join(scratch, 'before.db');
    copyFileSync(path.join(folder, 'club.db'), before);
    const steps = await trace();
    const answered = steps.filter(({ call }) => call === 'answer').length;
    expect(answered).toBe(COMMANDS);
    const seed = seeded(5);
    const cuts = new Set(Array.from({ length: CUTS }, () => seed.between(0, steps.length - 1)));
    const disk = openDisk(readFileSync(before));
    const told = new Set<string>();
    const seen = { syncs: 0, checkpoints: 0, unsyncedAtAnswer: 0, cutsWithWaiting: 0 };
    for (const [nth, step] of steps.entries()) {
      disk.take(step);
      if (step.call === 'sync') {
        seen.syncs += Number(step.file === 'club.db-wal');
        seen.checkpoints += Number(step.file === 'club.db');
      }
      if (step.call === 'answer') {
        seen.unsyncedAtAnswer += disk.unsynced('club.db-wal');
        told.add(step.key);
      }
      if (!cuts.has(nth)) continue;
      seen.cutsWithWaiting += Number(disk.unsynced('club.db-wal') + disk.unsynced('club.db') > 0);
      expectThere(disk.afterCut(seed), told, nth % 10 === 0);
    }
    expect(seen.unsyncedAtAnswer).toBe(0);
    // A round of fifteen is five commits.
    expect(seen.syncs).toBeGreaterThanOrEqual(COMMANDS / 3);
    expect(seen.checkpoints).toBeGreaterThan(0);
    expect(seen.cutsWithWaiting).toBeGreaterThan(CUTS / 4);
  },
  120_000,
);

function expectReplay(sqlite: Sqlite): void {
  expect(replayOf(sqlite)).toEqual(tablesOf(sqlite));
}

function expectThere(files: ReadonlyMap<string, Buffer>, told: ReadonlySet<string>, also: boolean): void {
  const place = mkdtempSync(path.join(scratch, 'cut-'));
  mkdirSync(place, { recursive: true });
  for (const [name, bytes] of files) writeFileSync(path.join(place, name), bytes);
  const sqlite = new Database(path.join(place, 'club.db'));
  try {
    const keys = linesOf(sqlite).map(({ line }) => lineCommand(line));
    const there = new Set(keys);
    expect([...told].filter((key) => !there.has(key))).toEqual([]);
    expect(faultsOf(sqlite)).toEqual([]);
    expect(sqlite.pragma('integrity_check', { simple: true })).toBe('ok');
    if (also) expectReplay(sqlite);
  } finally {
    sqlite.close();
    rmSync(place, { recursive: true });
  }
}
