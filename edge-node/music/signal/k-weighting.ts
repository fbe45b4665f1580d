/** Loudness after ITU-R BS.1770-4 and EBU Tech 3342: energies of K-weighted tenths of a second, then the gates. */
export type Loudness = {
  /** LUFS; null where no block is above the absolute gate of -70. */
  readonly integrated: number | null;
  /** LU; 0 where it is too short to have one. */
  readonly range: number;
};

type Biquad = readonly [b0: number, b1: number, b2: number, a1: number, a2: number];

const OFFSET = -0.691;
const ABSOLUTE_GATE = -70;
const TENTHS_PER_BLOCK = 4;
const TENTHS_PER_SHORT_TERM = 30;

/** The factors of the filter at `sampleRate` (hertz): five of the shelf, then those two of the high-pass that depend on the rate. */
export function kWeighting(sampleRate: number): readonly number[] {
  const [, , , a1, a2] = highPass(sampleRate);
  return [...highShelf(sampleRate), a1, a2];
}

function highShelf(sampleRate: number): Biquad {
  const k = Math.tan((Math.PI * 1681.974450955533) / sampleRate);
  const q = 0.7071752369554196;
  const high = 10 ** (3.999843853973347 / 20);
  const band = high ** 0.4996667741545416;
  const a0 = 1 + k / q + k * k;
  return [
    (high + (band * k) / q + k * k) / a0,
    (2 * (k * k - high)) / a0,
    (high - (band * k) / q + k * k) / a0,
    (2 * (k * k - 1)) / a0,
    (1 - k / q + k * k) / a0,
  ];
}

/** Its upper half is 1, -2, 1. */
function highPass(sampleRate: number): Biquad {
  const k = Math.tan((Math.PI * 38.13547087602444) / sampleRate);
  const q = 0.5003270373238773;
  const a0 = 1 + k / q + k * k;
  return [1, -2, 1, (2 * (k * k - 1)) / a0, (1 - k / q + k * k) / a0];
}

function lufs(energy: number): number {
  return OFFSET + 10 * Math.log10(energy);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Means over so many tenths, one for each tenth that the window moves on. */
function windows(tenths: readonly number[], width: number): readonly number[] {
  const means: number[] = [];
  let sum = 0;
  for (const [at, energy] of tenths.entries()) {
    sum += energy - (at >= width ? (tenths[at - width] ?? 0) : 0);
    if (at >= width - 1) means.push(Math.max(0, sum) / width);
  }
  return means;
}

/** LUFS, from the energies of the tenths. */
export function integrated(tenths: readonly number[]): number | null {
  const loud = windows(tenths, TENTHS_PER_BLOCK).filter((energy) => lufs(energy) > ABSOLUTE_GATE);
  if (loud.length === 0) return null;
  const gate = lufs(mean(loud)) - 10;
  return lufs(mean(loud.filter((energy) => lufs(energy) > gate)));
}

/** LU, from the energies of the tenths. */
export function range(tenths: readonly number[]): number {
  const loud = windows(tenths, TENTHS_PER_SHORT_TERM).filter((energy) => lufs(energy) > ABSOLUTE_GATE);
  if (loud.length === 0) return 0;
  const gate = lufs(mean(loud)) - 20;
  const levels = loud
    .map(lufs)
    .filter((level) => level > gate)
    .toSorted((a, b) => a - b);
  const at = (share: number): number => levels[Math.round((levels.length - 1) * share)] ?? 0;
  return at(0.95) - at(0.1);
}
