import type { ByteReader } from './byte-reader.ts';
import { adtsFrame, mpegFrame, type Frame } from './mpeg-frame.ts';
import type { Probed } from './probe.ts';
import { refused, structure, type Structure } from './structure.ts';
import { afterId3, beforeTrailingTags, tagLength } from './tag-blocks.ts';

/** So many frames in a row are no chance: random bytes hold false headers by the dozen. */
const CHAIN_FRAMES = 4;
/** A few frames that are lost are not heard; a seam where two files were joined loses one. */
const LOST_SHARE_MAX = 0.005;
/** In a long file that share would be a bar of the song. */
const LOST_SECONDS_MAX = 0.25;
const EMPTY_SECONDS_MAX = 1;
const SEARCH_BYTES_MAX = 4 * 1024 * 1024;
const PROMISE_TOLERANCE = 0.005;

type ReadFrame = (bytes: ByteReader, offset: number) => Frame | null;
type Walk = {
  readonly frames: number;
  readonly seconds: number;
  readonly lost: number;
  readonly end: number;
  /** Of the first frame, where all have the same; else null. */
  readonly all: Frame | null;
};

const readMpeg: ReadFrame = (bytes, offset) => mpegFrame(bytes.at(offset, 4));
const readAdts: ReadFrame = (bytes, offset) => adtsFrame(bytes.at(offset, 7));

/** Where the first chain of frames begins, and of which kind it is; null where there is none. */
export function findFrames(
  bytes: ByteReader,
): { readonly kind: 'mpeg' | 'adts'; readonly from: number; readonly start: number } | null {
  const start = afterId3(bytes);
  const until = Math.min(bytes.size, start + SEARCH_BYTES_MAX);
  for (let from = start; from < until; from += 1) {
    if (bytes.at(from, 1)[0] !== 0xff) continue;
    if (chain(bytes, from, readMpeg, true)) return { kind: 'mpeg', from, start };
    if (chain(bytes, from, readAdts, true)) return { kind: 'adts', from, start };
  }
  return null;
}

/** Frames in a row from here on; `isShortFine` where a file that ends after two of them is a chain all the same. */
function chain(bytes: ByteReader, from: number, read: ReadFrame, isShortFine: boolean): boolean {
  const first = read(bytes, from);
  let at = from;
  for (let count = 0; count < CHAIN_FRAMES; count += 1) {
    if (isShortFine && at >= bytes.size - 4 && count >= 2) return true;
    const frame = read(bytes, at);
    if (frame === null || frame.stream !== first?.stream) return false;
    at += frame.bytes;
  }
  return true;
}

/** The structure of a file that is frames and nothing else (MP3, MP2, ADTS). Null where it has no chain of frames. */
export function readFrames(bytes: ByteReader): Structure | null {
  const found = findFrames(bytes);
  if (found === null) return null;
  const read = found.kind === 'mpeg' ? readMpeg : readAdts;
  const end = beforeTrailingTags(bytes, found.from);
  const walked = walk(bytes, { from: found.from, end, read });
  const promise = found.kind === 'mpeg' ? readPromise(bytes, found.from) : null;
  // A frame that holds the promise is written by whoever writes tags: it is none of the sound.
  const first = promise === null ? 0 : (read(bytes, found.from)?.bytes ?? 0);
  const sound = [{ from: found.from + first, to: walked.end }];
  const has = walked.end - found.from;
  if (promise !== null && isShort(promise, { walked, has })) return refused('TRUNCATED');
  const bytesPerSecond = (has - walked.lost) / walked.seconds;
  if (isEmpty(bytes, walked.end, end) && end - walked.end > bytesPerSecond * EMPTY_SECONDS_MAX)
    return refused('TRUNCATED');
  if (walked.lost > Math.min(LOST_SHARE_MAX * has, LOST_SECONDS_MAX * bytesPerSecond)) return refused('CORRUPT');
  const known = structure({
    warnings: isEmpty(bytes, found.start, found.from) ? [] : ['JUNK_PREFIX'],
    sound,
    framesSeconds: walked.seconds,
    junkFrom: walked.end < end ? walked.end : null,
  });
  const isPlain = known.warnings.length === 0 && known.junkFrom === null && walked.lost === 0;
  return isPlain ? { ...known, probed: probedOf(walked) } : known;
}

