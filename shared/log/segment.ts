import { isUtf8 } from 'node:buffer';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { nextHash, type Genesis } from './chain.ts';
import { lineHead } from './line.ts';
import type { Place, Stretch } from './stretch.ts';

/**
 * A history as files: `segment-000001.ndjson` and so on. First a head that says which log it is and where it goes on,
 * then event lines as they are stored, and after each write a mark of how far it got. A mark's `mac` (HMAC-SHA256, RFC 2104)
 * is by a key that only the club has: a torn end, a rotten byte or a forged end has none that fits.
 */
export type SegmentHead = {
  readonly genesis: Genesis;
  /** The number of its first event in the log; `prev` is the chain's hash before it (hex). */
  readonly from: number;
  readonly prev: string;
};
/**
 * `mac` is null where whoever wrote the file has not the club's key. `each` names a changed line among those of one
 * write: the first 8 hex digits of the chain's hash after each of them, one after the other; empty where they are left out.
 */
export type SegmentMark = {
  readonly seq: number;
  readonly hash: string;
  readonly mac: string | null;
  readonly each: string;
};
export const EACH_DIGITS = 8;

const FORM = 'segment.v1';
const NAME = /^segment-(\d{6,9})\.ndjson$/;

export function segmentName(number: number): string {
  return `segment-${String(number).padStart(6, '0')}.ndjson`;
}

/** Null where a file of this name is no segment. */
export function segmentNumber(name: string): number | null {
  const digits = NAME.exec(name)?.[1];
  return digits === undefined ? null : Number(digits);
}

/** The key of the marks, from the club's key. */
export function segmentKey(clubKey: Buffer): Buffer {
  return createHmac('sha256', clubKey).update('clubops.segment.v1').digest();
}

export function headText({ genesis, from, prev }: SegmentHead): string {
  const { logId, parent, nodeId, keyThumbprint } = genesis;
  return JSON.stringify({ clubops: FORM, genesis: { logId, parent, nodeId, keyThumbprint }, from, prev });
}

/** The mark after the lines of one write; `hashes` are the chain's after each of them, the last one at `seq`. No mac without a key. */
export function markText(logId: string, seq: number, hashes: readonly Buffer[], key: Buffer | null): string {
  const hash = hashes.at(-1)?.toString('hex') ?? '';
  const each = hashes.map((one) => one.toString('hex', 0, EACH_DIGITS / 2)).join('');
  return markFrom({ logId, seq, hash }, each, key);
}

/** As `markText`, from a place and the digits of each hash on the way to it. */
export function markFrom({ logId, seq, hash }: Place, each: string, key: Buffer | null): string {
  const mac = key && { mac: macOf({ logId, seq, hash }, key).toString('hex') };
  return JSON.stringify({ mark: { seq, hash, ...mac, each } });
}

/** True where the mark was made with this key, for this log. */
export function isMarkedBy(key: Buffer, logId: string, { seq, hash, mac }: SegmentMark): boolean {
  return mac !== null && timingSafeEqual(Buffer.from(mac, 'hex'), macOf({ logId, seq, hash }, key));
}

function macOf({ logId, seq, hash }: Place, key: Buffer): Buffer {
  return createHmac('sha256', key).update(`${logId}\n${seq}\n${hash}`).digest();
}

/** One line of a file. `torn`: the last one, without its end. `alien`: whole, but none that belongs in a segment. */
export type SegmentRow = { /** Bytes of the file up to its end. */ readonly end: number; readonly text: string } & (
  | { readonly kind: 'head'; readonly head: SegmentHead }
  | { readonly kind: 'event'; readonly seq: number; readonly id: string }
  | { readonly kind: 'mark'; readonly mark: SegmentMark }
  | { readonly kind: 'alien' }
  | { readonly kind: 'torn' }
);

const NEWLINE = 0x0a;
/** Bytes that are no UTF-8 are never put right: such a line would hash like the one that stood there. */
export function* segmentRows(bytes: Buffer): Generator<SegmentRow> {
  for (let at = 0; at < bytes.length;) {
    const newline = bytes.indexOf(NEWLINE, at);
    const isWhole = newline !== -1;
    const row = bytes.subarray(at, isWhole ? newline : bytes.length);
    at = isWhole ? newline + 1 : bytes.length;
    yield rowOf(row, { end: at, isWhole });
  }
}

