import { randomBytes } from 'node:crypto';
import type { At } from '#shared/contract/event-line.ts';

/** The night's clocks. Order never comes from them. */
export type Clock = {
  /** Epoch milliseconds, as the wall clock reads. */
  readonly wall: () => number;
  /** Milliseconds that only go forward, since this boot. */
  readonly mono: () => number;
  readonly boot: string;
  readonly source: At['clk'];
};

export function systemClock(): Clock {
  return {
    wall: () => Date.now(),
    mono: () => Math.floor(performance.now()),
    boot: `b_${randomBytes(6).toString('hex')}`,
    source: 'local',
  };
}

/** A clock that somebody else moves: for a night that is played faster than it would last. */
export type SetClock = Clock & { readonly set: (at: { readonly wall: number; readonly mono: number }) => void };

export function setClock(start: { readonly wall: number; readonly mono: number }, boot: string): SetClock {
  let now = start;
  return {
    wall: () => now.wall,
    mono: () => now.mono,
    boot,
    source: 'simulated',
    set: (at) => {
      now = at;
    },
  };
}
