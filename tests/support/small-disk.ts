import { execFileSync } from 'node:child_process';
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const PAGE_BYTES = 4_096;
/** Some room at the beginning, in pages: not much, so that a test fills it soon. */
const BALLAST_BYTES = 300_000;

/** A real disk of a few megabytes, in memory. */
export type SmallDisk = {
  readonly mount: string;
  /** Fills it, but for so many pages; null: takes a part of it only. */
  readonly leave: (pages: number | null) => void;
  /** What was taken is free again. */
  readonly free: () => void;
  readonly remove: () => void;
};

/** Null where this machine lets us have none: only root may mount. */
export function smallDisk(megabytes: number): SmallDisk | null {
  const mount = mkdtempSync(path.join(tmpdir(), 'clubops-small-'));
  const ballast = path.join(mount, 'ballast');
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', mount], { stdio: 'ignore' });
  } catch {
    rmSync(mount, { recursive: true });
    return null;
  }
  return {
    mount,
    leave: (pages) => {
      const file = openSync(ballast, 'w');
      try {
        if (pages === null) writeSync(file, Buffer.alloc(BALLAST_BYTES));
        else ftruncateSync(file, Math.max(0, fill(file) - pages * PAGE_BYTES));
      } finally {
        closeSync(file);
      }
    },
    free: () => rmSync(ballast, { force: true }),
    remove: () => {
      execFileSync('umount', ['-l', mount]);
      rmSync(mount, { recursive: true });
    },
  };
}

/** Answers how many bytes it took until nothing more went in. */
function fill(file: number): number {
  const page = Buffer.alloc(PAGE_BYTES);
  for (let bytes = 0; ;) {
    try {
      bytes += writeSync(file, page);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') return bytes;
      throw error;
    }
  }
}
