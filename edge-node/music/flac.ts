import type { ByteReader } from './byte-reader.ts';
import { refused, structure, type Structure } from './structure.ts';
import { beforeTrailingTags } from './tag-blocks.ts';
import type { Refusal } from './verdict.ts';

const STREAMINFO_BYTES = 34;
const TAIL_BYTES = 256 * 1024;
const BLOCKS_MAX = 1024;
/** A picture; kinds beyond it are reserved. */
const LAST_KIND = 6;
/** An encoder may leave out a part of a block at the end. */
const MISSING_SAMPLES_MAX = 1;

type StreamInfo = { readonly sampleRate: number; readonly total: number; readonly blockMax: number };

/** A FLAC stream that begins at `start` (an ID3 tag may lie before it). */
export function readFlac(bytes: ByteReader, start: number): Structure {
  const info = readStreamInfo(bytes, start);
  if (info === null) return refused('BAD_HEADER');
  const blocks = afterBlocks(bytes, start);
  if (typeof blocks === 'string') return refused(blocks);
  const to = beforeTrailingTags(bytes, blocks);
  if (blocks >= to) return refused('NO_AUDIO');
  const from = firstFrame(bytes, { from: blocks, to, blockMax: info.blockMax });
  if (from === null) return refused('BAD_HEADER');
  const promisedSeconds = info.total === 0 ? null : info.total / info.sampleRate;
  const last = lastSample(bytes, { from, to, blockMax: info.blockMax }, Buffer.from(bytes.at(from, 4)));
  if (info.total > 0 && last < info.total - MISSING_SAMPLES_MAX) return refused('TRUNCATED');
  return structure({
    sound: [{ from, to }],
    promisedSeconds,
    framesSeconds: last === 0 ? null : Math.max(last, info.total) / info.sampleRate,
  });
}

function readStreamInfo(bytes: ByteReader, start: number): StreamInfo | null {
  const head = bytes.at(start + 4, 4 + STREAMINFO_BYTES);
  if (head.length < 4 + STREAMINFO_BYTES) return null;
  if (((head[0] ?? 0) & 0x7f) !== 0 || head.readUIntBE(1, 3) !== STREAMINFO_BYTES) return null;
  const packed = head.readBigUInt64BE(4 + 10);
  const sampleRate = Number(packed >> 44n);
  const blockMax = head.readUInt16BE(4 + 2);
  if (sampleRate === 0 || blockMax < 16) return null;
  return { sampleRate, total: Number(packed & 0xfffffffffn), blockMax };
}

/** Where the blocks of metadata end; a refusal where one reaches beyond the file, is of no kind that there is, or nothing follows. */
function afterBlocks(bytes: ByteReader, start: number): number | Refusal {
  let at = start + 4;
  for (let count = 0; count < BLOCKS_MAX; count += 1) {
    const head = bytes.at(at, 4);
    if (head.length < 4) return head.length === 0 ? 'NO_AUDIO' : 'TRUNCATED';
    if (((head[0] ?? 0) & 0x7f) > LAST_KIND) return 'BAD_HEADER';
    at += 4 + head.readUIntBE(1, 3);
    if (at > bytes.size) return 'TRUNCATED';
    if (((head[0] ?? 0) & 0x80) !== 0) return at;
  }
  return 'BAD_HEADER';
}

/** A block may have told a wrong length: then the sound begins a little later. */
function firstFrame(bytes: ByteReader, { from, to, blockMax }: Stretch): number | null {
  for (let at = from; at < Math.min(to, from + TAIL_BYTES); at += 1) {
    if (bytes.at(at, 1)[0] !== 0xff || !isSync(bytes.at(at, 2))) continue;
    if (frameEnd(bytes.at(at, 16), blockMax) !== null) return at;
  }
  return null;
}

function isSync(pair: Buffer): boolean {
  return pair[0] === 0xff && ((pair[1] ?? 0) & 0xfe) === 0xf8;
}

/** The manner of counting, the sample rate and the bits are the same in all frames of a stream. */
function isOfStream(header: Buffer, first: Buffer): boolean {
  const lasting = [0xff, 0xff, 0x0f, 0x0f];
  return lasting.every((mask, at) => ((header[at] ?? 0) & mask) === ((first[at] ?? 0) & mask));
}

type Stretch = { readonly from: number; readonly to: number; readonly blockMax: number };

/** The end of the last frame that looks whole and like the first one, in samples from the beginning; 0 where none is found. */
function lastSample(bytes: ByteReader, { from, to, blockMax }: Stretch, first: Buffer): number {
  const begin = Math.max(from, to - TAIL_BYTES);
  const tail = bytes.at(begin, to - begin);
  for (let at = tail.length - 6; at >= 0; at -= 1) {
    if (tail[at] !== 0xff || !isOfStream(tail.subarray(at, at + 4), first)) continue;
    const end = frameEnd(tail.subarray(at, at + 16), blockMax);
    if (end !== null) return end;
  }
  return 0;
}

/** Where the frame of this header ends, in samples; null where the header's own check fails. */
function frameEnd(header: Buffer, blockMax: number): number | null {
  const variable = ((header[1] ?? 0) & 1) === 1;
  const sizeCode = (header[2] ?? 0) >> 4;
  const rateCode = (header[2] ?? 0) & 15;
  const number = codedNumber(header, 4);
  if (number === null || sizeCode === 0 || rateCode === 15) return null;
  const sizeBytes = sizeCode === 6 ? 1 : sizeCode === 7 ? 2 : 0;
  const rateBytes = rateCode === 12 ? 1 : rateCode === 13 || rateCode === 14 ? 2 : 0;
  const checked = number.next + sizeBytes + rateBytes;
  if (checked >= header.length || crc8(header.subarray(0, checked)) !== header[checked]) return null;
  const samples = blockSize(sizeCode, header.subarray(number.next, number.next + sizeBytes));
  return (variable ? number.value : number.value * blockMax) + samples;
}

function blockSize(code: number, own: Buffer): number {
  if (code === 1) return 192;
  if (code <= 5) return 144 * 2 ** code;
  if (code === 6) return (own[0] ?? 0) + 1;
  if (code === 7) return own.readUInt16BE(0) + 1;
  return 2 ** code;
}

/** A number in the manner of UTF-8, up to seven bytes. */
function codedNumber(header: Buffer, at: number): { readonly value: number; readonly next: number } | null {
  const first = header[at] ?? 0xff;
  const length = first < 0x80 ? 1 : Math.clz32(~(first << 24));
  if (first === 0xff || (first >= 0x80 && length < 2) || at + length > header.length) return null;
  let value = length === 1 ? first : first & (0x7f >> length);
  for (const byte of header.subarray(at + 1, at + length)) {
    if ((byte & 0xc0) !== 0x80) return null;
    value = value * 64 + (byte & 0x3f);
  }
  return { value, next: at + length };
}

function crc8(data: Buffer): number {
  let crc = 0;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 0x80) === 0 ? crc << 1 : ((crc << 1) ^ 0x07) & 0xff;
  }
  return crc;
}
