import type { ByteReader } from './byte-reader.ts';
import { refused, structure, type Structure } from './structure.ts';
import { musicLimits } from './limits.ts';

const CHUNKS_MAX = 10_000;
/** What programs write that do not know the length yet: all ones, and what arecord and SoX take for endless. */
const UNKNOWN_MIN = 0xffffff00;
const ENDLESS = { min: 0x7ffff000, max: 0x80000000 } as const;
/** Writers that count their own header: nothing is missing that is heard. */
const MISCOUNTED_BYTES_MAX = 512;
const FORMAT_PCM = 1;
const FORMAT_FLOAT = 3;
const FORMAT_EXTENSIBLE = 0xfffe;

type Chunk = { readonly id: string; readonly from: number; readonly length: number };

/** RIFF, RF64 and BW64 carry their sizes first byte last; RIFX and `FORM` (AIFF) first byte first. */
function chunks(bytes: ByteReader, start: number, big: boolean): readonly Chunk[] {
  const found: Chunk[] = [];
  let at = start + 12;
  while (found.length < CHUNKS_MAX) {
    const head = bytes.at(at, 8);
    if (head.length < 8) break;
    const length = big ? head.readUInt32BE(4) : head.readUInt32LE(4);
    found.push({ id: head.toString('latin1', 0, 4), from: at + 8, length });
    at += 8 + length + (length % 2);
  }
  return found;
}

/** WAV from `start` on: RIFF, RIFX, RF64 and BW64 (for more than four gigabytes), and what a pipe left without a length. */
export function readWav(bytes: ByteReader, start: number): Structure {
  const isBig = bytes.at(start, 4).toString('latin1') === 'RIFX';
  const all = chunks(bytes, start, isBig);
  const format = all.find(({ id }) => id === 'fmt ');
  const data = all.find(({ id }) => id === 'data');
  if (format === undefined) return refused('BAD_HEADER');
  const header = bytes.at(format.from, Math.min(format.length, 40));
  if (!isSane(header, isBig)) return refused('BAD_HEADER');
  if (data === undefined) return refused('NO_AUDIO');
  const rest = bytes.size - data.from;
  const length =
    data.length >= UNKNOWN_MIN ? longLength(bytes, all) : isEndless(data.length, rest) ? null : data.length;
  // A pipe leaves the size open: zero or all ones, and the sound goes to the end of the file.
  const isOpen = length === null || (length === 0 && rest > 0);
  if (rest === 0 && (isOpen || length === 0)) return refused('NO_AUDIO');
  if (!isOpen && length - rest > MISCOUNTED_BYTES_MAX) return refused('TRUNCATED');
  const to = isOpen ? bytes.size : Math.min(bytes.size, data.from + length);
  return structure({ sound: [{ from: data.from, to }] });
}

function isEndless(length: number, rest: number): boolean {
  return length >= ENDLESS.min && length <= ENDLESS.max && length > rest;
}

/** The 64-bit length of an RF64 file; null where there is none. */
function longLength(bytes: ByteReader, all: readonly Chunk[]): number | null {
  const ds64 = all.find(({ id }) => id === 'ds64');
  const body = ds64 === undefined ? Buffer.alloc(0) : bytes.at(ds64.from, 16);
  return body.length < 16 ? null : Number(body.readBigUInt64LE(8));
}

function isSane(header: Buffer, isBig: boolean): boolean {
  if (header.length < 16) return false;
  const short = (at: number): number => (isBig ? header.readUInt16BE(at) : header.readUInt16LE(at));
  const kind = short(0);
  const channels = short(2);
  const sampleRate = isBig ? header.readUInt32BE(4) : header.readUInt32LE(4);
  const align = short(12);
  const bits = short(14);
  if (channels === 0 || channels > musicLimits.channelsMax || sampleRate === 0 || sampleRate > 768_000) return false;
  const isPcm = [FORMAT_PCM, FORMAT_FLOAT, FORMAT_EXTENSIBLE].includes(kind);
  return !isPcm || (bits > 0 && bits <= 64 && align >= channels * Math.ceil(bits / 8));
}

/** AIFF and AIFF-C from `start` on. */
export function readAiff(bytes: ByteReader, start: number): Structure {
  const all = chunks(bytes, start, true);
  const common = all.find(({ id }) => id === 'COMM');
  const sound = all.find(({ id }) => id === 'SSND');
  const header = common === undefined || common.length < 18 ? Buffer.alloc(0) : bytes.at(common.from, 18);
  if (header.length < 18) return refused('BAD_HEADER');
  const channels = header.readUInt16BE(0);
  if (channels === 0 || channels > musicLimits.channelsMax || header.readUInt16BE(6) === 0)
    return refused('BAD_HEADER');
  if (sound === undefined || sound.length <= 8) return refused('NO_AUDIO');
  if (sound.from + sound.length - bytes.size > MISCOUNTED_BYTES_MAX) return refused('TRUNCATED');
  return structure({ sound: [{ from: sound.from + 8, to: Math.min(bytes.size, sound.from + sound.length) }] });
}
