import type { Probed } from './probe.ts';
import type { Refusal, Warning } from './verdict.ts';

export type Range = { readonly from: number; readonly to: number };

/** What a container says of itself, found without decoding. */
export type Structure = {
  /** Why it is refused already; null where nothing speaks against decoding it. */
  readonly refusal: Refusal | null;
  readonly warnings: readonly Warning[];
  /** The sound's own bytes, without tags and pictures: the same in two files that differ in their tags alone. */
  readonly sound: readonly Range[];
  /** The length that the container promises, in seconds; null where it promises none. */
  readonly promisedSeconds: number | null;
  /** How long its frames are together, in seconds; null where only a decode tells. */
  readonly framesSeconds: number | null;
  /** What ffprobe would say of a file whose every frame was read; null where it has to be asked. */
  readonly probed: Probed | null;
  /** Where something begins behind the frames that is no tag, and that a decoder would take for damaged sound. */
  readonly junkFrom: number | null;
};

const WHOLE: Structure = {
  refusal: null,
  warnings: [],
  sound: [],
  promisedSeconds: null,
  framesSeconds: null,
  probed: null,
  junkFrom: null,
};

export function structure(known: Partial<Structure>): Structure {
  return { ...WHOLE, ...known };
}

export function refused(refusal: Refusal): Structure {
  return structure({ refusal });
}

export function lengthOf(ranges: readonly Range[]): number {
  return ranges.reduce((sum, { from, to }) => sum + to - from, 0);
}
