import { accept, refuse, type Decision } from '#shared/kit/decision.ts';
import { accounts } from './account.ts';
import { isAbove } from './cash-limit.ts';
import type { DrawerFact } from './drawer.ts';
import { event, type EventOf } from './event.ts';
import { credit, debit, entry } from './ledger.ts';
import type { Refusal } from './refusal.ts';

/** What a drawer does between its opening and its count, beside sales and drops. Amounts in cents, all above zero. */
function cannotMove(facts: DrawerFact | undefined): Refusal | null {
  if (!facts || facts.state === 'CLOSED') return 'drawer_not_open';
  return facts.state === 'COUNTED' ? 'drawer_counted' : null;
}

/** Change is brought from the safe. */
export function payIn(
  facts: DrawerFact | undefined,
  command: { readonly cents: number; readonly reason: string },
): Decision<EventOf<'drawer.paid_in'>, Refusal> {
  const why = cannotMove(facts);
  if (!facts || why) return refuse(why ?? 'drawer_not_open');
  if (command.reason.trim() === '') return refuse('reason_missing');
  const { drawerSession, drawer } = facts;
  const { cents, reason } = command;
  const postings = entry(debit(accounts.cashDrawer(drawer), cents), credit(accounts.safe, cents));
  return accept(event('drawer.paid_in', { drawerSession, drawer, cents, reason, postings }));
}

export type PayOutFacts = {
  readonly drawer: DrawerFact | undefined;
  /** Of the club's cash limits; null for none. */
  readonly limitCents: number | null;
  readonly byIsBoss: boolean;
  readonly approverIsBoss: boolean;
};

/** Something is bought out of the drawer. Above the limit an owner or manager does it, or allows it as a second person. */
export function payOut(
  facts: PayOutFacts,
  command: { readonly cents: number; readonly reason: string; readonly approver: string | null },
): Decision<EventOf<'drawer.paid_out'>, Refusal> {
  const why = cannotMove(facts.drawer);
  if (!facts.drawer || why) return refuse(why ?? 'drawer_not_open');
  const { cents, reason, approver } = command;
  if (reason.trim() === '') return refuse('reason_missing');
  if (approver !== null && !facts.approverIsBoss) return refuse('approver_not_allowed');
  if (isAbove(cents, facts.limitCents) && approver === null && !facts.byIsBoss) return refuse('approver_missing');
  const { drawerSession, drawer, expectedCents } = facts.drawer;
  if (expectedCents < cents) return refuse('not_enough_cash');
  const postings = entry(debit(accounts.paidOuts, cents), credit(accounts.cashDrawer(drawer), cents));
  return accept(event('drawer.paid_out', { drawerSession, drawer, cents, reason, approver, postings }));
}

/** The drawer is opened without a sale: books nothing, and stands in every report. */
export function openWithoutSale(
  facts: DrawerFact | undefined,
  command: { readonly reason: string },
): Decision<EventOf<'drawer.no_sale'>, Refusal> {
  const why = cannotMove(facts);
  if (!facts || why) return refuse(why ?? 'drawer_not_open');
  if (command.reason.trim() === '') return refuse('reason_missing');
  const { drawerSession, drawer } = facts;
  return accept(event('drawer.no_sale', { drawerSession, drawer, reason: command.reason }));
}
