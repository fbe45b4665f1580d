import { loudnessMeter, type Loudness } from './k-weighting.ts';
import { levelMeter, type Channels, type Levels } from './levels.ts';
import { HISTORY, peakMeter } from './true-peak.ts';

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

type Listener = (channels: Channels, frames: number) => void;

export type Listening = {
  /** dBTP: a true peak below it is told as this; -Infinity tells every one. */
  readonly peakFloor: number;
  readonly listen: Listener;
};

/** `listen` hears each block's channels, too. */
export function pcmMeter(sampleRate: number, { peakFloor, listen }: Listening): PcmMeter {
  const left = new Float32Array(HISTORY + sampleRate + HISTORY);
  const right = new Float32Array(HISTORY + sampleRate + HISTORY);
  const loudness = loudnessMeter(sampleRate);
  const levels = levelMeter(sampleRate);
  const floor = 10 ** (peakFloor / 20);
  const peaks = [peakMeter(floor), peakMeter(floor)] as const;
  let last = 0;
  return {
    feed: (stereo, frames) => {
      for (const channel of [left, right]) channel.copyWithin(0, last, last + HISTORY);
      levels.feed(stereo, frames, { left, right, at: HISTORY });
      loudness.feed(left, right, { from: HISTORY, frames });
      peaks[0].feed(left, HISTORY, frames);
      peaks[1].feed(right, HISTORY, frames);
      listen({ left, right, at: HISTORY }, frames);
      last = frames;
    },
    read: () => {
      // What lies behind the last sample is silence; the filter looks that far.
      for (const [at, channel] of [left, right].entries()) {
        channel.copyWithin(0, last, last + HISTORY);
        channel.fill(0, HISTORY);
        peaks[at]?.feed(channel, HISTORY, HISTORY);
      }
      last = 0;
      const read = levels.read();
      return {
        ...loudness.read(),
        levels: read,
        truePeak: 20 * Math.log10(Math.max(peaks[0].read(), peaks[1].read())),
        seconds: read.frames / sampleRate,
      };
    },
  };
}
