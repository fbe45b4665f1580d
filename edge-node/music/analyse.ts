import { musicLimits } from './limits.ts';
import { input, type Probed } from './probe.ts';
import { run } from './run.ts';
import { beatMeter, type Beat } from './signal/beat.ts';
import { blocksOf } from './signal/blocks.ts';
import { chromaMeter, type HeardKey } from './signal/chroma.ts';
import { FIFTIETHS, type Levels } from './signal/levels.ts';
import { pcmMeter, type Measured } from './signal/pcm-meter.ts';
import type { Format } from './sniff.ts';
import { wrapping, type Tools } from './tools.ts';
import { Stopped } from './verdict.ts';

/** What one decode tells. */
export type Analysis = {
  readonly measured: Measured;
  /** Hertz of the samples that were measured, and of the rendition. */
  readonly sampleRate: number;
  readonly cueIn: number;
  readonly cueOut: number;
  /** Digital silence at both ends, in seconds. */
  readonly deadLead: number;
  readonly deadTail: number;
  readonly isOneSided: boolean;
  readonly isInverted: boolean;
  readonly beat: Beat | null;
  readonly key: HeardKey | null;
  /** Chromaprint's raw fingerprint of the first two minutes; empty where there is none. */
  readonly fingerprint: Uint32Array;
  /** How often the decoder complained of the sound. */
  readonly complaints: number;
  /** How many of them are check sums that do not hold. */
  readonly brokenSums: number;
  /** The filter that has put it into the middle; null where it lay there. */
  readonly centring: string | null;
  /** The decoded sound, one second each; null where it is too long to keep. */
  readonly pcm: readonly Float32Array<ArrayBuffer>[] | null;
};

export type Source = {
  readonly file: string;
  readonly format: Format;
  readonly probed: Probed;
  readonly tools: Tools;
  readonly signal: AbortSignal | null;
  /** Told the share that is done, 0 to 1, where the length is known. */
  readonly onShare: (share: number) => void;
};

const FINGERPRINT_SECONDS = 120;
/** Few large writes instead of many: each wakes whoever reads it. */
const IN_GULPS = 'asetnsamples=n=24576:p=0';
const DIGITAL_SILENCE = 10 ** (-80 / 20);
const CUE_FLOOR_DB = -60;
const CUE_BELOW_LOUDNESS_LU = 40;
const PRE_ROLL_SECONDS = 0.05;
const OFFSET_MAX = 0.01;
const ONE_SIDED_RATIO = 1e-6;
const INVERTED_CORRELATION = -0.95;

/** 48 kHz for its own family, 44.1 kHz for all else. */
export function playedRate(sampleRate: number): number {
  return 48_000 % sampleRate === 0 || sampleRate % 48_000 === 0 || sampleRate === 32_000 ? 48_000 : 44_100;
}

/** What every decode is told: forced input, one sound stream as 32-bit stereo at the played rate, never longer than allowed. */
export function decoding(
  { file, format }: Pick<Source, 'file' | 'format'>,
  sampleRate: number,
  filter: string | null,
): readonly string[] {
  const strict = ['-nostdin', '-hide_banner', '-v', 'error', '-threads', '1', '-err_detect', 'crccheck'];
  const most = ['-t', String(musicLimits.trackSecondsMax + 1)];
  const plain = ['-map', '0:a:0', '-vn', '-sn', '-dn', '-map_metadata', '-1'];
  return [
    ...strict,
    ...input(file, format),
    ...most,
    ...plain,
    '-af',
    [...(filter === null ? [] : [filter]), IN_GULPS].join(','),
    '-ac',
    '2',
    '-ar',
    String(sampleRate),
    '-avioflags',
    'direct',
    '-f',
    'f32le',
    'pipe:1',
  ];
}

/**
 * Decodes once and measures everything on the way. Refuses nothing by itself but what a tool's limits end. What lies off the middle
 * by more than a hundredth of full scale, as a bad converter leaves it, is put there and decoded again: it is not heard, and takes
 * the room that the sound needs.
 */
export async function analyse(source: Source): Promise<Analysis> {
  const found = await analyseWith(source, null);
  const centring = centringOf(found);
  return centring === null ? found : analyseWith(source, centring);
}

function centringOf({ measured: { levels }, sampleRate }: Analysis): string | null {
  const offsets = [levels.leftSum, levels.rightSum].map((sum) => sum / levels.frames);
  if (!offsets.some((offset) => Math.abs(offset) > OFFSET_MAX && Math.abs(offset) < 1)) return null;
  const sides = offsets.map((offset, side) => `val(${side})-(${offset.toFixed(9)})`).join('|');
  return `aformat=sample_fmts=dblp:channel_layouts=stereo:sample_rates=${sampleRate},aeval=${sides}:c=same`;
}

