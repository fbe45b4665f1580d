/**
 * The highest level between the samples, by fourfold oversampling (BS.1770-4, annex 2). Exact, but most places are passed over:
 * between two samples the level is near the line between them, unless the sound bends sharply there.
 */
const HALF = 8;
const TAPS = 2 * HALF;
/** For a quarter, a half and three quarters between two samples: the weights of the eight samples before and after it. */
const PHASES = [0.25, 0.5, 0.75].map(weights);
export const BETWEEN: readonly number[] = PHASES.flatMap((phase) => [...phase]);

/**
 * How far a level between two samples can lie from the straight line between them: so much of the strongest bend around
 * (a sample's distance from the middle of its neighbours, twice), and so much of the highest level around.
 */
export const [BEND, REST] = PHASES.map((phase, at) => distance(phase, (at + 1) / 4)).reduce(
  ([bend, rest], [ownBend, ownRest]) => [Math.max(bend, ownBend), Math.max(rest, ownRest)],
  [0, 0],
);

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
