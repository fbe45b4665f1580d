import { accept, refuse, type Decision } from '#shared/kit/decision.ts';
import { accounts } from './account.ts';
import type { Asking } from './asking.ts';
import { cannotStart } from './business-day.ts';
import { event, type EventOf, type PayMethod, type Role } from './event.ts';
import { credit, debit, entry } from './ledger.ts';
import type { Refusal } from './refusal.ts';
import { isBoss } from './rights.ts';

/** CIRCULATING → REDEEMED or VOID. One whose last date is over is not taken any more; what it is worth stays on the books. */
export type VoucherState = 'CIRCULATING' | 'REDEEMED' | 'VOID';
export type VoucherFact = {
  readonly voucher: string;
  readonly state: VoucherState;
  readonly denominationCents: number;
  readonly feeCents: number;
  readonly discountCents: number | null;
  readonly method: PayMethod;
  readonly expiresOn: string | null;
};

export type SellVouchers = {
  readonly count: number;
  readonly denominationCents: number;
  readonly feeCents: number;
  readonly discountCents: number;
  readonly method: PayMethod;
  readonly drawer: string | null;
  readonly expiresOn: string | null;
};

/** A guest buys the club's own money. What it is worth is owed to whoever brings it; what was paid above is income, and both are told. What a dancer will not get of it is fixed now. */
export function sellVouchers(
  facts: { readonly drawerOpen: boolean; readonly businessDate: string },
  command: SellVouchers,
  ask: Asking,
): Decision<EventOf<'voucher.sold'>, Refusal> {
  const closed = cannotStart(ask.day);
  if (closed) return refuse(closed);
  const drawer = command.method === 'cash' ? command.drawer : null;
  if (command.method === 'cash' && (drawer === null || !facts.drawerOpen)) return refuse('drawer_not_open');
  if (command.expiresOn !== null && command.expiresOn < facts.businessDate) return refuse('date_in_past');
  const { count, denominationCents, feeCents, discountCents, method, expiresOn } = command;
  if (discountCents > denominationCents) return refuse('share_too_large');
  const into = drawer === null ? accounts.cardClearing : accounts.cashDrawer(drawer);
  const postings = entry(
    debit(into, count * (denominationCents + feeCents)),
    credit(accounts.voucherLiability, count * denominationCents),
    credit(accounts.voucherFeeIncome, count * feeCents),
  );
  const vouchers = Array.from({ length: count }, (_none, at) => `${ask.id}-${at + 1}`);
  const terms = { denominationCents, feeCents, discountCents, method, drawer, expiresOn };
  return accept(event('voucher.sold', { vouchers, ...terms, postings }));
}

/** A dancer brings one: its worth less the club's discount goes to her balance, or to her hand out of a drawer. Once. */
export function redeemVoucher(
  facts: {
    readonly voucher: VoucherFact | undefined;
    readonly dancerKnown: boolean;
    readonly businessDate: string;
    /** Cents in the drawer; null where none is named or open. */
    readonly drawerCents: number | null;
  },
  command: { readonly dancer: string; readonly discountCents: number; readonly drawer: string | null },
  ask: Asking,
): Decision<EventOf<'voucher.redeemed'>, Refusal> {
  const { voucher } = facts;
  if (!ask.day) return refuse('day_not_open');
  if (!voucher) return refuse('voucher_unknown');
  if (voucher.state !== 'CIRCULATING') return refuse('voucher_gone');
  if (voucher.expiresOn !== null && voucher.expiresOn < facts.businessDate) return refuse('voucher_expired');
  if (!facts.dancerKnown) return refuse('dancer_unknown');
  const { dancer, discountCents, drawer } = command;
  if (voucher.discountCents !== null && discountCents !== voucher.discountCents) return refuse('voucher_terms_differ');
  if (discountCents > voucher.denominationCents) return refuse('share_too_large');
  const hers = voucher.denominationCents - discountCents;
  if (drawer !== null && facts.drawerCents === null) return refuse('drawer_not_open');
  if (drawer !== null && hers > (facts.drawerCents ?? 0)) return refuse('not_enough_cash');
  const postings = entry(
    debit(accounts.voucherLiability, voucher.denominationCents),
    credit(drawer === null ? accounts.dancer(dancer) : accounts.cashDrawer(drawer), hers),
    credit(accounts.voucherFeeIncome, discountCents),
  );
  return accept(
    event('voucher.redeemed', { voucher: voucher.voucher, dancer, discountCents, drawer, postings }, [dancer]),
  );
}

/** The sale of one is turned round: the guest has worth and fee back, on the card or out of a drawer. A second owner or manager signs. */
export function voidVoucher(
  facts: {
    readonly voucher: VoucherFact | undefined;
    readonly second: { readonly staff: string; readonly roles: readonly Role[] };
    readonly drawerCents: number | null;
  },
  { reason, drawer }: { readonly reason: string; readonly drawer: string | null },
  ask: Asking,
): Decision<EventOf<'voucher.voided'>, Refusal> {
  const { voucher, second } = facts;
  if (!ask.day) return refuse('day_not_open');
  if (!voucher) return refuse('voucher_unknown');
  if (voucher.state !== 'CIRCULATING') return refuse('voucher_gone');
  if (second.staff === ask.by) return refuse('second_person_same');
  if (!isBoss(second.roles)) return refuse('second_person_not_allowed');
  if (reason.trim() === '') return refuse('reason_missing');
  const paid = voucher.denominationCents + voucher.feeCents;
  const from = voucher.method === 'cash' ? drawer : null;
  if (voucher.method === 'cash' && (from === null || facts.drawerCents === null)) return refuse('drawer_not_open');
  if (from !== null && paid > (facts.drawerCents ?? 0)) return refuse('not_enough_cash');
  const postings = entry(
    debit(accounts.voucherLiability, voucher.denominationCents),
    debit(accounts.voucherFeeIncome, voucher.feeCents),
    credit(from === null ? accounts.cardClearing : accounts.cashDrawer(from), paid),
  );
  return accept(
    event('voucher.voided', { voucher: voucher.voucher, reason, approver: second.staff, drawer: from, postings }),
  );
}
