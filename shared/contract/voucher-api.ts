import { Type } from 'typebox';
import { Cents, closed, DateText, Id, PaidCents, Pin, Reason, route } from './api-fields.ts';
import { oneOf } from './words.ts';

const orNull = <T extends ReturnType<typeof Type.String>>(schema: T) => Type.Union([Type.Null(), schema]);
const Second = Type.Object({ staff: Id, pin: Pin }, closed);
export const PayMethodWord = oneOf('cash', 'card');

/** Commands on the club's own money. */
export const VOUCHER_ROUTES = {
  'voucher.sell': route(
    '/vouchers',
    'Sells vouchers of one worth to a guest, with both deductions of each: what he pays above it, what a dancer will not get of it',
    Type.Object(
      {
        count: Type.Integer({ minimum: 1, maximum: 100 }),
        denominationCents: PaidCents,
        feeCents: Cents,
        discountCents: Cents,
        method: PayMethodWord,
        drawer: orNull(Id),
        expiresOn: orNull(DateText),
      },
      closed,
    ),
  ),
  'voucher.redeem': route(
    '/vouchers/:voucher/redeem',
    'A dancer brings a voucher: its worth less the discount of its sale, as shown to her, goes to her balance, or out of a drawer',
    Type.Object({ dancer: Id, discountCents: Cents, drawer: orNull(Id) }, closed),
  ),
  'voucher.void': route(
    '/vouchers/:voucher/void',
    'Turns the sale of a voucher round; a second owner or manager signs with a PIN',
    Type.Object({ reason: Reason, drawer: orNull(Id), second: Second }, closed),
  ),
} as const;

/** GET /vouchers: those that circulate, the newest first. */
export type VoucherRow = {
  readonly voucher: string;
  readonly denominationCents: number;
  /** What the guest paid above its worth, in cents. */
  readonly feeCents: number;
  /** What a dancer will not get of its worth, in cents; null: sold before sales fixed it, whoever redeems says it. */
  readonly discountCents: number | null;
  readonly soldAt: number;
  readonly expiresOn: string | null;
};
