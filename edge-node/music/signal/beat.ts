import { DECIMATION } from './meters.ts';

export type Beat = {
  /** Beats per minute, to a tenth. */
  readonly bpm: number;
  /** 0 to 1: how much of the rhythm repeats at this tempo. */
  readonly confidence: number;
};

const STEP = 64;
const BASS_HZ = 150;
const BPM_MIN = 60;
const BPM_MAX = 200;
/** Where most dance music lies; a tempo far from it needs a clearer rhythm. */
const USUAL_BPM = 122;
const USUAL_OCTAVES = 0.75;
const SECONDS_MIN = 5;
const SECONDS_MAX = 300;
const LAG_SECONDS_MAX = 12;
const FLOOR = 1e-5;

/** The tempo, from how the onsets of bass and of all else repeat themselves. */
export function beatMeter(sampleRate: number): {
  /** Both channels as one, decimated. */
  readonly feed: (low: Float32Array) => void;
  readonly read: () => Beat | null;
} {
  const rate = sampleRate / DECIMATION;
  const smoothing = 1 - Math.exp((-2 * Math.PI * BASS_HZ) / rate);
  const bands: readonly [number[], number[]] = [[], []];
  let bass = 0;
  let sums = [0, 0] as [number, number];
  let count = 0;
  return {
    feed: (low) => {
      for (let at = 0; at < low.length; at += 1) {
        const sample = low[at] ?? 0;
        bass += smoothing * (sample - bass);
        sums[0] += bass * bass;
        sums[1] += (sample - bass) * (sample - bass);
        count += 1;
        if (count < STEP) continue;
        for (const band of [0, 1] as const) bands[band].push(Math.log(FLOOR + sums[band] / STEP));
        sums = [0, 0];
        count = 0;
      }
    },
    read: () => tempo(onsets(bands), rate / STEP),
  };
}

/** How much louder each step is than the one before, in both bands together, around its own middle. */
function onsets([low, high]: readonly [readonly number[], readonly number[]]): Float64Array {
  const rises = Float64Array.from(low, (_none, at) => {
    const rise = (band: readonly number[]): number => Math.max(0, (band[at] ?? 0) - (band[at - 1] ?? band[at] ?? 0));
    return rise(low) + rise(high);
  });
  const middle = rises.reduce((sum, one) => sum + one, 0) / Math.max(1, rises.length);
  return rises.map((one) => one - middle);
}

function tempo(all: Float64Array, stepsPerSecond: number): Beat | null {
  const most = Math.floor(SECONDS_MAX * stepsPerSecond);
  const from = Math.max(0, Math.floor((all.length - most) / 2));
  const rises = all.subarray(from, from + most);
  if (rises.length < SECONDS_MIN * stepsPerSecond) return null;
  const alike = likeness(rises, Math.min(Math.floor(LAG_SECONDS_MAX * stepsPerSecond), Math.floor(rises.length / 2)));
  if (alike === null) return null;
  const score = (bpm: number): number => repeated(alike, (60 / bpm) * stepsPerSecond);
  const usual = (bpm: number): number => Math.exp(-0.5 * (Math.log2(bpm / USUAL_BPM) / USUAL_OCTAVES) ** 2);
  const rough = best(steps(BPM_MIN, BPM_MAX, 0.25), (bpm) => score(bpm) * usual(bpm));
  const fine = best(steps(rough * 0.99, rough * 1.01, 0.02), score);
  const confidence = Math.max(0, Math.min(1, score(fine)));
  return confidence > 0 ? { bpm: Math.round(fine * 10) / 10, confidence } : null;
}

/** How like itself the rhythm is after each delay, 1 for none; null for no rhythm at all. */
function likeness(rises: Float64Array, lags: number): Float64Array | null {
  const own = rises.reduce((sum, one) => sum + one * one, 0);
  if (own === 0) return null;
  return Float64Array.from({ length: lags + 1 }, (_none, lag) => {
    let sum = 0;
    for (let at = lag; at < rises.length; at += 1) sum += (rises[at] ?? 0) * (rises[at - lag] ?? 0);
    return sum / own / (1 - lag / rises.length);
  });
}

/** The mean likeness after one beat, two, three and so on. */
function repeated(alike: Float64Array, lag: number): number {
  let sum = 0;
  let count = 0;
  for (let at = lag; at < alike.length - 1; at += lag) {
    const whole = Math.floor(at);
    const part = at - whole;
    sum += (alike[whole] ?? 0) * (1 - part) + (alike[whole + 1] ?? 0) * part;
    count += 1;
  }
  return count === 0 ? 0 : sum / count;
}

function steps(from: number, to: number, by: number): readonly number[] {
  return Array.from({ length: Math.floor((to - from) / by) + 1 }, (_none, at) => from + at * by);
}

function best(values: readonly number[], score: (value: number) => number): number {
  let top = values[0] ?? 0;
  let high = -Infinity;
  for (const value of values) {
    const one = score(value);
    if (one > high) [top, high] = [value, one];
  }
  return top;
}
