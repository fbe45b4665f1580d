import { describe, expect, test } from 'vitest';
import { likeness } from '../../edge-node/music/likeness.ts';
import { beatMeter } from '../../edge-node/music/signal/beat.ts';
import { blocksOf } from '../../edge-node/music/signal/blocks.ts';
import type { Vessel } from '../../edge-node/music/wide-pipe.ts';
import { pcmMeter, type Measured } from '../../edge-node/music/signal/pcm-meter.ts';

type Tone = (seconds: number) => number;

function measure(seconds: number, tone: Tone, rate = 48_000): Measured {
  const meter = pcmMeter(rate, { peakFloor: -Infinity, listen: null });
  for (let second = 0; second < seconds; second += 1) {
    const frames = Math.round(Math.min(1, seconds - second) * rate);
    const stereo = Float32Array.from({ length: frames * 2 }, (_none, at) => tone(second + (at >> 1) / rate));
    meter.feed(stereo, frames);
  }
  return meter.read();
}

function sine(hertz: number, level: number, phase = 0): Tone {
  return (time) => 10 ** (level / 20) * Math.sin(2 * Math.PI * hertz * time + phase);
}

describe('loudness, after the test signals of EBU Tech 3341', () => {
  test.each([44_100, 48_000])('a sine of 1 kHz at -23 dBFS reads -23 LUFS at %i Hz', (rate) => {
    expect(measure(20, sine(1000, -23), rate).integrated).toBeCloseTo(-23, 1);
  });

  test('quiet stretches below the relative gate do not count', () => {
    const level = (time: number): number => (time < 10 || time >= 70 ? -36 : -23);
    expect(measure(80, (time) => sine(1000, level(time))(time)).integrated).toBeCloseTo(-23, 1);
  });

  test('silence has none, and less than a block has none', () => {
    expect(measure(3, () => 0)).toMatchObject({ integrated: null, truePeak: -Infinity, range: 0 });
    expect(measure(0.3, sine(1000, -10)).integrated).toBeNull();
  });

  test('the range of ten seconds at -20 and ten at -30 is 10 LU', () => {
    const range = measure(40, (time) => sine(1000, time < 20 ? -20 : -30)(time)).range;
    expect(range).toBeCloseTo(10, 0);
  });
});

describe('true peak', () => {
  test('a sine that never meets its top with a sample is measured between the samples', () => {
    const { truePeak, levels } = measure(2, sine(12_000, -6, Math.PI / 4));
    expect(20 * Math.log10(Math.max(...levels.highs))).toBeCloseTo(-9, 1);
    expect(truePeak).toBeGreaterThan(-6.4);
    expect(truePeak).toBeLessThan(-5.8);
  });

  test.each([
    ['across the seam of two blocks', 48_000],
    ['at the very end', 96_000 - 1],
    ['in the middle', 30_000],
  ])('two samples as high as each other have a higher top between them, %s', (_where, second) => {
    const pair: Tone = (time) => (Math.abs(Math.round(time * 48_000) - second + 0.5) < 1 ? 0.5 : 0);
    const { truePeak } = measure(2, pair);
    expect(truePeak).toBeGreaterThan(-4.5);
    expect(truePeak).toBeLessThan(-3);
  });
});

/** As much at once as there is room for. */
function pour(bytes: Buffer, { room, filled }: Vessel): void {
  for (let from = 0; from < bytes.length;) {
    const part = bytes.subarray(from, from + room().length);
    room().set(part);
    filled(part.length);
    from += part.length;
  }
}

test('chunks of any size become seconds, and the rest comes at the end', () => {
  const lengths: number[] = [];
  const blocks = blocksOf(10, { keeps: () => false, onBlock: (block, frames) => lengths.push(frames, block[0] ?? 0) });
  const bytes = Buffer.from(Float32Array.from({ length: 50 }, (_none, at) => at).buffer);
  for (const [from, to] of [
    [0, 3],
    [3, 101],
    [101, 200],
  ] as const)
    pour(bytes.subarray(from, to), blocks);
  blocks.end();
  expect(lengths).toEqual([10, 0, 10, 20, 5, 40]);
});

test.each([70, 92, 100, 128, 174])(
  'a click track of %i beats a minute has that tempo, or its half or double',
  (bpm) => {
    const rate = 44_100;
    const meter = beatMeter(rate);
    const ears = pcmMeter(rate, { peakFloor: -Infinity, listen: meter.feed });
    for (let second = 0; second < 30; second += 1) {
      const stereo = Float32Array.from({ length: 2 * rate }, (_none, at) => {
        const time = (second + (at >> 1) / rate) % (60 / bpm);
        return Math.sin(2 * Math.PI * 60 * time) * Math.exp(-20 * time);
      });
      ears.feed(stereo, rate);
    }
    const found = meter.read()?.bpm ?? 0;
    const nearest = Math.min(...[bpm / 2, bpm, bpm * 2].map((one) => Math.abs(found - one) / one));
    expect(nearest).toBeLessThan(0.01);
  },
);

test('two prints of one recording are alike though one begins later, and two songs are not', () => {
  const words = (seed: number, count: number): Uint32Array =>
    Uint32Array.from(
      { length: count },
      (_none, at) => Math.imul(at + seed, 2_654_435_761) ^ Math.imul(at * at + seed, 40_503),
    );
  const song = words(1, 300);
  expect(likeness(song, song.slice(12))).toBe(1);
  expect(likeness(song, words(987_654, 300))).toBeLessThan(0.7);
  expect(likeness(song, new Uint32Array(0))).toBe(0);
});
