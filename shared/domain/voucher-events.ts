import type { PayMethod, Posting } from './event.ts';

export type VoucherBodies = {
  /**
   * All of one sale: each is worth `denominationCents`, and the guest paid `feeCents` above it for each; `discountCents` is what
   * a dancer will not get of its worth. Null: sold before the sale said it, so whoever redeems one does.
   */
  'voucher.sold': {
    readonly vouchers: readonly string[];
    readonly denominationCents: number;
    readonly feeCents: number;
    readonly discountCents: number | null;
    readonly method: PayMethod;
    readonly drawer: string | null;
    readonly expiresOn: string | null;
    readonly postings: readonly Posting[];
  };
  /** `discountCents` is what she does not get of its worth; without a drawer it goes to her balance. */
  'voucher.redeemed': {
    readonly voucher: string;
    readonly dancer: string;
    readonly discountCents: number;
    readonly drawer: string | null;
    readonly postings: readonly Posting[];
  };
  'voucher.voided': {
    readonly voucher: string;
    readonly reason: string;
    readonly approver: string;
    readonly drawer: string | null;
    readonly postings: readonly Posting[];
  };
};
