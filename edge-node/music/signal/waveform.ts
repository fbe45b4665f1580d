import type { Levels } from './levels.ts';

const FULL = 127;

/** The picture of a track: the lowest and the highest level of each fiftieth of a second, one signed byte each. */
export function waveform({ lows, highs }: Pick<Levels, 'lows' | 'highs'>): Buffer {
  const picture = Buffer.alloc(lows.length * 2);
  const byte = (level: number): number => Math.max(-FULL, Math.min(FULL, Math.round(level * FULL)));
  for (const [at, low] of lows.entries()) {
    picture.writeInt8(byte(low), 2 * at);
    picture.writeInt8(byte(highs[at] ?? 0), 2 * at + 1);
  }
  return picture;
}
