// AssemblyScript, not TypeScript: `asc` makes `dist/meters.wasm` of it (`npm run build`), which `signal/pcm-meter.ts` runs.
// Both channels lie in the two lanes of a vector, so that each costs what one does.

/** Frames before a block that the peaks' filter looks back at. */
const HISTORY: i32 = 16;
const HALF: i32 = 8;
const TAPS: i32 = 16;
/** Hertz, and so the longest block: one second. */
const RATE_MAX: i32 = 48_000;
const FIFTIETHS: i32 = 50;
const FRAME_BYTES: i32 = 8;
/** Frames that are passed over together; at least `TAPS`, so that two groups hold all that the filter looks at. */
const GROUP: i32 = 32;
/** The rounding of the bends, which are reckoned in 32 bits. */
const SLACK: f64 = 1.000_001;
const DECIMATION: i32 = 8;
const DECIMATED_BYTES: usize = 8 * 8;
const DECIMATED_SAMPLES: f32 = 16;

/** What lies before a block, then the block. */
export const stereo: usize = memory.data((HISTORY + RATE_MAX + HISTORY) * FRAME_BYTES, 16);
const groups = memory.data((RATE_MAX / GROUP + 3) * 16, 16);
export const energies: usize = memory.data(10 * 8, 16);
export const lows: usize = memory.data(FIFTIETHS * 8, 16);
export const highs: usize = memory.data(FIFTIETHS * 8, 16);
export const mono: usize = memory.data((RATE_MAX / DECIMATION + 1) * 4, 16);
/** Squares of each channel, their product, plain sums of each channel. */
export const sums: usize = memory.data(6 * 8, 16);
/** For a quarter, a half and three quarters between two samples: a weight for each tap. */
export const weights: usize = memory.data(3 * TAPS * 8, 16);
/** The filter of BS.1770: p0 p1 p2 q1 q2 of the shelf, r1 r2 of the high-pass. */
export const filter: usize = memory.data(7 * 8, 16);
/** What the filter keeps of what it heard: four pairs. */
const state = memory.data(4 * 16, 16);

let rate: i32 = RATE_MAX;
let last: i32 = 0;
let best: f64 = 0;
let bendShare: f64 = 0;
let restShare: f64 = 0;
let monoSum: f32 = 0;
let monoTaken: i32 = 0;

/** What of a bend and of a level a level between two samples can add; and the peak below which none is looked for. */
export function start(hertz: i32, bend: f64, rest: f64, floor: f64): void {
  rate = hertz;
  bendShare = bend;
  restShare = rest;
  best = floor;
}

export function peak(): f64 {
  return best;
}

/** Before the next block is written: what lies before it is the end of the last one. */
export function moveOn(): void {
  memory.copy(stereo, stereo + last * FRAME_BYTES, HISTORY * FRAME_BYTES);
}

/** Measures the `frames` that were written behind the `HISTORY` of `stereo`; answers how many whole tenths of a second they are. */
export function measure(frames: i32): i32 {
  const fiftieth = rate / FIFTIETHS;
  let tenths = 0;
  let parts = 0;
  let energy: f64 = 0;
  for (let from = 0; from < frames; from += fiftieth) {
    const length = min(fiftieth, frames - from);
    energy += stretch(from, length, from / fiftieth);
    parts += 1;
    if (length < fiftieth || parts < FIFTIETHS / 10) continue;
    store<f64>(energies + tenths * 8, energy / f64(rate / 10));
    tenths += 1;
    parts = 0;
    energy = 0;
  }
  findPeaks(frames);
  last = frames;
  return tenths;
}

/** Looks for peaks behind the last sample: what lies there is silence. */
export function finish(): void {
  moveOn();
  memory.fill(stereo + HISTORY * FRAME_BYTES, 0, HISTORY * FRAME_BYTES);
  findPeaks(HISTORY);
  last = 0;
}

