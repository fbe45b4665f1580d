import type { Told } from './log/told.ts';

/**
 * What the node judges for itself where histories meet. Handed in, so that the simulator can see what happens without;
 * every other program takes CHECKS.
 */
export type Checks = {
  /** Whether the cloud's hash at a place is our own there. Neither side trusts. */
  readonly agrees: (own: string | null, theirs: string) => boolean;
  /**
   * Whether another history has an event already: by its id, which goes with it into any log, or because the same command
   * was carried out there too, by a tablet that asked both boxes.
   */
  readonly isRepeat: (line: string, other: Told) => boolean;
  /** Whether joined lines tell which commands they answer. */
  readonly learnsKeys: boolean;
};
export const CHECKS: Checks = {
  agrees: (own, theirs) => own === theirs,
  isRepeat: (line, other) => other.hasEvent(line) || other.answersElsewhere(line),
  learnsKeys: true,
};
