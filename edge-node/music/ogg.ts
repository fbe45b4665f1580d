import type { ByteReader } from './byte-reader.ts';
import { refused, structure, type Range, type Structure } from './structure.ts';

const HEADER = 27;
const LAST_PAGE = 4;
const POLYNOMIAL = 0x04c11db7;
const CRC = Uint32Array.from({ length: 256 }, (_none, index) => {
  let value = index << 24;
  for (let bit = 0; bit < 8; bit += 1) value = value < 0 ? (value << 1) ^ POLYNOMIAL : value << 1;
  return value;
});

type Page = {
  readonly from: number;
  readonly body: number;
  readonly to: number;
  readonly isLast: boolean;
  /** Header pages of every codec stand at time zero. */
  readonly isSound: boolean;
  readonly isWhole: boolean;
};

/** Ogg Vorbis, Opus and FLAC from `start` on: every page has a check sum, and the last one says that it is the last. */
export function readOgg(bytes: ByteReader, start: number): Structure {
  const sound: Range[] = [];
  let page = readPage(bytes, start);
  if (page === null) return refused('BAD_HEADER');
  let ended = false;
  for (let next: Page | null = page; next !== null; next = readPage(bytes, next.to)) {
    page = next;
    if (page.to > bytes.size) return refused('TRUNCATED');
    if (!page.isWhole) return refused(page.from === start ? 'BAD_HEADER' : 'CORRUPT');
    ended = page.isLast;
    if (page.isSound) sound.push({ from: page.body, to: page.to });
  }
  if (!ended) return refused(page.to < bytes.size && isOgg(bytes, page.to) ? 'CORRUPT' : 'TRUNCATED');
  if (sound.length === 0) return refused('NO_AUDIO');
  return structure({ sound });
}

function isOgg(bytes: ByteReader, at: number): boolean {
  return bytes.at(at, 4).toString('latin1') === 'OggS';
}

function readPage(bytes: ByteReader, from: number): Page | null {
  const head = bytes.at(from, HEADER);
  if (head.length < HEADER || !isOgg(bytes, from) || head[4] !== 0) return null;
  const flags = head[5] ?? 0;
  const granule = head.readBigInt64LE(6);
  const segments = head[26] ?? 0;
  const body = from + HEADER + segments;
  const to = bytes.at(from + HEADER, segments).reduce((sum, one) => sum + one, body);
  return {
    from,
    body,
    to,
    isLast: (flags & LAST_PAGE) !== 0,
    isSound: granule !== 0n,
    isWhole: to > bytes.size || isWhole(bytes.at(from, to - from)),
  };
}

function isWhole(page: Buffer): boolean {
  let crc = 0;
  for (let at = 0; at < page.length; at += 1) {
    const byte = at >= 22 && at < 26 ? 0 : (page[at] ?? 0);
    crc = (crc << 8) ^ (CRC[((crc >>> 24) ^ byte) & 0xff] ?? 0);
  }
  return crc >>> 0 === page.readUInt32LE(22);
}
