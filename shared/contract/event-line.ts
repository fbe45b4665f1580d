import type { ClubEvent } from '#shared/domain/event.ts';

/** When something happened, as the box read its clocks; evidence, never an order. */
export type At = {
  /** Epoch milliseconds, as the wall clock read. */
  readonly wall: number;
  /** The club's offset from UTC then, in minutes. */
  readonly off: number;
  /** Milliseconds of the monotonic clock since `boot`. */
  readonly mono: number;
  readonly boot: string;
  /** Where the wall clock gets its time from. */
  readonly clk: 'ntp' | 'local' | 'simulated';
};

export type Actor = {
  readonly kind: 'staff' | 'device' | 'node';
  readonly id: string;
  readonly dev: string | null;
  readonly auth: 'pin' | 'device' | 'node';
};

/** One event as it stands in the log: this object's JSON, byte for byte, is what is hashed. */
export type LoggedEvent = {
  readonly v: 1;
  readonly seq: number;
  readonly id: string;
  readonly at: At;
  /** Id of the business day it belongs to, fixed when written; null outside any. */
  readonly day: string | null;
  readonly actor: Actor;
  /** The command that it comes from. */
  readonly cmd: string;
} & ClubEvent;

/** A line longer than this can't be written, so it can't arrive either. */
export const EVENT_LINE_BYTES_MAX = 65_536;

export function parseLine(line: string): LoggedEvent {
  return JSON.parse(line) as LoggedEvent;
}
