import type { TrackRow } from '#shared/contract/music-api.ts';

/** How long one song goes over into the next, where both are long enough. */
const FADE_S = 6;
/** A skip is wanted now. */
export const SKIP_FADE_S = 1.5;
const POINTS = 65;

/** Gains whose powers add up to one at every moment, so that no dip is heard between two songs. */
export function equalPower(): { readonly out: Float32Array; readonly in: Float32Array } {
  const angles = Array.from({ length: POINTS }, (_, at) => (at / (POINTS - 1)) * (Math.PI / 2));
  return { out: Float32Array.from(angles, Math.cos), in: Float32Array.from(angles, Math.sin) };
}

/** Where a track begins and ends in its playable copy, in seconds. */
export function cuesOf({ cueIn, cueOut, startsAt, seconds }: TrackRow): {
  readonly inS: number;
  readonly outS: number;
} {
  const inS = Math.max(0, cueIn - startsAt);
  const end = cueOut > cueIn ? cueOut : seconds;
  return { inS, outS: Math.max(inS, end - startsAt) };
}

/** At most half of either song: the next one but one is not heard in the middle of a fade. */
export function fadeSeconds(one: TrackRow, next: TrackRow): number {
  const lengthOf = (track: TrackRow) => cuesOf(track).outS - cuesOf(track).inS;
  return Math.max(0.05, Math.min(FADE_S, lengthOf(one) / 2, lengthOf(next) / 2));
}

/** In decibels of full scale, of a stretch of samples; never below what a screen shows. */
export function levelOf(samples: Float32Array): number {
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, samples.length);
  return power <= 1e-12 ? LEVEL_MIN : 10 * Math.log10(power);
}
export const LEVEL_MIN = -120;
/** What is softer is silence: quieter than any music, louder than a converter's noise. */
export const SILENCE_DB = -60;
