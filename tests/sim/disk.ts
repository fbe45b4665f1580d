import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Seeded } from '../support/seeded.ts';

/**
 * Real files, and what a power cut leaves of them: all bytes that were synced, and of the others any first part, its end torn.
 * A database file is named by its image: losing power means going on from another image.
 */
export type SimDisk = {
  readonly file: () => string;
  /** Bytes in the write-ahead log now. */
  readonly walBytes: () => number;
  /** What would be there after a power cut now, if only so many bytes of the write-ahead log were synced. */
  readonly afterPowerCut: (syncedWalBytes: number) => string;
  /** Everything as it is: what a killed process leaves behind, or a backup. */
  readonly copy: () => string;
  readonly use: (image: string) => void;
  readonly erase: () => void;
};

const FAST = '/dev/shm';

export function openSimDisk(seed: Seeded, template: string): SimDisk {
  const root = mkdtempSync(path.join(existsSync(FAST) ? FAST : tmpdir(), 'clubops-sim-'));
  let images = 0;
  const newImage = (): string => {
    images += 1;
    const folder = path.join(root, String(images));
    mkdirSync(folder);
    return path.join(folder, 'club.db');
  };
  let current = newImage();
  copyFileSync(template, current);
  const copyTo = (image: string): void => {
    copyFileSync(current, image);
    if (existsSync(`${current}-wal`)) copyFileSync(`${current}-wal`, `${image}-wal`);
  };
  const walBytes = (): number => (existsSync(`${current}-wal`) ? statSync(`${current}-wal`).size : 0);
  return {
    file: () => current,
    walBytes,
    afterPowerCut: (synced) => {
      const image = newImage();
      copyFileSync(current, image);
      const size = walBytes();
      if (size === 0) return image;
      const kept = seed.pick([Math.min(synced, size), size, seed.between(Math.min(synced, size), size)]);
      const wal = readFileSync(`${current}-wal`).subarray(0, kept);
      const torn = kept === size ? 0 : Math.min(kept - Math.min(synced, kept), seed.between(0, 512));
      seed.bytes(torn).copy(wal, kept - torn);
      writeFileSync(`${image}-wal`, wal);
      return image;
    },
    copy: () => {
      const image = newImage();
      copyTo(image);
      return image;
    },
    use: (image) => {
      current = image;
    },
    erase: () => rmSync(root, { recursive: true, force: true }),
  };
}
