import { createHash, type Hash } from 'node:crypto';
import { constants, type BigIntStats } from 'node:fs';
import { copyFile, lstat, open, rename, rm, statfs, truncate, type FileHandle } from 'node:fs/promises';
import type { ByteReader } from './byte-reader.ts';
import type { Home } from './home.ts';
import { musicLimits } from './limits.ts';
import type { Range } from './structure.ts';
import { Stopped } from './verdict.ts';

const PIECE_BYTES = 1024 * 1024;

export type Claimed = { readonly sha256: string; readonly bytes: number; readonly original: string };

/**
 * Copies a file into the spool under its hash; from here on the DJ's own file and its name are never touched again.
 * Refuses what is no regular file (a link is not followed), what is empty or larger than 4 GB, what changes meanwhile
 * (`FILE_CHANGED`), and what leaves the disk too full (`DISK_FULL`). A file that is in the spool already stays as it is.
 */
export async function claim(file: string, home: Home, signal: AbortSignal | null): Promise<Claimed> {
  const source = await openRegular(file);
  const aside = home.aside('claim');
  try {
    const before = await source.stat({ bigint: true });
    const bytes = Number(before.size);
    if (bytes === 0) throw new Stopped('EMPTY');
    if (bytes > musicLimits.fileBytesMax) throw new Stopped('TOO_LONG');
    await keepRoom(home.folder, bytes);
    const { sha256, copied } = await copy(source, aside, { bytes, signal });
    const after = await source.stat({ bigint: true });
    if (copied !== bytes || isOther(before, after)) throw new Stopped('FILE_CHANGED');
    const original = home.original(sha256);
    await rename(aside, original);
    return { sha256, bytes, original };
  } finally {
    await source.close();
    await rm(aside, { force: true });
  }
}

/** Hands `use` a copy of the file that ends at `end`, and removes it; the file itself where `end` is null. */
export async function withoutTail<T>(
  { original, bytes }: Pick<Claimed, 'original' | 'bytes'>,
  { home, end }: { readonly home: Home; readonly end: number | null },
  use: (file: string) => Promise<T>,
): Promise<T> {
  if (end === null) return use(original);
  await keepRoom(home.folder, bytes);
  const aside = home.aside('sound');
  try {
    await copyFile(original, aside);
    await truncate(aside, end);
    return await use(aside);
  } finally {
    await rm(aside, { force: true });
  }
}

/** Throws `DISK_FULL` where so many more bytes would leave the disk without room for the log. */
export async function keepRoom(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < bytes + musicLimits.diskKeptFreeBytes) throw new Stopped('DISK_FULL');
}

async function openRegular(file: string): Promise<FileHandle> {
  if (!(await lstat(file)).isFile()) throw new Stopped('NOT_AUDIO');
  // Between the two looks a link or a pipe may have taken the place: neither is followed or waited for.
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  throw new Stopped('NOT_AUDIO');
}

function isOther(before: BigIntStats, after: BigIntStats): boolean {
  return before.size !== after.size || before.mtimeNs !== after.mtimeNs || before.ino !== after.ino;
}

async function copy(
  source: FileHandle,
  aside: string,
  { bytes, signal }: { readonly bytes: number; readonly signal: AbortSignal | null },
): Promise<{ readonly sha256: string; readonly copied: number }> {
  const target = await open(aside, 'wx', 0o600);
  try {
    const hash = createHash('sha256');
    const piece = Buffer.alloc(PIECE_BYTES);
    let copied = 0;
    for (;;) {
      if (signal?.aborted === true) throw new Stopped('STOPPED');
      const { bytesRead } = await source.read(piece, 0, piece.length, copied);
      if (bytesRead === 0) break;
      hash.update(piece.subarray(0, bytesRead));
      await target.write(piece, 0, bytesRead);
      copied += bytesRead;
      // A file that grows may grow for ever.
      if (copied > bytes) throw new Stopped('FILE_CHANGED');
    }
    await target.datasync();
    return { sha256: hash.digest('hex'), copied };
  } finally {
    await target.close();
  }
}

/** The hash of the sound alone: equal for two files that differ in tags, pictures and names. Null where no sound is known. */
export function soundHash(bytes: ByteReader, ranges: readonly Range[]): string | null {
  if (ranges.length === 0) return null;
  const hash = createHash('sha256');
  for (const { from, to } of ranges) addRange(hash, bytes, { from, to: Math.min(to, bytes.size) });
  return hash.digest('hex');
}

function addRange(hash: Hash, bytes: ByteReader, { from, to }: Range): void {
  for (let at = from; at < to; at += PIECE_BYTES) hash.update(bytes.at(at, Math.min(PIECE_BYTES, to - at)));
}
