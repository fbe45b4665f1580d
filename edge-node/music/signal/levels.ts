/** Plain levels of both channels: what the waveform, the cue points and the faults are read from. */
export type LevelMeter = {
  /** Interleaved stereo is taken apart into `left` and `right` from `at` on, and measured meanwhile. */
  readonly feed: (stereo: Float32Array, frames: number, target: Channels) => void;
  readonly read: () => Levels;
};
export type Channels = { readonly left: Float32Array; readonly right: Float32Array; readonly at: number };
export type Levels = {
  readonly frames: number;
  /** Lowest and highest sample of each fiftieth of a second, over both channels; 1 is full scale. */
  readonly lows: readonly number[];
  readonly highs: readonly number[];
  /** Energies: sums of squares, and of the product of both channels. */
  readonly left: number;
  readonly right: number;
  readonly product: number;
  /** Plain sums: over the frames they are how far each side lies off the middle. */
  readonly leftSum: number;
  readonly rightSum: number;
  /** Runs of three or more samples at full scale. */
  readonly clippedRuns: number;
};

export const FIFTIETHS = 50;
const FULL_SCALE = 0.9999;
const RUN = 3;

/** `sampleRate` in hertz, a multiple of fifty. Blocks are whole fiftieths, except for the last one. */
export function levelMeter(sampleRate: number): LevelMeter {
  const step = sampleRate / FIFTIETHS;
  const lows: number[] = [];
  const highs: number[] = [];
  const sums = new Float64Array(5);
  let frames = 0;
  let run = 0;
  let clippedRuns = 0;
  return {
    feed: (stereo, count, { left, right, at }) => {
      for (let from = 0; from < count; from += step) {
        const to = Math.min(from + step, count);
        const { low, high } = stretch(stereo, { from, to, left, right, at, sums });
        lows.push(low);
        highs.push(high);
        if (high < FULL_SCALE && low > -FULL_SCALE) run = 0;
        else [run, clippedRuns] = countRuns(stereo, { from, to, run, clippedRuns });
      }
      frames += count;
    },
    read: () => {
      const [left = 0, right = 0, product = 0, leftSum = 0, rightSum = 0] = sums;
      return { frames, lows, highs, left, right, product, leftSum, rightSum, clippedRuns };
    },
  };
}

type Stretch = Channels & { readonly from: number; readonly to: number; readonly sums: Float64Array };

function stretch(
  stereo: Float32Array,
  { from, to, left, right, at, sums }: Stretch,
): { readonly low: number; readonly high: number } {
  let low = Infinity;
  let high = -Infinity;
  let leftSquares = 0;
  let rightSquares = 0;
  let product = 0;
  let leftSum = 0;
  let rightSum = 0;
  for (let frame = from; frame < to; frame += 1) {
    const l = stereo[2 * frame] ?? 0;
    const r = stereo[2 * frame + 1] ?? 0;
    left[at + frame] = l;
    right[at + frame] = r;
    if (l > high) high = l;
    if (r > high) high = r;
    if (l < low) low = l;
    if (r < low) low = r;
    leftSquares += l * l;
    rightSquares += r * r;
    product += l * r;
    leftSum += l;
    rightSum += r;
  }
  sums[0] = (sums[0] ?? 0) + leftSquares;
  sums[1] = (sums[1] ?? 0) + rightSquares;
  sums[2] = (sums[2] ?? 0) + product;
  sums[3] = (sums[3] ?? 0) + leftSum;
  sums[4] = (sums[4] ?? 0) + rightSum;
  return { low, high };
}

/** Only where a stretch touches full scale at all. */
function countRuns(
  stereo: Float32Array,
  { from, to, run, clippedRuns }: Readonly<Record<'from' | 'to' | 'run' | 'clippedRuns', number>>,
): [run: number, clippedRuns: number] {
  let length = run;
  let runs = clippedRuns;
  for (let frame = from; frame < to; frame += 1) {
    const isFull = Math.max(Math.abs(stereo[2 * frame] ?? 0), Math.abs(stereo[2 * frame + 1] ?? 0)) >= FULL_SCALE;
    length = isFull ? length + 1 : 0;
    if (length === RUN) runs += 1;
  }
  return [length, runs];
}
