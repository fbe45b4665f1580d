import { describe, expect, test } from 'vitest';
import { cuesOf, equalPower, fadeSeconds, LEVEL_MIN, levelOf } from '../../edge-node/web/booth/fade.ts';
import { trackOf } from '../support/tracks.ts';

describe('a crossfade', () => {
  test('has the same power at every moment, from all of one song to all of the other', () => {
    const curves = equalPower();
    for (const [at, out] of curves.out.entries()) expect(out ** 2 + (curves.in[at] ?? 0) ** 2).toBeCloseTo(1, 5);
    expect([curves.out[0], curves.in[0]]).toEqual([1, 0]);
    expect(curves.in.at(-1)).toBeCloseTo(1, 5);
  });

  test('lasts six seconds, and at most half of the shorter song between its cues', () => {
    const long = trackOf('long', { seconds: 200, cueIn: 2, cueOut: 190 });
    expect(fadeSeconds(long, long)).toBe(6);
    expect(fadeSeconds(long, trackOf('short', { seconds: 30, cueIn: 10, cueOut: 18 }))).toBe(4);
    expect(fadeSeconds(trackOf('none', { seconds: 0, cueOut: 0 }), long)).toBeGreaterThan(0);
  });
});

test('cues count from the original, and a copy that begins later is played from its own beginning', () => {
  expect(cuesOf(trackOf('a', { cueIn: 3, cueOut: 9, startsAt: 2 }))).toEqual({ inS: 1, outS: 7 });
  expect(cuesOf(trackOf('a', { cueIn: 1, cueOut: 9, startsAt: 2 }))).toEqual({ inS: 0, outS: 7 });
  expect(cuesOf(trackOf('a', { cueIn: 0, cueOut: 0, seconds: 10 }))).toEqual({ inS: 0, outS: 10 });
});

test('a level is that of the samples, and silence has the lowest', () => {
  expect(levelOf(new Float32Array(128))).toBe(LEVEL_MIN);
  expect(levelOf(new Float32Array(128).fill(1))).toBeCloseTo(0, 5);
  expect(levelOf(Float32Array.from({ length: 128 }, (_, at) => (at % 2 === 0 ? 0.1 : -0.1)))).toBeCloseTo(-20, 3);
});
