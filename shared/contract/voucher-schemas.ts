import { Type, type TSchema } from 'typebox';
import type { VoucherBodies } from '#shared/domain/voucher-events.ts';
import { PayMethodWord } from './voucher-api.ts';

/** The bodies of the event types about vouchers, in their newest version, as they cross the wire: frozen once shipped. */
const closed = { additionalProperties: false } as const;
const Id = Type.String({ minLength: 1, maxLength: 80 });
const Cents = Type.Integer();
const body = <T extends Record<string, TSchema>>(properties: T) => Type.Object(properties, closed);
const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

export const voucherBodies = <P extends TSchema>(Postings: P) =>
  ({
    'voucher.sold': body({
      vouchers: Type.Array(Id),
      denominationCents: Cents,
      feeCents: Cents,
      discountCents: orNull(Cents),
      method: PayMethodWord,
      drawer: orNull(Id),
      expiresOn: orNull(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })),
      postings: Postings,
    }),
    'voucher.redeemed': body({
      voucher: Id,
      dancer: Id,
      discountCents: Cents,
      drawer: orNull(Id),
      postings: Postings,
    }),
    'voucher.voided': body({
      voucher: Id,
      reason: Type.String({ maxLength: 500 }),
      approver: Id,
      drawer: orNull(Id),
      postings: Postings,
    }),
  }) as const satisfies Record<keyof VoucherBodies, TSchema>;
