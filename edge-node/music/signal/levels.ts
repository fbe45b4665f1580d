/** Levels: what the waveform, the cue points and the faults are read from. */
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

/** Counts runs at full scale in interleaved stereo, a fiftieth after the other; looks only at those that touch it at all. */
export function clipMeter(): {
  readonly feed: (stereo: Float32Array, span: Span) => void;
  readonly runs: () => number;
} {
  let length = 0;
  let runs = 0;
  return {
    feed: (stereo, { from, to, low, high }) => {
      if (high < FULL_SCALE && low > -FULL_SCALE) {
        length = 0;
        return;
      }
      for (let frame = from; frame < to; frame += 1) {
        const isFull = Math.max(Math.abs(stereo[2 * frame] ?? 0), Math.abs(stereo[2 * frame + 1] ?? 0)) >= FULL_SCALE;
        length = isFull ? length + 1 : 0;
        if (length === RUN) runs += 1;
      }
    },
    runs: () => runs,
  };
}

type Span = Readonly<Record<'from' | 'to' | 'low' | 'high', number>>;
