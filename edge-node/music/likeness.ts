/** Chromaprint makes some eight of these 32-bit words a second. */
const WORDS_MIN = 24;
/** So far two copies of one recording may be shifted against each other: ten seconds. */
const SHIFT_MAX = 80;

/** How alike two raw fingerprints are at the shift that fits best: 1 for the same, about 0.5 for two songs. 0 for too short. */
export function likeness(a: Uint32Array, b: Uint32Array): number {
  let best = 0;
  for (let shift = -SHIFT_MAX; shift <= SHIFT_MAX; shift += 1) best = Math.max(best, likenessAt(a, b, shift));
  return best;
}

function likenessAt(a: Uint32Array, b: Uint32Array, shift: number): number {
  const from = Math.max(0, -shift);
  const to = Math.min(a.length, b.length - shift);
  const words = to - from;
  if (words < WORDS_MIN || words < Math.min(a.length, b.length) / 2) return 0;
  let differing = 0;
  for (let at = from; at < to; at += 1) differing += ones((a[at] ?? 0) ^ (b[at + shift] ?? 0));
  return 1 - differing / (words * 32);
}

function ones(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
