import type { Tone } from '../key-name.ts';
import { DECIMATION } from './meters.ts';
import { spectrum } from './fft.ts';

export type HeardKey = Tone & {
  /** 0 to 1: how much better than the next best key that is no relative of it. */
  readonly confidence: number;
};

const SIZE = 4096;
const LOW_HZ = 65;
const HIGH_HZ = 1_050;
const A4_HZ = 440;
const A = 9;
/** How often each step of the scale sounds in tonal music, after Krumhansl and Kessler's listening tests. */
const MAJOR = [6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88];
const MINOR = [6.33, 2.68, 3.52, 5.38, 2.6, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17];

/** The musical key, from how strong each of the twelve half tones is over the whole track. */
export function chromaMeter(sampleRate: number): {
  /** Both channels as one, decimated. */
  readonly feed: (low: Float32Array) => void;
  readonly read: () => HeardKey | null;
} {
  const powerOf = spectrum(SIZE);
  const classes = binClasses(sampleRate / DECIMATION);
  const chroma = new Float64Array(12);
  const frame = new Float32Array(SIZE);
  let filled = 0;
  return {
    feed: (low) => {
      for (let at = 0; at < low.length; at += 1) {
        const sample = low[at] ?? 0;
        frame[filled] = sample;
        filled += 1;
        if (filled < SIZE) continue;
        addFrame(chroma, powerOf(frame), classes);
        filled = 0;
      }
    },
    read: () => bestKey(chroma),
  };
}

/** The half tone of each bin of the spectrum, -1 where it counts for none. */
function binClasses(rate: number): Int8Array {
  return Int8Array.from({ length: SIZE / 2 }, (_none, bin) => {
    const hz = (bin * rate) / SIZE;
    if (hz < LOW_HZ || hz > HIGH_HZ) return -1;
    const tone = 12 * Math.log2(hz / A4_HZ) + A + 120;
    return Math.abs(tone - Math.round(tone)) > 0.35 ? -1 : Math.round(tone) % 12;
  });
}

/** Each frame counts alike, however loud it is. */
function addFrame(chroma: Float64Array, power: Float64Array, classes: Int8Array): void {
  const own = new Float64Array(12);
  for (let bin = 0; bin < classes.length; bin += 1) {
    const tone = classes[bin] ?? -1;
    if (tone >= 0) own[tone] = (own[tone] ?? 0) + Math.sqrt(power[bin] ?? 0);
  }
  const sum = own.reduce((total, one) => total + one, 0);
  if (sum > 1e-3) for (let tone = 0; tone < 12; tone += 1) chroma[tone] = (chroma[tone] ?? 0) + (own[tone] ?? 0) / sum;
}

function bestKey(chroma: Float64Array): HeardKey | null {
  if (chroma.every((one) => one === 0)) return null;
  const scores = [false, true].flatMap((isMinor) =>
    Array.from({ length: 12 }, (_none, tonic) => ({ tonic, isMinor, score: fit(chroma, tonic, isMinor) })),
  );
  const ranked = scores.toSorted((a, b) => b.score - a.score);
  const [best] = ranked;
  if (best === undefined || best.score <= 0) return null;
  const isRelative = (one: Tone): boolean => one.isMinor !== best.isMinor && relative(one) === relative(best);
  const next = ranked.slice(1).find((one) => !isRelative(one))?.score ?? 0;
  return { tonic: best.tonic, isMinor: best.isMinor, confidence: Math.max(0, Math.min(1, (best.score - next) * 4)) };
}

/** The major key of the same notes. */
function relative({ tonic, isMinor }: Tone): number {
  return isMinor ? (tonic + 3) % 12 : tonic;
}

/** Pearson's correlation of what sounds with what a key expects. */
function fit(chroma: Float64Array, tonic: number, isMinor: boolean): number {
  const profile = isMinor ? MINOR : MAJOR;
  const sounds = Array.from({ length: 12 }, (_none, step) => chroma[(tonic + step) % 12] ?? 0);
  const away = (values: readonly number[]): readonly number[] => {
    const middle = values.reduce((sum, value) => sum + value, 0) / 12;
    return values.map((value) => value - middle);
  };
  const [a, b] = [away(sounds), away(profile)];
  const dot = (x: readonly number[], y: readonly number[]): number =>
    x.reduce((sum, value, at) => sum + value * (y[at] ?? 0), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b) || 1);
}
