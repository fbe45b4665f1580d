/** The highest level between the samples, by fourfold oversampling (BS.1770-4, annex 2). */
export type PeakMeter = {
  /** One channel; `HISTORY` samples before `from` are those that came before. */
  readonly feed: (samples: Float32Array, from: number, frames: number) => void;
  /** Linear, 1 is full scale. */
  readonly read: () => number;
};

const HALF = 8;
const TAPS = 2 * HALF;
/** So many samples of the past the filter looks at. */
export const HISTORY = TAPS;
/** Samples that are passed over together; at least `TAPS`, so that two groups hold all that the filter looks at. */
const GROUP = 32;

/** For a quarter, a half and three quarters between two samples: the weights of the eight samples before and after it. */
const [EARLY, MIDDLE, LATE] = [weights(0.25), weights(0.5), weights(0.75)];

/**
 * How far a level between two samples can lie from the straight line between them: so much of the strongest bend around
 * (a sample's distance from the middle of its neighbours, twice), and so much of the highest level around.
 */
const [BEND, REST] = [EARLY, MIDDLE, LATE]
  .map((phase, at) => distance(phase, (at + 1) / 4))
  .reduce(([bend, rest], [ownBend, ownRest]) => [Math.max(bend, ownBend), Math.max(rest, ownRest)], [0, 0]);

function weights(part: number): Float64Array {
  const raw = Float64Array.from({ length: TAPS }, (_none, tap) => {
    const x = tap - (HALF - 1) - part;
    const window = 0.5 + 0.5 * Math.cos((Math.PI * x) / (HALF + 0.5));
    return (Math.sin(Math.PI * x) / (Math.PI * x)) * window;
  });
  const sum = raw.reduce((total, weight) => total + weight, 0);
  return raw.map((weight) => weight / sum);
}

/** The weights without the straight line, summed twice: what is left are weights of the bends, and a rest of the slope. */
function distance(phase: Float64Array, part: number): [bend: number, rest: number] {
  let sum = 0;
  let twice = 0;
  let bend = 0;
  for (let tap = 0; tap < TAPS; tap += 1) {
    const line = tap === HALF - 1 ? 1 - part : tap === HALF ? part : 0;
    sum += (phase[tap] ?? 0) - line;
    twice += sum;
    bend += Math.abs(twice);
  }
  return [bend, 2 * Math.abs(twice)];
}

/**
 * Exact, but most places are passed over: between two samples the level is near the line between them, unless the sound bends
 * sharply there. What is not above `floor` is not looked for; 0 looks for all.
 */
export function peakMeter(floor: number): PeakMeter {
  let best = floor;
  let levels = new Float32Array(0);
  let bends = new Float32Array(0);
  return {
    feed: (samples, from, frames) => {
      const first = from - HALF;
      const until = from + frames - HALF;
      const count = Math.ceil((frames + TAPS) / GROUP) + 1;
      if (levels.length < count) [levels, bends] = [new Float32Array(count), new Float32Array(count)];
      best = Math.max(best, fillGroups(samples, { from: first - HALF, to: from + frames, levels, bends }));
      for (let group = 0; group * GROUP < frames; group += 1) {
        const level = Math.max(levels[group] ?? 0, levels[group + 1] ?? 0);
        const away = REST * level + BEND * Math.max(bends[group] ?? 0, bends[group + 1] ?? 0);
        if (level + away <= best) continue;
        const at = first + group * GROUP;
        best = search(samples, { at, to: Math.min(at + GROUP, until), away, best });
      }
    },
    read: () => best,
  };
}

type Groups = {
  readonly from: number;
  readonly to: number;
  readonly levels: Float32Array;
  readonly bends: Float32Array;
};

/** Fills in the highest level and the sharpest bend of every group, and answers the highest level of all. */
function fillGroups(samples: Float32Array, { from, to, levels, bends }: Groups): number {
  let highest = 0;
  let group = 0;
  let before = samples[from] ?? 0;
  let sample = before;
  for (let start = from; start < to; start += GROUP) {
    const end = Math.min(start + GROUP, to);
    let high = 0;
    let sharp = 0;
    for (let at = start; at < end; at += 1) {
      const after = samples[at + 1] ?? 0;
      const level = Math.abs(sample);
      const bend = Math.abs(before + after - 2 * sample);
      if (level > high) high = level;
      if (bend > sharp) sharp = bend;
      before = sample;
      sample = after;
    }
    levels[group] = high;
    bends[group] = sharp;
    group += 1;
    if (high > highest) highest = high;
  }
  return highest;
}

type Places = { readonly at: number; readonly to: number; readonly away: number; readonly best: number };

function search(samples: Float32Array, { at, to, away, best }: Places): number {
  let high = best;
  for (let place = at; place < to; place += 1) {
    const near = Math.max(Math.abs(samples[place] ?? 0), Math.abs(samples[place + 1] ?? 0));
    if (near + away > high) high = Math.max(high, between(samples, place));
  }
  return high;
}

/** The highest of the three levels between a sample and the next. */
function between(samples: Float32Array, place: number): number {
  let early = 0;
  let middle = 0;
  let late = 0;
  const from = place - (HALF - 1);
  for (let tap = 0; tap < TAPS; tap += 1) {
    const sample = samples[from + tap] ?? 0;
    early += (EARLY[tap] ?? 0) * sample;
    middle += (MIDDLE[tap] ?? 0) * sample;
    late += (LATE[tap] ?? 0) * sample;
  }
  return Math.max(Math.abs(early), Math.abs(middle), Math.abs(late));
}