async function analyseWith(source: Source, centring: string | null): Promise<Analysis> {
  const { probed, tools, signal } = source;
  const sampleRate = playedRate(probed.sampleRate);
  const beat = beatMeter(sampleRate);
  const chroma = chromaMeter(sampleRate);
  const kept: Float32Array<ArrayBuffer>[] = [];
  const room = musicLimits.pcmKeptBytesMax / (sampleRate * 8);
  let seconds = 0;
  const meter = pcmMeter(sampleRate, {
    peakFloor: -Infinity,
    listen: (low) => {
      beat.feed(low);
      chroma.feed(low);
    },
  });
  const blocks = blocksOf(sampleRate, {
    keeps: () => kept.length > 0,
    onBlock: (block, frames) => {
      meter.feed(block, frames);
      seconds += frames / sampleRate;
      if (seconds <= room) kept.push(block);
      else kept.length = 0;
      if (probed.seconds !== null) source.onShare(Math.min(1, seconds / probed.seconds));
    },
  });
  const prints: Buffer[] = [];
  const { code, complaint, killed } = await run({
    program: tools.ffmpeg,
    args: [...decoding(source, sampleRate, centring), ...(tools.fingerprints ? fingerprinting() : [])],
    wrap: wrapping(tools, 0),
    wallMs: musicLimits.toolMs + (probed.seconds ?? musicLimits.trackSecondsMax) * 200,
    outputBytesMax: null,
    signal,
    vessel: blocks,
    onSecondOutput: (chunk) => prints.push(chunk),
  });
  blocks.end();
  if (killed === 'stopped') throw new Stopped('STOPPED');
  if (killed !== null || (code === null && seconds === 0)) throw new Stopped('TOOL_FAILED');
  const measured = meter.read();
  return {
    measured,
    sampleRate,
    ...ends(measured),
    ...faults(measured.levels),
    beat: beat.read(),
    key: chroma.read(),
    fingerprint: new Uint32Array(new Uint8Array(Buffer.concat(prints)).buffer),
    ...countComplaints(complaint),
    centring,
    pcm: kept.length > 0 ? kept : null,
  };
}

function fingerprinting(): readonly string[] {
  return [
    '-map',
    '0:a:0',
    '-t',
    String(FINGERPRINT_SECONDS),
    '-ac',
    '1',
    '-ar',
    '11025',
    '-f',
    'chromaprint',
    '-fp_format',
    'raw',
    'pipe:3',
  ];
}

/** Complaints of pictures and tags: whatever they hold, nothing of it is played. */
const BESIDE_THE_SOUND =
  /^\[(mjpeg|png|gif|bmp|webp|tiff) @|attached picture|mimetype|BOM value|^Error reading frame|Vorbis ?[Cc]omment/;

/** Lines about the sound, and how often ffmpeg says that the last one came again. */
function countComplaints(complaint: string): Pick<Analysis, 'complaints' | 'brokenSums'> {
  let complaints = 0;
  let brokenSums = 0;
  let isOfSound = false;
  for (const line of complaint.split('\n').filter((one) => one.trim() !== '')) {
    const again = /message repeated (\d+) times/.exec(line)?.[1];
    if (again === undefined) isOfSound = !BESIDE_THE_SOUND.test(line);
    if (isOfSound) complaints += Number(again ?? 1);
    if (/CRC/.test(line)) brokenSums += 1;
  }
  return { complaints, brokenSums };
}

/** Where it is loud enough to begin and to end, with a little before; and where nothing but digital silence lies. */
function ends({ levels, integrated, seconds }: Measured): Pick<Analysis, 'cueIn' | 'cueOut' | 'deadLead' | 'deadTail'> {
  const peaks = levels.highs.map((high, at) => Math.max(high, -(levels.lows[at] ?? 0)));
  const first = (floor: number): number => peaks.findIndex((peak) => peak > floor);
  const last = (floor: number): number => peaks.findLastIndex((peak) => peak > floor);
  const heard = 10 ** (Math.min(CUE_FLOOR_DB, (integrated ?? 0) - CUE_BELOW_LOUDNESS_LU) / 20);
  return {
    cueIn: Math.max(0, first(heard) / FIFTIETHS - PRE_ROLL_SECONDS),
    cueOut: Math.min(seconds, (last(heard) + 1) / FIFTIETHS),
    deadLead: Math.max(0, first(DIGITAL_SILENCE)) / FIFTIETHS,
    deadTail: Math.max(0, seconds - (last(DIGITAL_SILENCE) + 1) / FIFTIETHS),
  };
}

function faults({ left, right, product }: Levels): Pick<Analysis, 'isOneSided' | 'isInverted'> {
  const loud = Math.max(left, right);
  const isOneSided = loud > 0 && Math.min(left, right) < loud * ONE_SIDED_RATIO;
  return { isOneSided, isInverted: !isOneSided && product / Math.sqrt(left * right) < INVERTED_CORRELATION };
}