/** The K-weighted energy of one fiftieth; its lowest, its highest and its sums are kept on the way. */
function stretch(from: i32, length: i32, fiftieth: i32): f64 {
  const p0 = v128.load_splat<f64>(filter);
  const p1 = v128.load_splat<f64>(filter, 8);
  const p2 = v128.load_splat<f64>(filter, 16);
  const q1 = v128.load_splat<f64>(filter, 24);
  const q2 = v128.load_splat<f64>(filter, 32);
  const r1 = v128.load_splat<f64>(filter, 40);
  const r2 = v128.load_splat<f64>(filter, 48);
  let s1 = v128.load(state);
  let s2 = v128.load(state, 16);
  let t1 = v128.load(state, 32);
  let t2 = v128.load(state, 48);
  let energy = f64x2.splat(0);
  let squares = f64x2.splat(0);
  let plain = f64x2.splat(0);
  let product = f64x2.splat(0);
  let low = f64x2.splat(Infinity);
  let high = f64x2.splat(-Infinity);
  let at = stereo + (HISTORY + from) * FRAME_BYTES;
  const end = at + length * FRAME_BYTES;
  for (; at < end; at += FRAME_BYTES) {
    const x = f64x2.promote_low_f32x4(v128.load64_zero(at));
    const shelved = f64x2.add(f64x2.mul(p0, x), s1);
    s1 = f64x2.sub(f64x2.add(f64x2.mul(p1, x), s2), f64x2.mul(q1, shelved));
    s2 = f64x2.sub(f64x2.mul(p2, x), f64x2.mul(q2, shelved));
    const passed = f64x2.add(shelved, t1);
    t1 = f64x2.sub(f64x2.sub(t2, f64x2.add(shelved, shelved)), f64x2.mul(r1, passed));
    t2 = f64x2.sub(shelved, f64x2.mul(r2, passed));
    energy = f64x2.add(energy, f64x2.mul(passed, passed));
    low = f64x2.pmin(low, x);
    high = f64x2.pmax(high, x);
    squares = f64x2.add(squares, f64x2.mul(x, x));
    plain = f64x2.add(plain, x);
    product = f64x2.add(
      product,
      f64x2.mul(x, i8x16.shuffle(x, x, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7)),
    );
  }
  v128.store(state, quiet(s1));
  v128.store(state, quiet(s2), 16);
  v128.store(state, quiet(t1), 32);
  v128.store(state, quiet(t2), 48);
  store<f64>(lows + fiftieth * 8, min(f64x2.extract_lane(low, 0), f64x2.extract_lane(low, 1)));
  store<f64>(highs + fiftieth * 8, max(f64x2.extract_lane(high, 0), f64x2.extract_lane(high, 1)));
  v128.store(sums, f64x2.add(v128.load(sums), squares));
  store<f64>(sums, load<f64>(sums, 16) + f64x2.extract_lane(product, 0), 16);
  v128.store(sums, f64x2.add(v128.load(sums, 32), plain), 32);
  return f64x2.extract_lane(energy, 0) + f64x2.extract_lane(energy, 1);
}

/** Numbers next to nothing are slow to reckon with. */
function quiet(pair: v128): v128 {
  return v128.and(pair, f64x2.ge(f64x2.abs(pair), f64x2.splat(1e-20)));
}

/** The highest level between the samples of a block and of the last `HALF` frames before it. */
function findPeaks(frames: i32): void {
  const first = stereo + HALF * FRAME_BYTES;
  const highest = fillGroups(frames + TAPS);
  if (highest > best) best = highest;
  for (let from = 0; from < frames; from += GROUP) {
    const group = groups + (from / GROUP) * 16;
    const level = max(load<f64>(group), load<f64>(group, 16));
    const away = (restShare * level + bendShare * max(load<f64>(group, 8), load<f64>(group, 24))) * SLACK;
    if (level + away <= best) continue;
    const to = min(from + GROUP, frames);
    for (let at = from; at < to; at += 1) search(first + at * FRAME_BYTES, away);
  }
}

