import { accept, refuse, type Decision } from '#shared/kit/decision.ts';
import { accounts } from './account.ts';
import type { Asking } from './asking.ts';
import type { AttendanceFact } from './attendance.ts';
import { event, type EventOf } from './event.ts';
import { credit, debit, entry } from './ledger.ts';
import type { FeeKind } from './policy-words.ts';
import type { Refusal } from './refusal.ts';

/** ASSESSED → PAID | WAIVED, or DEFERRED → PAID | WAIVED. */
export type FeeState = 'ASSESSED' | 'DEFERRED' | 'PAID' | 'WAIVED';
export type FeeFact = {
  readonly fee: string;
  readonly dancer: string;
  /** As it was assessed. */
  readonly cents: number;
  /** What the law of the place took off it when she left (see dance-tally.ts), in cents. */
  readonly takenOffCents: number;
  readonly state: FeeState;
};

/** What is asked for of a fee, in cents. */
export function dueCents({ cents, takenOffCents }: FeeFact): number {
  return cents - takenOffCents;
}

/** Assessed at the first check-in of a night, never again on re-entry. */
export function assessHouseFee(
  fee: { readonly fee: string; readonly attendance: string; readonly dancer: string },
  cents: number,
): EventOf<'house_fee.assessed'> {
  const postings = entry(debit(accounts.dancer(fee.dancer), cents), credit(accounts.houseFeeIncome, cents));
  return event('house_fee.assessed', { ...fee, cents, rule: 'price_list.house_fee', postings }, [fee.dancer]);
}

/** Fees that are charged by hand; the others come about by what is done, and are only forbidden or not. */
export type ChargeKind = Exclude<FeeKind, 'carry_forward'>;

/** A further fee, for somebody who is here tonight. One that the pack forbids can't be assessed at all. */
export function chargeFee(
  facts: { readonly isForbidden: boolean; readonly tonight: AttendanceFact | undefined },
  { kind, cents }: { readonly kind: ChargeKind; readonly cents: number },
  ask: Asking,
): Decision<EventOf<'house_fee.assessed'>, Refusal> {
  if (!ask.day) return refuse('day_not_open');
  if (facts.isForbidden) return refuse('fee_forbidden');
  if (facts.tonight?.state !== 'CHECKED_IN') return refuse('not_checked_in');
  const { attendance, dancer } = facts.tonight;
  const postings = entry(debit(accounts.dancer(dancer), cents), credit(accounts.houseFeeIncome, cents));
  const body = { fee: ask.id, attendance, dancer, cents, rule: `club_fee.${kind}`, postings };
  return accept(event('house_fee.assessed', body, [dancer]));
}

export function payHouseFee(
  fee: FeeFact | undefined,
  command: { readonly drawer: string },
  drawerOpen: boolean,
): Decision<EventOf<'house_fee.paid'>, Refusal> {
  if (!fee) return refuse('fee_unknown');
  if (!isOwed(fee)) return refuse('fee_settled');
  if (!drawerOpen) return refuse('drawer_not_open');
  const { dancer } = fee;
  const cents = dueCents(fee);
  const postings = entry(debit(accounts.cashDrawer(command.drawer), cents), credit(accounts.dancer(dancer), cents));
  return accept(event('house_fee.paid', { fee: fee.fee, dancer, cents, drawer: command.drawer, postings }, [dancer]));
}

/** A pack may forbid that an unpaid fee is carried into another night. */
export function deferHouseFee(
  fee: FeeFact | undefined,
  command: { readonly reason: string },
  carryForbidden: boolean,
): Decision<EventOf<'house_fee.deferred'>, Refusal> {
  if (!fee) return refuse('fee_unknown');
  if (fee.state !== 'ASSESSED') return refuse('fee_settled');
  if (carryForbidden) return refuse('fee_forbidden');
  if (command.reason.trim() === '') return refuse('reason_missing');
  return accept(
    event('house_fee.deferred', { fee: fee.fee, dancer: fee.dancer, reason: command.reason }, [fee.dancer]),
  );
}

/** Books money, so it needs a night that the posting belongs to, also for a fee that was deferred in an earlier one. */
export function waiveHouseFee(
  fee: FeeFact | undefined,
  command: { readonly reason: string },
  ask: Asking,
): Decision<EventOf<'house_fee.waived'>, Refusal> {
  if (!ask.day) return refuse('day_not_open');
  if (!fee) return refuse('fee_unknown');
  if (!isOwed(fee)) return refuse('fee_settled');
  if (command.reason.trim() === '') return refuse('reason_missing');
  return accept(waived(fee, command));
}

/** What is still asked for of a fee is asked for no more. */
export function waived(fee: FeeFact, { reason }: { readonly reason: string }): EventOf<'house_fee.waived'> {
  const { dancer } = fee;
  const cents = dueCents(fee);
  const postings = entry(debit(accounts.feeWaivers, cents), credit(accounts.dancer(dancer), cents));
  return event('house_fee.waived', { fee: fee.fee, dancer, cents, reason, postings }, [dancer]);
}

export function isOwed(fee: FeeFact): boolean {
  return fee.state === 'ASSESSED' || fee.state === 'DEFERRED';
}