function probedOf({ all, seconds }: Walk): Probed | null {
  if (all === null || all.channels === null) return null;
  return { codec: 'mp3', sampleRate: all.sampleRate, channels: all.channels, seconds };
}

/** Follows the frames to the end of the sound; between them it counts the bytes that belong to none. */
function walk(
  bytes: ByteReader,
  { from, end, read }: { readonly from: number; readonly end: number; readonly read: ReadFrame },
): Walk {
  let at = from;
  let frames = 0;
  let seconds = 0;
  let lost = 0;
  const first = read(bytes, from);
  let isSame = true;
  for (;;) {
    const frame = read(bytes, at);
    if (frame !== null && at < end) {
      isSame &&= frame.stream === first?.stream && frame.channels === first.channels;
      frames += 1;
      seconds += frame.samples / frame.sampleRate;
      at += frame.bytes;
      continue;
    }
    const next = resume(bytes, { at, end, read });
    if (next === null) return { frames, seconds, lost, end: Math.min(at, end), all: isSame ? first : null };
    lost += next.lost;
    at = next.at;
  }
}

/** The next chain after a place where no frame begins; a tag in the middle, as joined files have it, is not lost sound. */
function resume(
  bytes: ByteReader,
  { at, end, read }: { readonly at: number; readonly end: number; readonly read: ReadFrame },
): { readonly at: number; readonly lost: number } | null {
  const tag = tagLength(bytes, at);
  const start = at + tag;
  const until = Math.min(end, start + SEARCH_BYTES_MAX);
  for (let next = start; next < until; next += 1) {
    if (bytes.at(next, 1)[0] === 0xff && chain(bytes, next, read, false)) return { at: next, lost: next - start };
  }
  return null;
}

type Promised = { readonly frames: number | null; readonly bytes: number | null };

/** What a Xing, Info or VBRI header in the first frame says of the whole stream. */
function readPromise(bytes: ByteReader, from: number): Promised | null {
  const frame = readMpeg(bytes, from);
  if (frame === null) return null;
  const xing = bytes.at(from + frame.sideInfo, 16);
  if (xing.length === 16 && ['Xing', 'Info'].includes(xing.toString('latin1', 0, 4))) {
    const flags = xing.readUInt32BE(4);
    const hasFrames = (flags & 1) !== 0;
    const hasBytes = (flags & 2) !== 0;
    return {
      frames: hasFrames ? xing.readUInt32BE(8) : null,
      bytes: hasBytes ? xing.readUInt32BE(hasFrames ? 12 : 8) : null,
    };
  }
  const vbri = bytes.at(from + 36, 18);
  if (vbri.length === 18 && vbri.toString('latin1', 0, 4) === 'VBRI')
    return { frames: vbri.readUInt32BE(14), bytes: vbri.readUInt32BE(10) };
  return null;
}

/** The bytes decide where they are known, because damage in the middle takes frames and leaves the bytes. */
function isShort(
  { frames, bytes }: Promised,
  { walked, has }: { readonly walked: Walk; readonly has: number },
): boolean {
  if (bytes !== null && bytes > 0) return has < bytes * (1 - PROMISE_TOLERANCE);
  return frames !== null && walked.frames < frames * (1 - PROMISE_TOLERANCE);
}

/** Zeros before the first frame are padding of a tag; behind the last one they are the part of a download that never came. */
function isEmpty(bytes: ByteReader, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if (bytes.at(at, 1)[0] !== 0) return false;
  return true;
}