/** The highest level and the sharpest bend of each group from the buffer's start on, over both channels; answers the highest of all. */
function fillGroups(frames: i32): f64 {
  let highest: f64 = 0;
  let group = groups;
  for (let from = 0; from < frames; from += GROUP) {
    let at = stereo + from * FRAME_BYTES;
    const end = stereo + min(from + GROUP, frames) * FRAME_BYTES;
    let high = f32x4.splat(0);
    let sharp = f32x4.splat(0);
    for (; at < end; at += 2 * FRAME_BYTES) {
      const here = v128.load(at);
      // Before the very first frame lies silence, and so it does behind the last one.
      const around = f32x4.add(v128.load(at - FRAME_BYTES), v128.load(at, FRAME_BYTES));
      high = f32x4.pmax(high, f32x4.abs(here));
      sharp = f32x4.pmax(sharp, f32x4.abs(f32x4.sub(around, f32x4.add(here, here))));
    }
    const level = highestOf(high);
    store<f64>(group, level);
    store<f64>(group, highestOf(sharp), 8);
    if (level > highest) highest = level;
    group += 16;
  }
  store<f64>(group, 0);
  store<f64>(group, 0, 8);
  return highest;
}

function highestOf(four: v128): f64 {
  return f64(
    max(
      max(f32x4.extract_lane(four, 0), f32x4.extract_lane(four, 1)),
      max(f32x4.extract_lane(four, 2), f32x4.extract_lane(four, 3)),
    ),
  );
}

/** The three levels between a frame and the next, where they may be above what was found. */
function search(at: usize, away: f64): void {
  const near = highestOf(f32x4.abs(v128.load(at)));
  if (near + away <= best) return;
  let early = f64x2.splat(0);
  let middle = f64x2.splat(0);
  let late = f64x2.splat(0);
  let from = at - (HALF - 1) * FRAME_BYTES;
  for (let tap = 0; tap < TAPS; tap += 1) {
    const x = f64x2.promote_low_f32x4(v128.load64_zero(from));
    const weight = weights + tap * 8;
    early = f64x2.add(early, f64x2.mul(x, v128.load_splat<f64>(weight)));
    middle = f64x2.add(middle, f64x2.mul(x, v128.load_splat<f64>(weight, TAPS * 8)));
    late = f64x2.add(late, f64x2.mul(x, v128.load_splat<f64>(weight, 2 * TAPS * 8)));
    from += FRAME_BYTES;
  }
  const both = f64x2.max(f64x2.max(f64x2.abs(early), f64x2.abs(middle)), f64x2.abs(late));
  const high = max(f64x2.extract_lane(both, 0), f64x2.extract_lane(both, 1));
  if (high > best) best = high;
}

/** Both channels as one at an eighth of the rate, written to `mono`; answers how many. What is left over waits for the next block. */
export function decimate(frames: i32): i32 {
  let made = 0;
  let at = stereo + HISTORY * FRAME_BYTES;
  const end = at + frames * FRAME_BYTES;
  while (at < end) {
    if (monoTaken === 0 && end - at >= DECIMATED_BYTES) {
      const early = f32x4.add(v128.load(at), v128.load(at, 2 * FRAME_BYTES));
      const late = f32x4.add(v128.load(at, 4 * FRAME_BYTES), v128.load(at, 6 * FRAME_BYTES));
      store<f32>(mono + made * 4, sumOf(f32x4.add(early, late)) / DECIMATED_SAMPLES);
      made += 1;
      at += DECIMATED_BYTES;
      continue;
    }
    monoSum += load<f32>(at) + load<f32>(at, 4);
    monoTaken += 1;
    at += FRAME_BYTES;
    if (monoTaken < DECIMATION) continue;
    store<f32>(mono + made * 4, monoSum / DECIMATED_SAMPLES);
    made += 1;
    monoSum = 0;
    monoTaken = 0;
  }
  return made;
}

function sumOf(four: v128): f32 {
  const early = f32x4.extract_lane(four, 0) + f32x4.extract_lane(four, 1);
  return early + f32x4.extract_lane(four, 2) + f32x4.extract_lane(four, 3);
}
