import type { ByteReader } from './byte-reader.ts';
import { readFlac } from './flac.ts';
import { readAiff, readWav } from './iff.ts';
import { readMp4 } from './mp4.ts';
import { mpegFrame } from './mpeg-frame.ts';
import { findFrames, readFrames } from './mpeg.ts';
import { readOgg } from './ogg.ts';
import { refused, structure, type Structure } from './structure.ts';
import { afterId3 } from './tag-blocks.ts';
import type { Refusal } from './verdict.ts';

/** How a format is handed to ffmpeg and to the tag reader, and how files of it may end. */
export type Format = {
  readonly name: 'mp3' | 'aac' | 'flac' | 'wav' | 'aiff' | 'ogg' | 'mp4';
  readonly demuxer: string;
  readonly mime: string;
  readonly extensions: readonly string[];
};

export const FORMATS = {
  mp3: { name: 'mp3', demuxer: 'mp3', mime: 'audio/mpeg', extensions: ['mp3', 'mp2', 'mpga', 'mpa', 'mp1', 'm2a'] },
  aac: { name: 'aac', demuxer: 'aac', mime: 'audio/aac', extensions: ['aac', 'adts'] },
  flac: { name: 'flac', demuxer: 'flac', mime: 'audio/flac', extensions: ['flac', 'fla'] },
  wav: { name: 'wav', demuxer: 'wav', mime: 'audio/wav', extensions: ['wav', 'wave', 'bwf', 'rf64'] },
  aiff: { name: 'aiff', demuxer: 'aiff', mime: 'audio/aiff', extensions: ['aif', 'aiff', 'aifc'] },
  ogg: { name: 'ogg', demuxer: 'ogg', mime: 'audio/ogg', extensions: ['ogg', 'oga', 'opus', 'ogx', 'spx'] },
  mp4: {
    name: 'mp4',
    demuxer: 'mov',
    mime: 'audio/mp4',
    extensions: ['m4a', 'mp4', 'm4b', 'm4p', 'm4r', 'mov', 'aac', '3gp', '3g2', 'f4a', 'alac'],
  },
} as const satisfies Record<Format['name'], Format>;

export type Sniffed =
  | { readonly ok: true; readonly format: Format; readonly structure: Structure }
  | { readonly ok: false; readonly refusal: Refusal };

/** What begins like this is refused by its name; the rest of what is not known is refused as no audio. */
const FOREIGN: readonly (readonly [magic: string, at: number])[] = [
  ['\x30\x26\xb2\x75\x8e\x66\xcf\x11', 0],
  ['MAC ', 0],
  ['wvpk', 0],
  ['DSD ', 0],
  ['FRM8', 0],
  ['TTA1', 0],
  ['TTA2', 0],
  ['MPCK', 0],
  ['MP+', 0],
  ['OFR ', 0],
  ['tBaK', 0],
  ['caff', 0],
  ['.snd', 0],
  ['#!AMR', 0],
  ['MThd', 0],
  ['.RMF', 0],
  ['.ra\xfd', 0],
  ['\x1a\x45\xdf\xa3', 0],
  ['FLV\x01', 0],
  ['Extended Module:', 0],
  ['IMPM', 0],
  ['SCRM', 44],
  ['M.K.', 1080],
  ['M!K!', 1080],
  ['FLT4', 1080],
  ['CHN', 1081],
  ['riff\x2e\x91\xcf\x11', 0],
  ['AVI ', 8],
  ['RMID', 8],
  ['\x00\x00\x01\xba', 0],
  ['\x0b\x77', 0],
  ['\x7f\xfe\x80\x01', 0],
  ['ADIF', 0],
  ['ajkg', 0],
  ['ea3\x03', 0],
  ['EA3\x01', 0],
  ['\x57\x90\x75\x36', 4],
  ['Creative Voice File', 0],
  ['PSID\x00', 0],
  ['RSID\x00', 0],
  ['8SVX', 8],
  ['\xf8\x72\x6f', 4],
];

