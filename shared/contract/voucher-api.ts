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
    'Sells vouchers of one worth to a guest; what is paid above it is the club’s fee, for each',
    Type.Object(
      {
        count: Type.Integer({ minimum: 1, maximum: 100 }),
        denominationCents: PaidCents,
        feeCents: Cents,
        method: PayMethodWord,
        drawer: orNull(Id),
        expiresOn: orNull(DateText),
      },
      closed,
    ),
  ),
  'voucher.redeem': route(
    '/vouchers/:voucher/redeem',
    'A dancer brings a voucher: its worth less the discount goes to her balance, or out of a drawer',
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
  readonly feeCents: number;
  readonly soldAt: number;
  readonly expiresOn: string | null;
};
