import { openAssets } from '../../assets.ts';

/** Where both lie in memory: 16 samples of each channel before a block, and the block. */
export type Meters = {
  /** Before a block is written. */
  readonly moveOn: () => void;
  /** Room for one second of interleaved stereo. */
  readonly stereo: Float32Array;
  /** Measures what was written; answers the number of whole tenths of a second. */
  readonly measure: (frames: number) => number;
  /** Behind the last block. */
  readonly finish: () => void;
  /** K-weighted, one for each whole tenth of the block: the mean over its frames of the sum over both channels. */
  readonly energies: Float64Array;
  /** Lowest and highest sample of each fiftieth of the block, over both channels. */
  readonly lows: Float64Array;
  readonly highs: Float64Array;
  /** Over all blocks: squares of left and right, their product, nothing, plain sums of left and right. */
  readonly sums: Float64Array;
  /** The highest level so far, linear. */
  readonly peak: () => number;
  /** Makes `mono` of the block; answers how many samples it has. */
  readonly decimate: (frames: number) => number;
  /** Both channels as one, at an eighth of the rate. */
  readonly mono: Float32Array;
};

export type MeterSetting = {
  /** Hertz, 48,000 at most, and a multiple of fifty. */
  readonly sampleRate: number;
  /** The filter of BS.1770: five factors of the shelf, two of the high-pass. */
  readonly kWeighting: readonly number[];
  /** For a quarter, a half and three quarters between two samples: the weights of the samples around. */
  readonly between: readonly number[];
  /** What of the sharpest bend and of the highest level around, a level between two samples lies away from the line between them. */
  readonly bend: number;
  readonly rest: number;
  /** Linear: a lower peak is not looked for. */
  readonly floor: number;
};

type Place = 'stereo' | 'energies' | 'lows' | 'highs' | 'mono' | 'sums' | 'weights' | 'filter';
type Exports = Pick<Meters, 'moveOn' | 'measure' | 'finish' | 'peak' | 'decimate'> & {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly start: (sampleRate: number, bend: number, rest: number, floor: number) => void;
} & { readonly [P in Place]: { readonly value: number } };

const COMPILED = 'dist/meters.wasm';
/** Enough for beats and keys, which live below two kilohertz. */
export const DECIMATION = 8;
/** 16 samples of each channel. */
const HISTORY_BYTES = 16 * 8;
const TENTHS = 10;
const FIFTIETHS = 50;
const SUMS = 6;

/** What of JavaScript's interface to WebAssembly is used here; TypeScript has it only for browsers. */
type Program = { readonly compiled: never };
const { Module, Instance } = (
  globalThis as unknown as {
    readonly WebAssembly: {
      readonly Module: new (bytes: Uint8Array) => Program;
      readonly Instance: new (program: Program) => { readonly exports: unknown };
    };
  }
).WebAssembly;

let program: Program | null = null;

/** What is reckoned for every sample, in WebAssembly (`../meters`): a third of what the same costs in JavaScript. */
export function openMeters({ sampleRate, kWeighting, between, bend, rest, floor }: MeterSetting): Meters {
  program ??= compile();
  const meters = new Instance(program).exports as Exports;
  const { buffer } = meters.memory;
  const doubles = (at: number, count: number): Float64Array => new Float64Array(buffer, at, count);
  doubles(meters.filter.value, kWeighting.length).set(kWeighting);
  doubles(meters.weights.value, between.length).set(between);
  meters.start(sampleRate, bend, rest, floor);
  const { moveOn, measure, finish, peak, decimate } = meters;
  return {
    moveOn,
    measure,
    finish,
    peak,
    decimate,
    stereo: new Float32Array(buffer, meters.stereo.value + HISTORY_BYTES, 2 * sampleRate),
    energies: doubles(meters.energies.value, TENTHS),
    lows: doubles(meters.lows.value, FIFTIETHS),
    highs: doubles(meters.highs.value, FIFTIETHS),
    sums: doubles(meters.sums.value, SUMS),
    mono: new Float32Array(buffer, meters.mono.value, Math.ceil(sampleRate / DECIMATION)),
  };
}

function compile(): Program {
  const compiled = openAssets().read(COMPILED);
  if (compiled === null) throw new Error(`${COMPILED} is not there: npm run build makes it`);
  return new Module(new Uint8Array(compiled));
}
