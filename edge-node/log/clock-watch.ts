import type { At } from '#shared/contract/event-line.ts';
import { localParts } from '#shared/domain/calendar.ts';
import type { Clock } from '../clock.ts';
import { limits } from '../limits.ts';

export type Reading = { readonly at: At; readonly steppedByMs: number };
export type ClockWatch = {
  /** One reading for a command, and by how much the wall clock was set since the last one (0 for not). */
  readonly read: (tz: string) => Reading;
  /** The last reading: what a rollback goes back to. */
  readonly seen: () => Seen;
  /** When what was written since then was rolled back, so that a step in it is found again. */
  readonly backTo: (seen: Seen) => void;
};
type Seen = { readonly wall: number; readonly mono: number | null } | null;

/**
 * Finds a step of the wall clock: within a boot by the monotonic clock, across a boot only where the wall clock
 * lies before the last event (`lastWall`, null for none).
 */
export function watchClock(clock: Clock, lastWall: number | null): ClockWatch {
  let seen: Seen = lastWall === null ? null : { wall: lastWall, mono: null };
  const offset = offsets();
  return {
    read: (tz) => {
      const wall = clock.wall();
      const mono = clock.mono();
      const off = stepSince(seen, wall, mono);
      seen = { wall, mono };
      return { at: { wall, off: offset(wall, tz), mono, boot: clock.boot, clk: clock.source }, steppedByMs: off };
    },
    seen: () => seen,
    backTo: (earlier) => {
      seen = earlier;
    },
  };
}

function stepSince(seen: Seen, wall: number, mono: number): number {
  if (!seen) return 0;
  const expected = seen.mono === null ? Math.max(seen.wall, wall) : seen.wall + (mono - seen.mono);
  const by = wall - expected;
  return Math.abs(by) > limits.clockStepMs ? by : 0;
}

/** Offsets change at a quarter of an hour at most, and asking the calendar is dear. */
function offsets(): (wall: number, tz: string) => number {
  const quarterMs = 15 * 60_000;
  let known = { quarter: Number.NaN, tz: '', off: 0 };
  return (wall, tz) => {
    const quarter = Math.floor(wall / quarterMs);
    if (quarter !== known.quarter || tz !== known.tz) known = { quarter, tz, off: localParts(wall, tz).offsetMinutes };
    return known.off;
  };
}