/** What is certainly no music, though a chain of false frames could be found in it. */
const NO_MUSIC: readonly string[] = [
  'MZ',
  '\x7fELF',
  'PK\x03\x04',
  'PK\x05\x06',
  '%PDF',
  '\x89PNG',
  'GIF8',
  '\xff\xd8\xff',
  'Rar!',
  '7z\xbc\xaf',
  '\x1f\x8b\x08',
  'BZh',
  '\xfd7zXZ',
  'SQLite format 3',
  '#EXTM3U',
  'ffconcat',
  '[playlist]',
  '\xd0\xcf\x11\xe0',
];
const TAR_MAGIC_AT = 257;
const WAV_MAGIC: readonly string[] = ['RIFF', 'RIFX', 'RF64', 'BW64'];
const TEXT_BYTES = 512;
const MP4_FIRST: readonly string[] = ['ftyp', 'moov', 'mdat', 'wide', 'free', 'skip', 'pnot', 'styp', 'moof', 'sidx'];
const PICTURES: readonly string[] = ['heic', 'heix', 'hevc', 'mif1', 'msf1', 'avif', 'avis', 'crx '];

/** What a file is, by its content alone; its name is not asked. */
export function sniff(bytes: ByteReader): Sniffed {
  if (bytes.size === 0) return { ok: false, refusal: 'EMPTY' };
  const start = afterId3(bytes);
  const head = bytes.at(start, 2048).toString('latin1');
  if (start === 0 && isNoMusic(head)) return { ok: false, refusal: 'NOT_AUDIO' };
  if (FOREIGN.some(([magic, at]) => head.startsWith(magic, at))) return { ok: false, refusal: 'FORMAT_NOT_ALLOWED' };
  const known = readKnown(bytes, head, start);
  if (known !== null) return answer(known[0], known[1]);
  const frames = findFrames(bytes);
  if (frames !== null) return answer(frames.kind === 'mpeg' ? 'mp3' : 'aac', readFrames(bytes) ?? refused('NO_AUDIO'));
  if (start === 0) return { ok: false, refusal: 'NOT_AUDIO' };
  // Tags and one frame that is cut: the sound had begun.
  return { ok: false, refusal: mpegFrame(bytes.at(start, 4)) === null ? 'NO_AUDIO' : 'TRUNCATED' };
}

function readKnown(bytes: ByteReader, head: string, start: number): readonly [Format['name'], Structure] | null {
  if (head.startsWith('fLaC')) return ['flac', readFlac(bytes, start)];
  if (WAV_MAGIC.some((magic) => head.startsWith(magic)) && head.startsWith('WAVE', 8))
    return ['wav', readWav(bytes, start)];
  if (head.startsWith('FORM') && (head.startsWith('AIFF', 8) || head.startsWith('AIFC', 8)))
    return ['aiff', readAiff(bytes, start)];
  if (head.startsWith('OggS')) return ['ogg', readOgg(bytes, start)];
  if (!MP4_FIRST.includes(head.slice(4, 8))) return null;
  if (PICTURES.includes(head.slice(8, 12))) return ['mp4', refused('NOT_AUDIO')];
  // Its places count from the file's beginning: what lies before it has moved them all.
  return ['mp4', start > 0 ? refused('BAD_HEADER') : readMp4(bytes)];
}

function answer(name: Format['name'], found: Structure): Sniffed {
  return found.refusal === null
    ? { ok: true, format: FORMATS[name], structure: structure(found) }
    : { ok: false, refusal: found.refusal };
}

/** Endings of what is not taken, and of what is no sound at all. */
const FOREIGN_ENDINGS: ReadonlySet<string> = new Set(
  (
    'wma asf ape wv tta mpc dsf dff tak ofr caf au snd amr ac3 eac3 dts mka mkv webm avi flv ts mpg mpeg w64 ra rm voc aa aax ' +
    'mid midi mod xm it s3m m3u m3u8 pls cue txt html htm pdf jpg jpeg png gif zip rar 7z exe doc docx xml json'
  ).split(' '),
);

/** Whether a name ends as another known format does. An ending that nobody knows says nothing. */
export function isMisnamed(name: string, format: Format): boolean {
  const extension = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase();
  if (extension === undefined || format.extensions.includes(extension)) return false;
  return (
    FOREIGN_ENDINGS.has(extension) ||
    Object.values<Format>(FORMATS).some(({ extensions }) => extensions.includes(extension))
  );
}

function isNoMusic(head: string): boolean {
  return NO_MUSIC.some((magic) => head.startsWith(magic)) || head.startsWith('ustar', TAR_MAGIC_AT) || isText(head);
}

function isText(head: string): boolean {
  return /^[\t\n\f\r\x20-\x7e\x80-\xff]*$/.test(head.slice(0, TEXT_BYTES));
}
