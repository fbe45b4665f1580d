import { integrated, kWeighting, range, type Loudness } from './k-weighting.ts';
import { clipMeter, FIFTIETHS, type Levels } from './levels.ts';
import { openMeters } from './meters.ts';
import { BEND, BETWEEN, REST } from './true-peak.ts';

export type Measured = Loudness & {
  readonly levels: Levels;
  /** dBTP; -Infinity for digital silence. */
  readonly truePeak: number;
  /** The true length. */
  readonly seconds: number;
};

/** Loudness, true peak and levels of interleaved stereo PCM, in one pass. Every block but the last is one second. */
export type PcmMeter = {
  readonly feed: (stereo: Float32Array, frames: number) => void;
  readonly read: () => Measured;
};

export type Listening = {
  /** dBTP: a true peak below it is told as this; -Infinity tells every one. */
  readonly peakFloor: number;
  /** Hears both channels as one, at an eighth of the rate; what it is given is good until it returns. Null for nobody. */
  readonly listen: ((low: Float32Array) => void) | null;
};

/** `sampleRate` in hertz, 48,000 at most. */
export function pcmMeter(sampleRate: number, { peakFloor, listen }: Listening): PcmMeter {
  const meters = openMeters({
    sampleRate,
    kWeighting: kWeighting(sampleRate),
    between: BETWEEN,
    bend: BEND,
    rest: REST,
    floor: 10 ** (peakFloor / 20),
  });
  const step = sampleRate / FIFTIETHS;
  const clips = clipMeter();
  const energies: number[] = [];
  const lows: number[] = [];
  const highs: number[] = [];
  let frames = 0;
  return {
    feed: (stereo, count) => {
      meters.moveOn();
      meters.stereo.set(stereo);
      energies.push(...meters.energies.subarray(0, meters.measure(count)));
      for (let from = 0, at = 0; from < count; from += step, at += 1) {
        const [low = 0, high = 0] = [meters.lows[at], meters.highs[at]];
        lows.push(low);
        highs.push(high);
        clips.feed(stereo, { from, to: Math.min(from + step, count), low, high });
      }
      if (listen !== null) listen(meters.mono.subarray(0, meters.decimate(count)));
      frames += count;
    },
    read: () => {
      meters.finish();
      const [left = 0, right = 0, product = 0, , leftSum = 0, rightSum = 0] = meters.sums;
      const levels = { frames, lows, highs, left, right, product, leftSum, rightSum, clippedRuns: clips.runs() };
      return {
        integrated: integrated(energies),
        range: range(energies),
        levels,
        truePeak: 20 * Math.log10(meters.peak()),
        seconds: frames / sampleRate,
      };
    },
  };
}
