import { accept, refuse, type Decision } from '#shared/kit/decision.ts';
import { accounts } from './account.ts';
import type { Asking } from './asking.ts';
import type { AttendanceFact } from './attendance.ts';
import { event, type EventOf } from './event.ts';
import { cappedFee, feePeriods, type CappedFee } from './fee-cap.ts';
import type { FeeFact } from './house-fee.ts';
import { credit, debit, entry } from './ledger.ts';
import type { PolicyPack } from './policy-words.ts';
import type { Refusal } from './refusal.ts';
import type { DanceArea } from './tally-events.ts';

export type TallyFact = {
  readonly tally: string;
  readonly attendance: string;
  readonly dancer: string;
  readonly area: DanceArea;
  readonly dances: number;
  /** Of her written contract, in cents for one dance, tips left out. */
  readonly priceCents: number;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly isWithdrawn: boolean;
};

/** Dances that were counted, whole ones: the estimating method of WAC 296-128-90020, where an accurate tally is the method. */
export function recordTally(
  tonight: AttendanceFact | undefined,
  { area, dances, priceCents }: { readonly area: DanceArea; readonly dances: number; readonly priceCents: number },
  ask: Asking,
): Decision<EventOf<'dance_tally.recorded'>, Refusal> {
  if (!ask.day) return refuse('day_not_open');
  if (tonight?.state !== 'CHECKED_IN') return refuse('not_checked_in');
  const { attendance, dancer } = tonight;
  return accept(
    event('dance_tally.recorded', { tally: ask.id, attendance, dancer, area, dances, priceCents }, [dancer]),
  );
}

/** A tally that was wrong stays in the log, and counts no more; the right one is a tally of its own. */
export function withdrawTally(
  found: TallyFact | undefined,
  tonight: AttendanceFact | undefined,
  { reason }: { readonly reason: string },
): Decision<EventOf<'dance_tally.withdrawn'>, Refusal> {
  if (!found) return refuse('tally_unknown');
  if (found.isWithdrawn) return refuse('tally_withdrawn');
  if (tonight?.state !== 'CHECKED_IN' || tonight.attendance !== found.attendance) return refuse('not_checked_in');
  if (reason.trim() === '') return refuse('reason_missing');
  const { tally, dancer } = found;
  return accept(event('dance_tally.withdrawn', { tally, dancer, reason }, [dancer]));
}

export type CapFacts = {
  readonly feeCap: NonNullable<PolicyPack['feeCap']>;
  readonly attendance: string;
  readonly dancer: string;
  /** Her first check-in of the night, epoch milliseconds. */
  readonly from: number;
  readonly fees: readonly FeeFact[];
  readonly tallies: readonly TallyFact[];
};

/**
 * What the house fee of a shift comes to at its end (RCW 49.46.360; WAC 296-128-90020): what is above the cap goes back to
 * her, or is not asked for where she has not paid yet. After a re-entry it is worked out anew over the whole shift, so more dances may bring a part of it back. Null where
 * there is nothing to book: no fee, one that was waived, or the same amount as before.
 */
export function capHouseFee(facts: CapFacts, now: number): EventOf<'house_fee.capped'> | null {
  const { attendance, dancer } = facts;
  const fee = facts.fees.find((one) => isHouseFee(one, attendance));
  if (!fee || fee.state === 'WAIVED') return null;
  const cap = capOf(facts, fee.cents, now);
  const refundCents = cap.excessCents - fee.takenOffCents;
  if (refundCents === 0) return null;
  const postings = entry(debit(accounts.houseFeeIncome, refundCents), credit(accounts.dancer(dancer), refundCents));
  return event('house_fee.capped', { fee: fee.fee, attendance, dancer, cap, refundCents, postings }, [dancer]);
}

/** The fee that the first check-in assessed bears the attendance's own id; what is charged beside it is another. */
export function isHouseFee({ fee }: Pick<FeeFact, 'fee'>, attendance: string): boolean {
  return fee === attendance;
}

function capOf({ feeCap, from, tallies }: CapFacts, contractCents: number, to: number): CappedFee {
  const dances = tallies
    .filter(({ isWithdrawn }) => !isWithdrawn)
    .flatMap(({ at, area, priceCents, dances: count }) =>
      Array.from({ length: count }, () => ({ at, area, priceCents })),
    );
  return cappedFee(feeCap, contractCents, feePeriods(feeCap, { from, to }, dances));
}
