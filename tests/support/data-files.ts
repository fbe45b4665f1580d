import { copyFileSync, cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setClock, type SetClock } from '../../edge-node/clock.ts';
import { buildTestEdge, type TestEdge, type TestEdgeOptions } from './edge.ts';
import { NINE_PM } from './night.ts';

const DATABASE = 'club.db';
const ENDS = ['', '-wal'] as const;

/** The club's database as somebody backs it up: its files, as they are between two commits. Answers the folder of the copy. */
export function keepFiles(folder: string): string {
  const kept = mkdtempSync(path.join(tmpdir(), 'clubops-kept-'));
  copyFiles(folder, kept);
  return kept;
}

/** Of a node that is off: its database is another one now, as whoever restores a backup leaves it. */
export function putBack(folder: string, kept: string): void {
  for (const end of [...ENDS, '-shm']) rmSync(path.join(folder, DATABASE + end), { force: true });
  copyFiles(kept, folder);
}

/** The whole disk twice, keys and all. Answers the folder of the second. */
export function cloneDisk(folder: string): string {
  const clone = mkdtempSync(path.join(tmpdir(), 'clubops-clone-'));
  cpSync(folder, clone, { recursive: true, filter: (file) => !file.endsWith('-shm') && !file.includes('writer.lock') });
  return clone;
}

function copyFiles(from: string, to: string): void {
  for (const end of ENDS) {
    const file = path.join(from, DATABASE + end);
    if (existsSync(file)) copyFileSync(file, path.join(to, DATABASE + end));
  }
}

/** The box on a folder, as it comes up by itself: nobody has touched it yet. */
export async function bootBox(
  folder: string,
  options: Pick<TestEdgeOptions, 'cloudUrl' | 'mirror' | 'port'> & { readonly boot: string; readonly wall?: number },
): Promise<TestEdge & { readonly clock: SetClock }> {
  const { boot, wall = NINE_PM + 3_600_000, ...rest } = options;
  const clock = setClock({ wall, mono: 1_000 }, boot);
  return { ...(await buildTestEdge({ ...rest, folder, clock, demo: false })), clock };
}
