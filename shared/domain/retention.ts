import { accept, refuse, type Decision } from '#shared/kit/decision.ts';
import { event, type EventOf } from './event.ts';
import type { Refusal } from './refusal.ts';
import type { ErasedHow, RecordKind } from './safety-words.ts';

type Clock = { readonly days: number; readonly how: ErasedHow; readonly rule: string };

/** Five years with room for leap days: a clock is never short of what a law asks. */
const FIVE_YEARS = 5 * 366;
const THREE_YEARS = 3 * 366;

/**
 * How long each kind is kept, as data. An incident counts from its close, a complaint from the latest allegation against the same
 * customer (WAC 296-831: five years), a ban from its end, a training from its last valid date, the others from when they were written.
 */
export const RETENTION: Readonly<Record<RecordKind, Clock>> = {
  incident: { days: FIVE_YEARS, how: 'erased', rule: 'club.incident' },
  complaint: { days: FIVE_YEARS, how: 'erased', rule: 'wac_296_831.complaint_log' },
  refusal: { days: 366, how: 'deleted', rule: 'club.refusal' },
  blocklist_entry: { days: 366, how: 'deleted', rule: 'club.ended_ban' },
  site_visit: { days: FIVE_YEARS, how: 'erased', rule: 'club.site_visit' },
  training: { days: THREE_YEARS, how: 'deleted', rule: 'club.training' },
  safety_test: { days: FIVE_YEARS, how: 'deleted', rule: 'wac_296_831.panic_button' },
};

export type ClockFact = {
  readonly record: string;
  readonly kind: RecordKind;
  /** From when it counts (epoch milliseconds); null while it does not: an incident that is open, a ban without an end. */
  readonly clockAt: number | null;
  /** A ban that came from it is still kept. */
  readonly isHeld: boolean;
};

const DAY_MS = 86_400_000;

/** When its time is up (epoch milliseconds); null while its clock does not run. */
export function runsOutAt({ kind, clockAt }: Pick<ClockFact, 'kind' | 'clockAt'>): number | null {
  return clockAt === null ? null : clockAt + RETENTION[kind].days * DAY_MS;
}

/** Nights that have to bear the clock out before anything is let go of. */
const OPENINGS = 3;

/**
 * How late it surely is (epoch milliseconds; 0 before the third night): not later than the third latest opening. What is let go of
 * can't be brought back, so a clock that is years ahead for an evening, or two, must not end anything.
 */
export function surelyNow(now: number, openings: readonly number[]): number {
  const third = openings.toSorted((a, b) => b - a)[OPENINGS - 1];
  return Math.min(now, third ?? 0);
}

/** One event for each record whose time is up at `now`, as `surelyNow` tells it. The first thing that a night does, so that no clock waits for somebody to look. */
export function eraseDue(facts: readonly ClockFact[], now: number): readonly EventOf<'record.erased'>[] {
  return facts
    .filter((fact) => !fact.isHeld && (runsOutAt(fact) ?? Infinity) <= now)
    .map(({ record, kind }) => {
      const { days, how, rule } = RETENTION[kind];
      return event('record.erased', { record, kind, how, rule, days });
    });
}

/** Lets go of what is due at `now`, between two nights; refuses `nothing_due`. */
export function runRetention(facts: readonly ClockFact[], now: number): Decision<EventOf<'record.erased'>, Refusal> {
  const due = eraseDue(facts, now);
  return due.length === 0 ? refuse('nothing_due') : accept(...due);
}

/** When a date is over by every club's calendar (epoch milliseconds): what ends on a date is kept from there on. */
export function afterDate(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) + 2 * DAY_MS;
}
