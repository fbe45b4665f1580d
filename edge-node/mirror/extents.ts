import { open, readdir, readFile, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import {
  isMarkedBy,
  readSegment,
  segmentName,
  segmentNumber,
  segmentRows,
  type SegmentHead,
  type SegmentMark,
} from '#shared/log/segment.ts';
import type { Stretch } from '#shared/log/stretch.ts';
import { limits } from '../limits.ts';

/** What a segment says of itself: where it begins, and its last mark by this club's key. */
export type Extent = SegmentHead & {
  readonly number: number;
  readonly end: { readonly seq: number; readonly hash: string };
  /** Bytes up to that mark, where nothing comes after it; null where the file was cut off in a write. */
  readonly wholeSize: number | null;
};
/** `last` is the highest number that any file has; `foreign` says how many have no mark of this club. */
export type Extents = { readonly list: readonly Extent[]; readonly last: number; readonly foreign: number };

const HEAD_BYTES_MAX = 4_096;
/** Two writes and their marks, with the longest line on top. */
const TAIL_BYTES = 3 * limits.mirrorWriteBytesMax;

/** Looks at the beginning and the end of each segment in a folder. Throws where the folder is not there. */
export async function readExtents(folder: string, key: Buffer): Promise<Extents> {
  const numbers = (await readdir(folder))
    .map(segmentNumber)
    .filter((number) => number !== null)
    .toSorted((a, b) => a - b);
  const list: Extent[] = [];
  for (const number of numbers) {
    const extent = await extentOf(folder, number, key);
    if (extent) list.push(extent);
  }
  return { list, last: numbers.at(-1) ?? 0, foreign: numbers.length - list.length };
}

/** All lines of a segment that can be believed. */
export async function readStretches(folder: string, number: number, key: Buffer): Promise<readonly Stretch[]> {
  return readSegment(await readFile(path.join(folder, segmentName(number))), key).stretches;
}

async function extentOf(folder: string, number: number, key: Buffer): Promise<Extent | null> {
  const file = await open(path.join(folder, segmentName(number)), 'r');
  try {
    const head = headOf(await part(file, 0, HEAD_BYTES_MAX));
    if (!head) return null;
    const { size } = await file.stat();
    const from = Math.max(0, size - TAIL_BYTES);
    const last = lastMark(await part(file, from, size - from), key, head.genesis.logId);
    if (!last) return null;
    const end = from + last.end;
    return { ...head, number, end: last.mark, wholeSize: end === size ? end : null };
  } finally {
    await file.close();
  }
}

function headOf(bytes: Buffer): SegmentHead | null {
  const [row] = segmentRows(bytes);
  return row?.kind === 'head' ? row.head : null;
}

function lastMark(
  tail: Buffer,
  key: Buffer,
  logId: string,
): { readonly mark: SegmentMark; readonly end: number } | null {
  let found: { readonly mark: SegmentMark; readonly end: number } | null = null;
  for (const row of segmentRows(tail)) {
    if (row.kind === 'mark' && isMarkedBy(key, logId, row.mark)) found = row;
  }
  return found;
}

async function part(file: FileHandle, from: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await file.read(bytes, 0, length, from);
  return bytes.subarray(0, bytesRead);
}