function rowOf(bytes: Buffer, { end, isWhole }: { readonly end: number; readonly isWhole: boolean }): SegmentRow {
  const text = bytes.toString('utf8');
  if (!isWhole) return { kind: 'torn', end, text };
  if (!isUtf8(bytes)) return { kind: 'alien', end, text };
  const event = lineHead(text);
  if (event) return { kind: 'event', end, text, seq: event.seq, id: event.id };
  const mark = markIn(text);
  if (mark) return { kind: 'mark', end, text, mark };
  const head = headIn(text);
  return head ? { kind: 'head', end, text, head } : { kind: 'alien', end, text };
}

const MARK =
  /^\{"mark":\{"seq":(\d{1,16}),"hash":"([0-9a-f]{64})"(?:,"mac":"([0-9a-f]{64})")?(?:,"each":"([0-9a-f]*)")?\}\}$/;

function markIn(text: string): SegmentMark | null {
  const [, seq, hash, mac, each] = MARK.exec(text) ?? [];
  return seq === undefined || hash === undefined
    ? null
    : { seq: Number(seq), hash, mac: mac ?? null, each: each ?? '' };
}

function headIn(text: string): SegmentHead | null {
  if (!text.startsWith('{"clubops":')) return null;
  try {
    const { clubops, genesis, from, prev } = JSON.parse(text) as Record<string, unknown>;
    const fits = clubops === FORM && isCount(from) && from > 0 && isHash(prev) && isGenesis(genesis);
    return fits ? { genesis, from, prev } : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function isGenesis(value: unknown): value is Genesis {
  if (typeof value !== 'object' || value === null) return false;
  const { logId, parent, nodeId, keyThumbprint } = value as Record<string, unknown>;
  return [logId, nodeId, keyThumbprint].every((text) => typeof text === 'string') && isParent(parent);
}

function isParent(value: unknown): boolean {
  if (value === null) return true;
  if (typeof value !== 'object') return false;
  const { logId, seq, hash } = value as Record<string, unknown>;
  return typeof logId === 'string' && isCount(seq) && isHash(hash);
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
const isHash = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);

/** The key of a file's marks, or null for whoever has none and must take a mark at its word. */
export type Reading = {
  readonly stretches: readonly Stretch[];
  /** Bytes up to the last mark that was borne out. */ readonly goodTo: number;
};

/**
 * What of a file can be believed: lines that follow one another up to a mark that bears them out. Behind a rotten place
 * it goes on with the next mark that is right. Without a key the lines behind the last mark count, too.
 */
export function readSegment(bytes: Buffer, key: Buffer | null): Reading {
  const stretches: Stretch[] = [];
  let goodTo = 0;
  let now: Open | null = null;
  const finish = (): void => {
    if (now && key === null && !now.isBroken) bearOut(now);
    if (now && now.lines.length > 0) stretches.push(closed(now));
  };
  for (const row of segmentRows(bytes)) {
    if (row.kind === 'head') {
      finish();
      now = begun(row.head);
    } else if (now === null || row.kind === 'torn') {
      continue;
    } else if (row.kind === 'event') {
      if (row.seq === now.seq + 1) follow(now, row.text);
      else now.isBroken = true;
    } else if (row.kind === 'alien') {
      now.isBroken = true;
    } else if (key === null || isMarkedBy(key, now.genesis.logId, row.mark)) {
      const { seq, hash } = row.mark;
      if (!now.isBroken && seq === now.seq && hash === now.hash.toString('hex')) bearOut(now);
      else {
        now.isBroken = true;
        finish();
        now = begun({ genesis: now.genesis, from: seq + 1, prev: hash });
      }
      goodTo = row.end;
    }
  }
  finish();
  return { stretches, goodTo };
}

type Open = SegmentHead & {
  seq: number;
  hash: Buffer;
  isBroken: boolean;
  lines: string[];
  waiting: string[];
  good: Buffer;
};

function begun({ genesis, from, prev }: SegmentHead): Open {
  const hash = Buffer.from(prev, 'hex');
  return { genesis, from, prev, seq: from - 1, hash, isBroken: false, lines: [], waiting: [], good: hash };
}

function follow(open: Open, line: string): void {
  open.seq += 1;
  open.hash = nextHash(open.hash, line);
  open.waiting.push(line);
}

function bearOut(open: Open): void {
  for (const line of open.waiting) open.lines.push(line);
  open.waiting = [];
  open.good = open.hash;
}

function closed({ genesis, from, prev, good, lines }: Open): Stretch {
  return { genesis, from, prev, hash: good.toString('hex'), lines };
}
