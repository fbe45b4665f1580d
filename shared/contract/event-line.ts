import type { ClubEvent } from '#shared/domain/event.ts';
import { stepsFrom, type StepsFrom } from './upcasters.ts';

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

/** What every line says, also one of a program that is newer than this. */
export type Envelope = Omit<LoggedEvent, 'type' | 'tv' | 'body'> & {
  readonly type: string;
  readonly tv: number;
  readonly body: unknown;
};
/** `event` is what this program knows, in its newest version; or the bare line, of a type or a version that it does not know. */
export type ReadLine =
  | { readonly isKnown: true; readonly event: LoggedEvent }
  | { readonly isKnown: false; readonly event: Envelope };

/** Throws a SyntaxError where it is no JSON. */
export const readLine = openReadLine(stepsFrom);

export function openReadLine(steps: StepsFrom): (line: string) => ReadLine {
  return (line) => {
    const event = JSON.parse(line) as Envelope;
    const { type, tv } = event;
    const way = steps(type, tv);
    if (way === null) return { isKnown: false, event };
    if (way.length === 0) return { isKnown: true, event: event as LoggedEvent };
    const body = way.reduce((old, step) => step(old), event.body);
    return { isKnown: true, event: { ...event, tv: tv + way.length, body } as LoggedEvent };
  };
}

/** For who must know what happened: throws an error named UnknownEvent for what only a newer program knows. */
export function parseLine(line: string): LoggedEvent {
  const { isKnown, event } = readLine(line);
  if (isKnown) return event;
  throw Object.assign(new Error(`This program does not know ${event.type} in version ${event.tv}.`), {
    name: 'UnknownEvent',
  });
}
