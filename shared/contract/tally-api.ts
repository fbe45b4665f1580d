import { Type } from 'typebox';
import { Cents, closed, Reason, route } from './api-fields.ts';
import type { CappedFee } from '#shared/domain/fee-cap.ts';
import type { DanceArea } from '#shared/domain/tally-events.ts';
import { oneOf } from './words.ts';

export const DanceAreaWord = oneOf('public', 'private');

/** Commands on the dances that a fee's cap is worked out from. */
export const TALLY_ROUTES = {
  'dance_tally.record': route(
    '/dancers/:dancer/dances',
    'Counts dances of somebody who works tonight, at the price of her contract in cents each, tips left out',
    Type.Object({ area: DanceAreaWord, dances: Type.Integer({ minimum: 1, maximum: 100 }), priceCents: Cents }, closed),
  ),
  'dance_tally.withdraw': route(
    '/dance-tallies/:tally/withdraw',
    'A count of dances was wrong and counts no more',
    Type.Object({ reason: Reason }, closed),
  ),
} as const;

/** One movement of her account: above zero she owes the club, below zero the club owes her. */
export type StatementLine = {
  readonly at: number;
  readonly event: string;
  readonly type: string;
  readonly cents: number;
  /** By which rule a fee came about. */
  readonly rule: string | null;
};
/** GET /dancers/:dancer/statements/:day: what a night came to for one dancer. Amounts in cents, instants in epoch milliseconds. */
export type NightStatement = {
  readonly dancer: string;
  readonly stageName: string;
  readonly day: string;
  readonly date: string;
  readonly lines: readonly StatementLine[];
  readonly sumCents: number;
  /** Of all nights, as it is now. */
  readonly balanceCents: number;
  readonly tallies: readonly {
    readonly tally: string;
    readonly at: number;
    readonly area: DanceArea;
    readonly dances: number;
    readonly priceCents: number;
    readonly isWithdrawn: boolean;
  }[];
  /** Vouchers that she brought that night, also those that a drawer paid: what the guest paid on top, what was taken off for her. */
  readonly vouchers: readonly {
    readonly voucher: string;
    readonly denominationCents: number;
    readonly premiumCents: number;
    readonly discountCents: number;
    readonly herCents: number;
  }[];
  /** The cap of her house fee as it was worked out last, with the rule's source. */
  readonly cap: (CappedFee & { readonly source: string }) | null;
  /** The chain's hash at the last of the lines (hex); null where there are none. */
  readonly hash: string | null;
};
/** GET /dancers/:dancer/years/:year, and of every dancer GET /years/:year/dancers (.csv): what a calendar year came to, by the dates of its nights. */
export type YearStatement = {
  readonly dancer: string;
  readonly stageName: string;
  readonly year: number;
  /** By type of event, in cents. */
  readonly byType: readonly { readonly type: string; readonly cents: number }[];
  /** Her shares of rooms, her tips and vouchers that went through the club's hands: what a 1099 counts, before fees are taken off. */
  readonly throughClubCents: number;
  readonly feeCents: number;
  /** What was taken off her vouchers. */
  readonly voucherDiscountCents: number;
  /** From which amount on the club files; null: nobody has said yet for this year. */
  readonly threshold: { readonly cents: number; readonly source: string } | null;
  readonly mustFile: boolean | null;
};
