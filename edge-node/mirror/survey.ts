import { copyFile, mkdir, readdir, rename } from 'node:fs/promises';
import path from 'node:path';
import { nextHash } from '#shared/log/chain.ts';
import { lineHead } from '#shared/log/line.ts';
import { segmentName } from '#shared/log/segment.ts';
import type { Stretch } from '#shared/log/stretch.ts';
import type { Sqlite } from '../db/open.ts';
import { openMainline, type OwnSegment } from '../log/mainline.ts';
import { readExtents, readStretches, type Extent } from './extents.ts';
import { ASIDE, KEYS_FILE } from './key-copy.ts';
import { syncFolder } from './segment-writer.ts';

/** How far a mirror holds the box's history. */
export type Survey = {
  /** Places on the mainline, from its first, that are all there. */
  readonly covered: number;
  /** The last file, where it can be gone on with at that place. */
  readonly resume: { readonly number: number; readonly size: number; readonly logId: string } | null;
  readonly lastNumber: number;
  /** Where events were put aside that only the mirror had, in words; null where there were none. */
  readonly putAside: string | null;
};
type Span = { readonly from: number; readonly to: number };
/** `strange` are ids of events that the mirror holds elsewhere than the box does, which can have them after place `after`. */
type Judged = {
  readonly extent: Extent;
  readonly span: Span | null;
  readonly strange: readonly string[];
  readonly after: number;
};

/**
 * Compares the mirror with the box's history. Nothing there is ever written over: events that the box does not have (it
 * was put back to an older disk, or the history is another one) are moved to a folder beside. Throws where the folder is
 * not there, and where it holds another club's history, which is left as it is.
 */
export async function surveyMirror(folder: string, key: Buffer, sqlite: Sqlite): Promise<Survey> {
  const { list, last, foreign } = await readExtents(folder, key);
  if (list.length === 0 && foreign > 0)
    throw new Error(
      `${folder} holds no history of this club that can be read. It is left as it is: use another folder.`,
    );
  const own = openOwn(sqlite);
  const judged: Judged[] = [];
  for (const extent of list) judged.push(await judge(extent, own, () => readStretches(folder, extent.number, key)));
  const known = own.idsAfter(judged.filter(({ strange }) => strange.length > 0).map(({ after }) => after));
  const stranded = judged.findIndex(({ strange }) => strange.some((id) => !known.has(id)));
  const kept = stranded === -1 ? judged : judged.slice(0, stranded);
  const aside = judged.slice(kept.length).map(({ extent }) => extent.number);
  const putAside = aside.length === 0 ? null : await moveAside(folder, aside);
  const covered = coveredBy(kept.flatMap(({ span }) => span ?? []));
  return { covered, resume: resumable(kept.at(-1), last, covered), lastNumber: last, putAside };
}

type Own = {
  readonly find: (logId: string) => OwnSegment | null;
  readonly hashAt: (log: OwnSegment, seq: number) => string | null;
  /** After the first of these places. */
  readonly idsAfter: (places: readonly number[]) => ReadonlySet<string>;
};

function openOwn(sqlite: Sqlite): Own {
  const mainline = openMainline(sqlite);
  const logs = new Map(mainline.segments().map((log) => [log.logId, log]));
  const lines = sqlite.prepare<[number], string>('SELECT line FROM event WHERE pos > ?').pluck();
  return {
    find: (logId) => logs.get(logId) ?? null,
    hashAt: (log, seq) => (seq >= 0 && seq <= log.upto ? mainline.hashAt(log, seq) : null),
    idsAfter: (places) => new Set(places.length === 0 ? [] : idsOf(lines.iterate(Math.min(...places)))),
  };
}

/** What of a segment stands on the box's mainline. Its lines are read only where its end does not. */
async function judge(extent: Extent, own: Own, read: () => Promise<readonly Stretch[]>): Promise<Judged> {
  const { genesis, from, prev, end } = extent;
  const log = own.find(genesis.logId);
  const joins = log !== null && own.hashAt(log, from - 1) === prev;
  if (joins && own.hashAt(log, end.seq) === end.hash)
    return { extent, span: { from: log.base + from, to: log.base + end.seq }, strange: [], after: 0 };
  const stretches = await read();
  const [first] = stretches;
  const shared = joins && first?.from === from ? sharedLines(first, (seq) => own.hashAt(log, seq)) : 0;
  const strange = stretches.flatMap(({ lines }, at) => [...idsOf(at === 0 ? lines.slice(shared) : lines)]);
  if (joins) {
    const to = log.base + from - 1 + shared;
    return { extent, span: { from: log.base + from, to }, strange, after: to };
  }
  const parent = genesis.parent && own.find(genesis.parent.logId);
  return { extent, span: null, strange, after: parent?.base ?? log?.base ?? 0 };
}

/** How many lines of a stretch are the box's own, too. */
function sharedLines({ from, prev, lines }: Stretch, hashAt: (seq: number) => string | null): number {
  let hash: Buffer = Buffer.from(prev, 'hex');
  const differs = lines.findIndex((line, at) => {
    hash = nextHash(hash, line);
    return hashAt(from + at) !== hash.toString('hex');
  });
  return differs === -1 ? lines.length : differs;
}

function* idsOf(lines: Iterable<string>): Generator<string> {
  for (const line of lines) yield lineHead(line)?.id ?? '';
}

function coveredBy(spans: readonly Span[]): number {
  let covered = 0;
  for (const { from, to } of spans.toSorted((a, b) => a.from - b.from)) {
    if (from <= covered + 1) covered = Math.max(covered, to);
  }
  return covered;
}

function resumable(judged: Judged | undefined, last: number, covered: number): Survey['resume'] {
  if (!judged || judged.extent.number !== last || judged.span?.to !== covered || judged.strange.length > 0) return null;
  const { number, wholeSize, genesis } = judged.extent;
  return wholeSize === null ? null : { number, size: wholeSize, logId: genesis.logId };
}

/** The last first: cut off in the middle, what is left is still the beginning of a history. */
async function moveAside(folder: string, numbers: readonly number[]): Promise<string> {
  const taken = (await readdir(folder)).filter((name) => name.startsWith(ASIDE)).length;
  const aside = path.join(folder, `${ASIDE}${String(taken + 1).padStart(6, '0')}`);
  await mkdir(aside, { mode: 0o700 });
  await copyFile(path.join(folder, KEYS_FILE), path.join(aside, KEYS_FILE)).catch(ifMissing);
  for (const number of numbers.toReversed())
    await rename(path.join(folder, segmentName(number)), path.join(aside, segmentName(number)));
  await syncFolder(aside);
  await syncFolder(folder);
  return `The second copy held events that this box does not have. They are kept in ${aside}.`;
}

function ifMissing(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
}
