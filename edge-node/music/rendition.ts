import { open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { CopyKind } from '#shared/domain/track-events.ts';
import { decoding, type Analysis } from './analyse.ts';
import { keepRoom } from './claim.ts';
import type { Rendition } from './facts.ts';
import type { Home } from './home.ts';
import { musicLimits } from './limits.ts';
import { input } from './probe.ts';
import { run, type Ended } from './run.ts';
import { blocksOf, giveBack } from './signal/blocks.ts';
import { pcmMeter, type Measured } from './signal/pcm-meter.ts';
import { FORMATS, type Format } from './sniff.ts';
import { wrapping, type Tools } from './tools.ts';
import type { Vessel } from './wide-pipe.ts';
import { Stopped } from './verdict.ts';

export type Making = {
  readonly home: Home;
  readonly sha256: string;
  readonly format: Format;
  readonly analysis: Analysis;
  readonly targetLufs: number;
  readonly copy: CopyKind;
  readonly tools: Tools;
  readonly signal: AbortSignal | null;
  /** Told the share that is done, 0 to 1. */
  readonly onShare: (share: number) => void;
};

type Plan = {
  readonly gainDb: number;
  readonly isLimited: boolean;
  readonly ceilingDb: number;
  /** What the coder is expected to take of the loudness. */
  readonly lossLu: number;
};

const PEAK_MAX_DB = -1;
/** Lower peaks than this are not looked for in the copy: they fit. */
const PEAK_FLOOR_DB = -1.5;
const LOUDNESS_TOLERANCE_LU = 0.1;
const LENGTH_TOLERANCE_SECONDS = 0.05;
/** The coder adds up to 1.2 dB to the peaks, so the limiter stays below by as much. */
const LIMITER_CEILING_DB = -2.2;
const LIMITER_STEP_DB = 0.6;
const REDONE_MAX = 2;
const KEPT_SILENCE_SECONDS = 0.25;
const DRY_RUNS_MAX = 5;
const DRY_TOLERANCE_LU = 0.02;
const GAIN_PER_LOUDNESS_MAX = 1.6;
const ENCODE_SHARE = 0.75;
/**
 * At 320 kbit/s the tricks for few bits only do harm: without intensity stereo, noise substitution, temporal shaping and mid/side
 * the copy is 6 dB nearer to the original and a quarter cheaper to make.
 */
const PLAIN_CODER = ['-aac_is', '0', '-aac_pns', '0', '-aac_tns', '0', '-aac_ms', '0'];
type Coder = {
  readonly format: Format;
  readonly args: readonly string[];
  /** Behind the gain and the limiter. */
  readonly filters: readonly string[];
  readonly container: readonly string[];
  /** At most. */
  readonly bytesPerSecond: number;
  /** What it takes of the loudness, always. */
  readonly lossLu: number;
};
const CODERS: Readonly<Record<CopyKind, Coder>> = {
  aac: {
    format: FORMATS.mp4,
    args: ['-c:a', 'aac', '-aac_coder', 'fast', '-b:a', '320k', ...PLAIN_CODER],
    filters: [],
    container: ['-movflags', '+faststart', '-f', 'ipod'],
    bytesPerSecond: 40_000,
    lossLu: 0.04,
  },
  // After a gain every sample has more than 16 bits, whatever the original had: so it is dithered always.
  flac: {
    format: FORMATS.flac,
    args: ['-c:a', 'flac', '-compression_level', '5'],
    filters: ['aresample=osf=s16:dither_method=triangular'],
    container: ['-f', 'flac'],
    bytesPerSecond: 192_000,
    lossLu: 0,
  },
};

/**
 * Makes the playable copy: plain gain to the target, a limiter only where the peaks would not fit; AAC-LC 320 kbit/s or FLAC of
 * 16 bits, without tags and pictures, complete or not there; the analysis’ PCM is given back then. It is decoded and measured again; one that misses is made anew, twice at most, and then
 * not kept (`OFF_TARGET`).
 */
export async function makeRendition(making: Making): Promise<Rendition> {
  const { home, sha256, copy, analysis } = making;
  await keepRoom(home.folder, Math.ceil((analysis.measured.seconds + 1) * CODERS[copy].bytesPerSecond));
  const place = home.rendition(sha256, copy);
  const aside = home.aside('rendition');
  try {
    let plan = await firstPlan(making);
    let measured = await encodeAndMeasure(making, plan, aside);
    for (let times = 0; times < REDONE_MAX && missOf(making, measured) !== null; times += 1) {
      plan = await nextPlan(making, plan, measured);
      measured = await encodeAndMeasure(making, plan, aside);
    }
    const miss = missOf(making, measured);
    if (miss !== null) throw new Stopped('OFF_TARGET', miss);
    await sync(aside);
    const { size } = await stat(aside);
    await rename(aside, place);
    await sync(path.dirname(place));
    return {
      copy,
      targetLufs: making.targetLufs,
      gainDb: plan.gainDb,
      isLimited: plan.isLimited,
      loudnessLufs: measured.integrated ?? -70,
      truePeakDb: measured.truePeak,
      startsAt: trim(analysis).from,
      seconds: measured.seconds,
      bytes: size,
    };
  } finally {
    await rm(aside, { force: true });
    giveBack(analysis.pcm ?? []);
  }
}

/** Plain gain, if the peaks stay below the limit with it; else the gain at which the limited sound has the target's loudness. */
async function firstPlan(making: Making): Promise<Plan> {
  const { integrated, truePeak } = making.analysis.measured;
  const { lossLu } = CODERS[making.copy];
  const gainDb = making.targetLufs - (integrated ?? making.targetLufs) + lossLu;
  const plain: Plan = { gainDb, isLimited: false, ceilingDb: LIMITER_CEILING_DB, lossLu };
  return truePeak + gainDb <= PEAK_MAX_DB ? plain : limitedPlan(making, plain);
}

/** After a miss: the coder's own peaks need a lower ceiling, its loss of loudness a correction. */
async function nextPlan(making: Making, plan: Plan, measured: Measured): Promise<Plan> {
  const off = making.targetLufs - (measured.integrated ?? making.targetLufs);
  const over = measured.truePeak - PEAK_MAX_DB;
  const isOver = over > 0;
  const aim = { ...plan, gainDb: plan.gainDb + off, lossLu: plan.lossLu + off };
  if (!isOver && !plan.isLimited) return aim;
  return limitedPlan(
    making,
    isOver && plan.isLimited ? { ...aim, ceilingDb: plan.ceilingDb - over - LIMITER_STEP_DB } : aim,
  );
}

/** The limiter takes loudness away, so the gain before it is found by trying, without the coder. */
async function limitedPlan(making: Making, from: Plan): Promise<Plan> {
  let plan: Plan = { ...from, isLimited: true };
  let gainPerLoudness = 1;
  for (let times = 0; times < DRY_RUNS_MAX; times += 1) {
    const { integrated } = await dryRun(making, plan);
    const off = making.targetLufs + plan.lossLu - (integrated ?? making.targetLufs);
    if (Math.abs(off) <= DRY_TOLERANCE_LU) break;
    const step = off * gainPerLoudness;
    plan = { ...plan, gainDb: plan.gainDb + step };
    // What a step did not bring, the next one brings with it: the harder the limiter works, the less a step does.
    gainPerLoudness = Math.min(GAIN_PER_LOUDNESS_MAX, gainPerLoudness * 1.5);
  }
  return plan;
}

function missOf({ analysis, targetLufs }: Making, measured: Measured): string | null {
  const { from, to } = trim(analysis);
  const off = (measured.integrated ?? -70) - targetLufs;
  if (Math.abs(measured.seconds - (to - from)) > LENGTH_TOLERANCE_SECONDS)
    return `it is ${measured.seconds} s long instead of ${to - from}`;
  if (Math.abs(off) > LOUDNESS_TOLERANCE_LU) return `it is ${off.toFixed(2)} LU off its target`;
  return measured.truePeak > PEAK_MAX_DB ? `its true peak is ${measured.truePeak.toFixed(2)} dBTP` : null;
}

/** Only digital silence at the ends is left out, and a quarter of a second of it stays. */
function trim({ deadLead, deadTail, measured }: Analysis): { readonly from: number; readonly to: number } {
  const from = Math.max(0, deadLead - KEPT_SILENCE_SECONDS);
  return { from, to: measured.seconds - Math.max(0, deadTail - KEPT_SILENCE_SECONDS) };
}

function filters({ analysis }: Making, { gainDb, isLimited, ceilingDb }: Plan): string {
  const { from, to } = trim(analysis);
  const rate = analysis.sampleRate;
  const cut = `atrim=start_sample=${Math.round(from * rate)}:end_sample=${Math.round(to * rate)},asetpts=N/SR/TB`;
  const gain = `volume=${gainDb.toFixed(4)}dB:precision=float`;
  const limit = `alimiter=limit=${(10 ** (ceilingDb / 20)).toFixed(6)}:attack=5:release=60:level=disabled`;
  // What is decoded again is not in the middle yet.
  const centre = analysis.pcm === null && analysis.centring !== null ? [analysis.centring] : [];
  return [...centre, cut, gain, ...(isLimited ? [limit] : [])].join(',');
}

/** The decoded sound from memory, where it was kept; else the original is decoded again. */
function sourceOf({ home, sha256, format, analysis }: Making): readonly string[] {
  const strict = ['-nostdin', '-hide_banner', '-v', 'error', '-y', '-threads', '1'];
  if (analysis.pcm === null)
    return [...strict, ...input(home.original(sha256), format), '-t', String(musicLimits.trackSecondsMax + 1)];
  const raw = ['-protocol_whitelist', 'file,pipe', '-f', 'f32le', '-ar', String(analysis.sampleRate), '-ac', '2'];
  return [...strict, ...raw, '-i', 'pipe:0'];
}

function plain({ analysis }: Making): readonly string[] {
  const bare = ['-map', '0:a:0', '-vn', '-sn', '-dn', '-map_metadata', '-1', '-map_chapters', '-1'];
  return [...bare, '-ac', '2', '-ar', String(analysis.sampleRate)];
}

async function encodeAndMeasure(making: Making, plan: Plan, aside: string): Promise<Measured> {
  const { args, filters: last, container, format } = CODERS[making.copy];
  const coder = [...args, '-fflags', '+bitexact', '-flags:a', '+bitexact'];
  const written = [...container, `file:${aside}`];
  const { code, complaint, killed } = await ffmpeg(making, {
    args: [
      ...sourceOf(making),
      ...plain(making),
      '-af',
      [filters(making, plan), ...last].join(','),
      ...coder,
      ...written,
    ],
    onBytes: (share) => making.onShare(share * ENCODE_SHARE),
  });
  if (killed !== null || code !== 0) throw failure(complaint, killed);
  const { sampleRate } = making.analysis;
  return measure(making, decoding({ file: aside, format }, sampleRate, null), ENCODE_SHARE);
}

async function dryRun(making: Making, plan: Plan): Promise<Measured> {
  const args = [...sourceOf(making), ...plain(making), '-af', filters(making, plan), '-f', 'f32le', 'pipe:1'];
  return measure(making, args, null);
}

async function measure(making: Making, args: readonly string[], shareFrom: number | null): Promise<Measured> {
  const { sampleRate, measured, pcm } = making.analysis;
  const meter = pcmMeter(sampleRate, { peakFloor: PEAK_FLOOR_DB, listen: null });
  let seconds = 0;
  const blocks = blocksOf(sampleRate, {
    keeps: () => false,
    onBlock: (block, frames) => {
      meter.feed(block, frames);
      seconds += frames / sampleRate;
      if (shareFrom !== null) making.onShare(shareFrom + (1 - shareFrom) * Math.min(1, seconds / measured.seconds));
    },
  });
  const takesMemory = shareFrom === null && pcm !== null;
  const { code, complaint, killed } = await ffmpeg(making, { args, vessel: blocks, isFed: takesMemory });
  blocks.end();
  if (killed !== null || code !== 0) throw failure(complaint, killed);
  return meter.read();
}

type Piece = {
  readonly args: readonly string[];
  readonly vessel?: Vessel | null;
  readonly onBytes?: (share: number) => void;
  readonly isFed?: boolean;
};

async function ffmpeg(
  { analysis, tools, signal }: Making,
  { args, vessel = null, onBytes, isFed = true }: Piece,
): Promise<Ended> {
  const { pcm, measured } = analysis;
  return run({
    program: tools.ffmpeg,
    args,
    wrap: wrapping(tools, musicLimits.renditionBytesMax),
    wallMs: musicLimits.toolMs + measured.seconds * 200,
    outputBytesMax: 0,
    signal,
    vessel,
    ...(pcm !== null && isFed && { input: bytesOf(pcm, onBytes ?? (() => undefined)) }),
  });
}

function* bytesOf(pcm: readonly Float32Array[], onShare: (share: number) => void): Generator<Uint8Array> {
  for (const [at, block] of pcm.entries()) {
    yield new Uint8Array(block.buffer, block.byteOffset, block.byteLength);
    onShare((at + 1) / pcm.length);
  }
}

function failure(complaint: string, killed: Ended['killed']): Stopped {
  if (killed === 'stopped') return new Stopped('STOPPED');
  return new Stopped(
    /No space left|File too large|quota/i.test(complaint) ? 'DISK_FULL' : 'TOOL_FAILED',
    complaint.slice(0, 300),
  );
}

async function sync(file: string): Promise<void> {
  const handle = await open(file, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
