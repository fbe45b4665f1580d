import type { ByteReader } from './byte-reader.ts';

const ID3_HEADER = 10;
const APE_FOOTER = 32;
const ID3V1 = 128;

/** How long the ID3v2 tag is that begins here, in bytes; 0 where none does. */
export function id3Length(bytes: ByteReader, offset: number): number {
  const head = bytes.at(offset, ID3_HEADER);
  if (head.length < ID3_HEADER || head.toString('latin1', 0, 3) !== 'ID3') return 0;
  const size = [6, 7, 8, 9].reduce((sum, at) => sum * 128 + ((head[at] ?? 0) & 0x7f), 0);
  const footer = ((head[5] ?? 0) & 0x10) === 0 ? 0 : ID3_HEADER;
  return ID3_HEADER + size + footer;
}

/** How long the tag of any kind is that begins here, in bytes, as joined files have them in their middle; 0 where none does. */
export function tagLength(bytes: ByteReader, offset: number): number {
  const head = bytes.at(offset, APE_FOOTER);
  if (head.toString('latin1', 0, 3) === 'TAG') return ID3V1;
  const isApe = head.length === APE_FOOTER && head.toString('latin1', 0, 8) === 'APETAGEX';
  return isApe ? APE_FOOTER + head.readUInt32LE(12) : id3Length(bytes, offset);
}

/** Where the ID3v2 tags at the beginning of a file end; 0 where there are none. Padding behind them is skipped. */
export function afterId3(bytes: ByteReader): number {
  let at = 0;
  for (let length = id3Length(bytes, at); length > 0; length = id3Length(bytes, at)) at += length;
  return at;
}

/** Where the sound ends: before the ID3v1, APEv2 and Lyrics3 tags that may follow one another at the end of a file. */
export function beforeTrailingTags(bytes: ByteReader, start: number): number {
  let end = bytes.size;
  for (let length = trailing(bytes, end); length > 0; length = trailing(bytes, end)) {
    // A tag that claims to begin before the sound did is none.
    if (end - length < start) return end;
    end -= length;
  }
  return end;
}

function trailing(bytes: ByteReader, end: number): number {
  const at = (back: number, length: number): Buffer => bytes.at(end - back, length);
  if (at(ID3V1, 3).toString('latin1') === 'TAG') return ID3V1;
  const footer = at(APE_FOOTER, APE_FOOTER);
  if (footer.toString('latin1', 0, 8) === 'APETAGEX' && footer.length === APE_FOOTER) {
    const withHeader = (footer.readUInt32LE(20) & 0x80000000) !== 0;
    return footer.readUInt32LE(12) + (withHeader ? APE_FOOTER : 0);
  }
  const lyrics = at(15, 15).toString('latin1');
  if (lyrics.endsWith('LYRICS200')) return Number(lyrics.slice(0, 6)) + 15 || 0;
  return 0;
}
