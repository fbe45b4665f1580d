import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { nextHash } from '#shared/log/chain.ts';
import { readSegment, segmentKey, segmentName, segmentNumber } from '#shared/log/segment.ts';
import type { Stretch } from '#shared/log/stretch.ts';
import { ASIDE, keysIn, KEYS_FILE, type WrappedKeys } from './key-copy.ts';
import { readIfThere } from '../whole-file.ts';

/** The club's mainline as a mirror holds it, from its first log to its last, and the wrapped keys of its sealed fields. */
export type MirrorHistory = { readonly stretches: readonly Stretch[]; readonly keys: WrappedKeys };

/**
 * Reads a mirror to restore from: one stretch for each log, more where something in between can't be believed. With the
 * club's key only what is borne out by a mark of the club counts. Throws where there is no such folder.
 */
export function readMirror(folder: string, clubKey: Buffer | null): MirrorHistory {
  const { logs, last, keys } = readLogs(folder, clubKey);
  return { stretches: mainlineOf(logs, last), keys };
}

/** What was put aside in a mirror's folder, as the box's history was another one then: all of it that can be believed. */
export function readPutAside(folder: string, clubKey: Buffer | null): readonly MirrorHistory[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name.startsWith(ASIDE))
    .map(({ name }) => {
      const { logs, keys } = readLogs(path.join(folder, name), clubKey);
      return { stretches: [...logs.values()].flat(), keys };
    });
}

function readLogs(folder: string, clubKey: Buffer | null) {
  const key = clubKey && segmentKey(clubKey);
  const numbers = readdirSync(folder)
    .map(segmentNumber)
    .filter((number) => number !== null)
    .toSorted((a, b) => a - b);
  const logs = new Map<string, readonly Stretch[]>();
  let last: string | null = null;
  for (const number of numbers) {
    for (const stretch of readSegment(readFileSync(path.join(folder, segmentName(number))), key).stretches) {
      last = stretch.genesis.logId;
      logs.set(last, laidOver(logs.get(last) ?? [], stretch));
    }
  }
  const { keys } = keysIn(readIfThere(path.join(folder, KEYS_FILE))?.toString('utf8') ?? '');
  return { logs, last, keys };
}

/** What was written later goes on from what is there, or stands in its place where it says something else. */
function laidOver(there: readonly Stretch[], later: Stretch): readonly Stretch[] {
  const under = there.at(-1);
  if (!under || later.from < under.from) return [...there, later];
  const before = hashAfter(under, later.from - 1);
  if (before !== later.prev) return [...there, later];
  const isThere = hashAfter(under, later.from - 1 + later.lines.length) === later.hash;
  if (isThere) return there;
  const kept = under.lines.slice(0, later.from - under.from);
  return [...there.slice(0, -1), { ...under, lines: [...kept, ...later.lines], hash: later.hash }];
}

/** The chain's hash at a number of a stretch; null where it does not reach. */
function hashAfter({ from, prev, hash, lines }: Stretch, seq: number): string | null {
  const count = seq - from + 1;
  if (count < 0 || count > lines.length) return null;
  if (count === lines.length) return hash;
  const begin: Buffer = Buffer.from(prev, 'hex');
  return lines
    .slice(0, count)
    .reduce((before, line) => nextHash(before, line), begin)
    .toString('hex');
}

/** From the last log back to its parents, each up to where its child begins. */
function mainlineOf(logs: ReadonlyMap<string, readonly Stretch[]>, last: string | null): readonly Stretch[] {
  const mainline: (readonly Stretch[])[] = [];
  let logId = last;
  let upto = Number.POSITIVE_INFINITY;
  while (logId !== null) {
    const stretches: readonly Stretch[] = logs.get(logId) ?? [];
    mainline.unshift(stretches.flatMap((stretch) => cutAt(stretch, upto) ?? []));
    const parent: Stretch['genesis']['parent'] = stretches[0]?.genesis.parent ?? null;
    logId = parent?.logId ?? null;
    upto = parent?.seq ?? 0;
    if (mainline.length > logs.size) return [];
  }
  return mainline.flat();
}

function cutAt(stretch: Stretch, upto: number): Stretch | null {
  const { from, lines } = stretch;
  if (from > upto) return null;
  const hash = hashAfter(stretch, Math.min(upto, from + lines.length - 1)) ?? stretch.hash;
  return { ...stretch, lines: lines.slice(0, upto - from + 1), hash };
}
