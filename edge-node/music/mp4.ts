import type { ByteReader } from './byte-reader.ts';
import { refused, structure, type Range, type Structure } from './structure.ts';

type Box = { readonly type: string; readonly from: number; readonly to: number };
type Track = {
  readonly handler: string;
  readonly entries: readonly Box[];
  /** Where its last chunk begins; 0 where the table names none. */
  readonly lastChunk: number;
};

const BOXES_MAX = 20_000;
const MOOV_BYTES_MAX = 64 * 1024 * 1024;
const PROTECTED: ReadonlySet<string> = new Set(['drms', 'drmi', 'drmt', 'enca', 'encv', 'aavd']);
/** Pictures that stand for chapters or a cover are no video. */
const STILL: ReadonlySet<string> = new Set(['jpeg', 'png ', 'mjpa', 'mjpb', 'gif ', 'text']);
/** Boxes that may lie side by side in a file. What follows them under another name is a tag or a piece of another file. */
const TOP: ReadonlySet<string> = new Set(
  'ftyp moov mdat free skip wide pnot uuid udta meta moof mfra sidx ssix styp prft emsg pdin bloc'.split(' '),
);
/** Bytes of an audio sample entry before the boxes in it, by its version. */
const ENTRY_BYTES = [28, 44, 64];

/** MP4, M4A and QuickTime. */
export function readMp4(bytes: ByteReader): Structure {
  const all = boxes(bytes, 0, bytes.size);
  const foreign = all.findIndex(({ type }) => !TOP.has(type));
  const top = foreign === -1 ? all : all.slice(0, foreign);
  const movie = top.find(({ type }) => type === 'moov');
  const data = top.filter(({ type }) => type === 'mdat');
  if (movie !== undefined && movie.to - movie.from > MOOV_BYTES_MAX) return refused('BAD_HEADER');
  const tracks = movie === undefined ? [] : readTracks(bytes, movie);
  const entries = tracks.flatMap((track) => track.entries);
  if (entries.some((entry) => PROTECTED.has(entry.type) || holdsProtection(bytes, entry))) return refused('DRM');
  if (tracks.some(({ handler, entries: own }) => handler === 'vide' && own.some(({ type }) => !STILL.has(type))))
    return refused('HAS_VIDEO');
  if (top.some(({ to }) => to > bytes.size)) return refused('TRUNCATED');
  if (movie === undefined) return refused(data.length > 0 ? 'TRUNCATED' : 'BAD_HEADER');
  if (!tracks.some(({ handler }) => handler === 'soun')) return refused('NO_AUDIO');
  if (data.length === 0 || tracks.some(({ lastChunk }) => lastChunk >= bytes.size)) return refused('TRUNCATED');
  const sound: readonly Range[] = data.map(({ from, to }) => ({ from, to }));
  return structure({ sound });
}

/** The boxes between two places. One whose size cannot be ends the list; one that reaches too far keeps its own end. */
function boxes(bytes: ByteReader, from: number, to: number): readonly Box[] {
  const found: Box[] = [];
  let at = from;
  while (at + 8 <= to && found.length < BOXES_MAX) {
    const head = bytes.at(at, 16);
    if (head.length < 8) break;
    const short = head.readUInt32BE(0);
    const isLong = short === 1 && head.length === 16;
    const length = isLong ? Number(head.readBigUInt64BE(8)) : short === 0 ? to - at : short;
    const headBytes = isLong ? 16 : 8;
    if (length < headBytes) break;
    found.push({ type: head.toString('latin1', 4, 8), from: at + headBytes, to: at + length });
    at += length;
  }
  return found;
}

function inside(bytes: ByteReader, box: Box | undefined, type: string): readonly Box[] {
  if (box === undefined) return [];
  return boxes(bytes, box.from, Math.min(box.to, bytes.size)).filter((one) => one.type === type);
}

function readTracks(bytes: ByteReader, movie: Box): readonly Track[] {
  return inside(bytes, movie, 'trak').map((track) => {
    const [media] = inside(bytes, track, 'mdia');
    const [handler] = inside(bytes, media, 'hdlr');
    const [information] = inside(bytes, media, 'minf');
    const [table] = inside(bytes, information, 'stbl');
    const [descriptions] = inside(bytes, table, 'stsd');
    const [short] = inside(bytes, table, 'stco');
    const [long] = inside(bytes, table, 'co64');
    return {
      lastChunk: lastOf(bytes, short, 4) || lastOf(bytes, long, 8),
      handler: handler === undefined ? '' : bytes.at(handler.from + 8, 4).toString('latin1'),
      // Version, flags and a count come first.
      entries: descriptions === undefined ? [] : boxes(bytes, descriptions.from + 8, descriptions.to),
    };
  });
}

/** The last of a table of offsets of so many bytes each. */
function lastOf(bytes: ByteReader, table: Box | undefined, width: 4 | 8): number {
  const count = table === undefined ? Buffer.alloc(0) : bytes.at(table.from + 4, 4);
  if (table === undefined || count.length < 4 || count.readUInt32BE(0) === 0) return 0;
  const last = bytes.at(table.from + 8 + (count.readUInt32BE(0) - 1) * width, width);
  if (last.length < width) return 0;
  return width === 4 ? last.readUInt32BE(0) : Number(last.readBigUInt64BE(0));
}

/** A sample entry of any name with protection information in it. */
function holdsProtection(bytes: ByteReader, entry: Box): boolean {
  const version = bytes.at(entry.from + 8, 2);
  const skip = version.length < 2 ? undefined : ENTRY_BYTES[version.readUInt16BE(0)];
  if (skip === undefined) return false;
  return boxes(bytes, entry.from + skip, Math.min(entry.to, bytes.size)).some(({ type }) => type === 'sinf');
}
