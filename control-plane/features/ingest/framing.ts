import { isUtf8 } from 'node:buffer';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Compile } from 'typebox/compile';
import { BatchHeader, UPLINK_PROTO, type UplinkAnswer } from '#shared/contract/uplink.ts';
import { limits } from '../../limits.ts';

/** A push, taken apart but not yet believed. */
export type Batch = {
  readonly header: BatchHeader;
  /** The event lines exactly as they came, without their newlines. */
  readonly lines: readonly string[];
  /** What each line says, as JSON. */
  readonly events: readonly unknown[];
  /** The same lines as bytes, joined by newlines. */
  readonly bytes: Buffer;
};

export type FramingRefusal = Extract<UplinkAnswer, { s: 'bad_batch' | 'too_large' | 'proto_old' }>;

const bad = (why: string): FramingRefusal => ({ s: 'bad_batch', why });
const tooLarge: FramingRefusal = { s: 'too_large', maxBytes: limits.pushBytesMax, maxEvents: limits.pushEventsMax };
const bytesMax = limits.pushBytesMax + limits.pushHeaderBytesMax;
const header = Compile(BatchHeader);
const unzip = promisify(gunzip);

/** Never inflates more than the bound, whatever the compressed size promises. */
export async function inflate(body: Buffer, encoding: string): Promise<Buffer | FramingRefusal> {
  if (encoding === 'identity') return body.length > bytesMax ? tooLarge : body;
  if (encoding !== 'gzip') return bad('encoding_unsupported');
  try {
    return await unzip(body, { maxOutputLength: bytesMax });
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? tooLarge : bad('gzip_broken');
  }
}

/** PostgreSQL's text holds any UTF-8 but NUL; anything else could not be kept byte for byte. */
export function readBatch(body: Buffer): Batch | FramingRefusal {
  if (!isUtf8(body)) return bad('not_utf8');
  if (body.includes(0)) return bad('nul_byte');
  const headerEnd = body.indexOf(0x0a);
  if (headerEnd < 0) return bad('no_events');
  if (headerEnd > limits.pushHeaderBytesMax) return bad('header_invalid');
  const head = readHeader(body.toString('utf8', 0, headerEnd));
  if ('s' in head) return head;
  const end = body.at(-1) === 0x0a ? body.length - 1 : body.length;
  if (end <= headerEnd) return bad('no_events');
  const bytes = body.subarray(headerEnd + 1, end);
  if (head.n > limits.pushEventsMax || bytes.length > limits.pushBytesMax) return tooLarge;
  const lines = bytes.toString('utf8').split('\n');
  if (lines.length !== head.n) return bad('count_differs');
  const events = readLines(lines);
  return events === null ? bad('line_not_json') : { header: head, lines, events, bytes };
}

function readHeader(text: string): BatchHeader | FramingRefusal {
  const value = parsed(text);
  if (typeof value !== 'object' || value === null) return bad('header_invalid');
  const proto = (value as { proto?: unknown }).proto;
  if (typeof proto === 'number' && proto < UPLINK_PROTO) return { s: 'proto_old', min: UPLINK_PROTO };
  if (!header.Check(value) || value.proto !== UPLINK_PROTO) return bad('header_invalid');
  return value;
}

function readLines(lines: readonly string[]): unknown[] | null {
  try {
    return lines.map((line) => JSON.parse(line) as unknown);
  } catch {
    return null;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The bytes of `batch` from line `first` (counted from 0) on. */
export function bytesFrom({ lines, bytes }: Batch, first: number): Buffer {
  let start = 0;
  for (const line of lines.slice(0, first)) start += Buffer.byteLength(line) + 1;
  return bytes.subarray(start);
}
