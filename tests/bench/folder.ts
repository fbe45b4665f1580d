import {
  chmodSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  statfsSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { median } from './figure.ts';

const TMPFS = 0x01021994;

/** A new folder on a real disk, which PostgreSQL's user may pass through: in memory an fsync would cost nothing. */
export function diskFolder(): { readonly path: string; readonly remove: () => void } {
  const cache = path.resolve(import.meta.dirname, '../../.cache');
  const within = statfsSync(tmpdir()).type === TMPFS ? cache : tmpdir();
  mkdirSync(within, { recursive: true });
  const folder = mkdtempSync(path.join(within, 'clubops-bench-'));
  chmodSync(folder, 0o711);
  return { path: folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** How long the disk takes for an appended page and its fsync, in milliseconds, most of the time. */
export function fsyncMs(folder: string): number {
  const file = openSync(path.join(folder, 'fsync'), 'w');
  const page = Buffer.alloc(12_288, 1);
  const times = Array.from({ length: 200 }, () => {
    const start = performance.now();
    writeSync(file, page);
    fsyncSync(file);
    return performance.now() - start;
  });
  closeSync(file);
  return median(times);
}
