/** One header of MPEG audio (layers I to III) or of ADTS AAC: how long the frame is, and what it has in common with its stream. */
export type Frame = {
  readonly bytes: number;
  readonly samples: number;
  readonly sampleRate: number;
  /** Equal in all frames of one stream. */
  readonly stream: number;
  /** Where a Xing header would stand, counted from the frame's start. */
  readonly sideInfo: number;
  /** 1 or 2; null for a stream that only ffprobe reads (it is not of layer III). */
  readonly channels: number | null;
};

const KBITS: Readonly<Record<string, readonly number[]>> = {
  '1-1': [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
  '1-2': [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  '1-3': [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  '2-1': [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
  '2-2': [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
  '2-3': [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
};
const RATES = [44_100, 48_000, 32_000];
const RESERVED_VERSION = 1;
const MPEG_1 = 3;
const MPEG_2 = 2;
const MONO = 3;
/** Version, layer and sample rate: the bit rate, padding and the kind of stereo change from frame to frame. */
const LASTING_BITS = 0x783;

/** Null where the four bytes are no header of MPEG audio. Free-format streams are not taken. */
export function mpegFrame(header: Buffer): Frame | null {
  if (header.length < 4) return null;
  const bits = header.readUInt32BE(0);
  if (bits >>> 21 !== 0x7ff) return null;
  const version = (bits >>> 19) & 3;
  const layer = 4 - ((bits >>> 17) & 3);
  const rate = RATES[(bits >>> 10) & 3];
  if (version === RESERVED_VERSION || layer === 4 || rate === undefined) return null;
  const kbits = KBITS[`${version === MPEG_1 ? 1 : 2}-${layer}`]?.[((bits >>> 12) & 15) - 1];
  if (kbits === undefined) return null;
  const sampleRate = version === MPEG_1 ? rate : version === MPEG_2 ? rate / 2 : rate / 4;
  const padding = (bits >>> 9) & 1;
  const samples = layer === 1 ? 384 : layer === 3 && version !== MPEG_1 ? 576 : 1152;
  const bytes =
    layer === 1
      ? (Math.floor((12_000 * kbits) / sampleRate) + padding) * 4
      : Math.floor(((samples / 8) * kbits * 1000) / sampleRate) + padding;
  const mono = ((bits >>> 6) & 3) === MONO;
  const sideInfo = 4 + (version === MPEG_1 ? (mono ? 17 : 32) : mono ? 9 : 17);
  const channels = layer === 3 ? (mono ? 1 : 2) : null;
  return { bytes, samples, sampleRate, stream: (bits >>> 10) & LASTING_BITS, sideInfo, channels };
}

const ADTS_RATES = [
  96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350,
];

/** Null where the bytes are no ADTS header. */
export function adtsFrame(header: Buffer): Frame | null {
  if (header.length < 7 || header[0] !== 0xff || ((header[1] ?? 0) & 0xf6) !== 0xf0) return null;
  const sampleRate = ADTS_RATES[((header[2] ?? 0) >> 2) & 15];
  const bytes = (((header[3] ?? 0) & 3) << 11) | ((header[4] ?? 0) << 3) | ((header[5] ?? 0) >> 5);
  if (sampleRate === undefined || bytes < 8) return null;
  const blocks = ((header[6] ?? 0) & 3) + 1;
  const stream = (header.readUInt16BE(1) >> 2) & 0x3fff & ~0x40;
  return { bytes, samples: 1024 * blocks, sampleRate, stream, sideInfo: 0, channels: null };
}
