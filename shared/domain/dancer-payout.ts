import { accept, refuse, type Decision } from '#shared/kit/decision.ts';
import { accounts } from './account.ts';
import type { Asking } from './asking.ts';
import type { AttendanceState } from './attendance.ts';
import { event, type EventOf } from './event.ts';
import { credit, debit, entry } from './ledger.ts';
import type { Refusal } from './refusal.ts';

export type PayoutFacts = {
  readonly known: boolean;
  /** Of her attendance tonight, if she worked. */
  readonly tonight: AttendanceState | undefined;
  /** Her balance in cents: below zero the club owes her. */
  readonly balanceCents: number;
  /** Cash in the drawer; null where it is not open. */
  readonly drawerCents: number | null;
  /** Of earlier nights, which she left without being settled. */
  readonly unsettled: readonly string[];
  /** Fees that she still owes; they are in her balance. */
  readonly fees: readonly string[];
};

/**
 * Pays what the club carries for a dancer, all or a part of it, on any later night. Tonight's earnings wait for her settlement.
 * When nothing is left, the nights that she left unsettled are settled, and her fees are paid.
 */
export function payCarried(
  facts: PayoutFacts,
  command: { readonly dancer: string; readonly cents: number; readonly drawer: string },
  ask: Asking,
): Decision<EventOf<'dancer.paid_out'>, Refusal> {
  if (!ask.day) return refuse('day_not_open');
  if (!facts.known) return refuse('dancer_unknown');
  if (facts.tonight === 'CHECKED_IN' || facts.tonight === 'CHECKED_OUT') return refuse('settle_tonight');
  const { dancer, cents, drawer } = command;
  if (-facts.balanceCents < cents) return refuse('balance_too_low');
  if (facts.drawerCents === null) return refuse('drawer_not_open');
  if (facts.drawerCents < cents) return refuse('not_enough_cash');
  const isAll = facts.balanceCents + cents === 0;
  const attendances = isAll ? facts.unsettled : [];
  const fees = isAll ? facts.fees : [];
  const postings = entry(debit(accounts.dancer(dancer), cents), credit(accounts.cashDrawer(drawer), cents));
  return accept(event('dancer.paid_out', { dancer, cents, drawer, attendances, fees, postings }, [dancer]));
}
