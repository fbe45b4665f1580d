import { isUtf8 } from 'node:buffer';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Compile } from 'typebox/compile';
import { BatchHeader, UPLINK_PROTO, type UplinkAnswer } from '#shared/contract/uplink.ts';
import { limits } from '../../limits.ts';
import { NO_POSTINGS, readFacts, type Facts, type UnreadableReason } from './projection.ts';

/** A push, taken apart but not yet believed. */
export type Batch = {
  readonly header: BatchHeader;
  /** The event lines exactly as they came, without their newlines. */
  readonly lines: readonly string[];
  /** What each line says, as far as the cloud looks. */
  readonly read: readonly ReadLine[];
  /** The same lines as bytes, joined by newlines. */
  readonly bytes: Buffer;
};

export type ReadLine = { readonly v: unknown; readonly seq: unknown; readonly facts: Facts | UnreadableReason };

export type FramingRefusal = Extract<UplinkAnswer, { s: 'bad_batch' | 'too_large' | 'proto_old' }>;

const bad = (why: string): FramingRefusal => ({ s: 'bad_batch', why });
const tooLarge: FramingRefusal = { s: 'too_large', maxBytes: limits.pushBytesMax, maxEvents: limits.pushEventsMax };
const NEWLINE = 0x0a;
const bytesMax = limits.pushBytesMax + limits.pushHeaderBytesMax;
const header = Compile(BatchHeader);
const unzip = promisify(gunzip);

/** Never inflates more than the bound, whatever the compressed size promises. */
export async function inflate(body: Buffer, encoding: string): Promise<Buffer | FramingRefusal> {
  if (encoding === 'identity') return body.length > bytesMax ? tooLarge : body;
  if (encoding !== 'gzip') return bad('encoding_unsupported');
  try {
    // Event lines shrink to an eighth or so: room for that at once saves a turn through the thread pool for each 16 KB.
    const chunkSize = Math.min(Math.max(body.length * 10, 16_384), bytesMax);
    return await unzip(body, { maxOutputLength: bytesMax, chunkSize });
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? tooLarge : bad('gzip_broken');
  }
}

/** PostgreSQL's text holds any UTF-8 but NUL; anything else could not be kept byte for byte. */
export function readBatch(body: Buffer): Batch | FramingRefusal {
  if (!isUtf8(body)) return bad('not_utf8');
  if (body.includes(0)) return bad('nul_byte');
  const headerEnd = body.indexOf(NEWLINE);
  if (headerEnd < 0) return bad('no_events');
  if (headerEnd > limits.pushHeaderBytesMax) return bad('header_invalid');
  const head = readHeader(body.toString('utf8', 0, headerEnd));
  if ('s' in head) return head;
  const end = body.at(-1) === NEWLINE ? body.length - 1 : body.length;
  if (end <= headerEnd) return bad('no_events');
  const bytes = body.subarray(headerEnd + 1, end);
  if (head.n > limits.pushEventsMax || bytes.length > limits.pushBytesMax) return tooLarge;
  const lines = splitLines(bytes);
  if (lines.length !== head.n) return bad('count_differs');
  const read = readLines(lines);
  return read === null ? bad('line_not_json') : { header: head, lines, read, bytes };
}

function readHeader(text: string): BatchHeader | FramingRefusal {
  const value = parsed(text);
  if (typeof value !== 'object' || value === null) return bad('header_invalid');
  const proto = (value as { proto?: unknown }).proto;
  if (typeof proto === 'number' && proto < UPLINK_PROTO) return { s: 'proto_old', min: UPLINK_PROTO };
  if (!header.Check(value) || value.proto !== UPLINK_PROTO) return bad('header_invalid');
  return value;
}

/** Takes from each event what is needed and lets go of it at once: 2,000 that live on cost more to collect than to parse. */
function readLines(lines: readonly string[]): ReadLine[] | null {
  try {
    return lines.map((line) => {
      const glance = glanceAt(line);
      if (glance) return glance;
      const event = Object(JSON.parse(line)) as { v?: unknown; seq?: unknown };
      return { v: event.v, seq: event.seq, facts: readFacts(event) };
    });
  } catch {
    return null;
  }
}

/** How every node writes the front of a line: what the nights count stands in it. */
const FRONT =
  /^\{"v":1,"seq":(\d{1,15}),"id":"[\w-]{1,64}","type":"([a-z][a-z0-9_.]{0,63})","tv":\d{1,4},"at":\{[^{}]{0,300}\},"day":(?:null|"([\w:.-]{1,64})"),/;

/** Most events move no money: then their front says all that is counted, and parsing the rest would cost half of an ingest. */
function glanceAt(line: string): ReadLine | null {
  const front = FRONT.exec(line);
  if (!front || !line.endsWith('}') || line.includes('"postings":')) return null;
  const [, seq, type, day] = front;
  return { v: 1, seq: Number(seq), facts: { day: day ?? null, type: type ?? '', postings: NO_POSTINGS } };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** One small string a line: lines cut from one big string would keep all of it alive, which costs more to collect. */
function splitLines(bytes: Buffer): string[] {
  const lines: string[] = [];
  for (let start = 0; start <= bytes.length;) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline < 0 ? bytes.length : newline;
    lines.push(bytes.toString('utf8', start, end));
    start = end + 1;
  }
  return lines;
}

/** The bytes of `batch` from line `first` (counted from 0) on. */
export function bytesFrom({ lines, bytes }: Batch, first: number): Buffer {
  let start = 0;
  for (const line of lines.slice(0, first)) start += Buffer.byteLength(line) + 1;
  return bytes.subarray(start);
}
