import type { OccupancyLevel } from './door-events.ts';

/** An area of the house as a rule sees it tonight. */
export type AreaFact = {
  readonly area: string;
  /** Most people by the fire marshal's count. */
  readonly limit: number;
  /** All who came, less all who left, with corrections: below zero when a count is missing. */
  readonly sum: number;
};
export type Occupancy = {
  readonly inside: number;
  readonly limit: number;
  readonly level: 'ok' | OccupancyLevel;
};

/** Of the limit, in tenths, from which on the door is warned. */
const NEAR_TENTHS = 9;

/**
 * What the door shows. Counts of several devices are only ever added up, so the order in which they arrive changes
 * nothing; nobody is shown less than nobody, and a sum below zero asks for a correction.
 */
export function occupancyOf({ limit, sum }: Pick<AreaFact, 'limit' | 'sum'>): Occupancy {
  return { inside: Math.max(0, sum), limit, level: levelOf(limit, sum) };
}

function levelOf(limit: number, sum: number): Occupancy['level'] {
  if (sum < 0) return 'below_zero';
  if (sum >= limit) return 'full';
  return sum * 10 >= limit * NEAR_TENTHS ? 'near' : 'ok';
}

/** The level that a count brings the area to, where that is a new one to speak of; null otherwise. */
export function warningOf(before: AreaFact, by: number): OccupancyLevel | null {
  const level = levelOf(before.limit, before.sum + by);
  const rises = level === 'below_zero' ? by < 0 : by > 0;
  return level !== 'ok' && rises && level !== levelOf(before.limit, before.sum) ? level : null;
}
