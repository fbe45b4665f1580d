import { accept, refuse, type Decision } from '#shared/kit/decision.ts';
import { event, type EventOf } from './event.ts';
import { GENERIC_RETENTION } from './pack-generic.ts';
import type { Kept, PolicyPack } from './policy-words.ts';
import type { Refusal } from './refusal.ts';
import type { RecordKind } from './safety-words.ts';

/** How long a kind is kept under a pack, and how it goes: what the pack doesn't name is kept as the generic one says. */
export function keptUnder(pack: PolicyPack, kind: RecordKind): Kept {
  return pack.retention?.find((one) => one.kind === kind) ?? GENERIC_RETENTION[kind];
}

export type ClockFact = {
  readonly record: string;
  readonly kind: RecordKind;
  /** From when it counts (epoch milliseconds); null while it does not: an incident that is open, a ban without an end. */
  readonly clockAt: number | null;
  /** A ban that came from it is still kept. */
  readonly isHeld: boolean;
};

const DAY_MS = 86_400_000;

/** When its time is up under a pack (epoch milliseconds); null while its clock does not run. */
export function runsOutAt({ kind, clockAt }: Pick<ClockFact, 'kind' | 'clockAt'>, pack: PolicyPack): number | null {
  return clockAt === null ? null : clockAt + keptUnder(pack, kind).days * DAY_MS;
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

/** One event for each record whose time is up under the night's pack at `now`, as `surelyNow` tells it. The first thing that a night does, so that no clock waits for somebody to look. */
export function eraseDue(
  facts: readonly ClockFact[],
  pack: PolicyPack,
  now: number,
): readonly EventOf<'record.erased'>[] {
  return facts
    .filter((fact) => !fact.isHeld && (runsOutAt(fact, pack) ?? Infinity) <= now)
    .map(({ record, kind }) => {
      const { days, how, rule } = keptUnder(pack, kind);
      return event('record.erased', { record, kind, how, rule, days });
    });
}

/** Lets go of what is due at `now`, between two nights; refuses `nothing_due`. */
export function runRetention(
  facts: readonly ClockFact[],
  pack: PolicyPack,
  now: number,
): Decision<EventOf<'record.erased'>, Refusal> {
  const due = eraseDue(facts, pack, now);
  return due.length === 0 ? refuse('nothing_due') : accept(...due);
}

/** When a date is over by every club's calendar (epoch milliseconds): what ends on a date is kept from there on. */
export function afterDate(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) + 2 * DAY_MS;
}
