import { Type, type TSchema } from 'typebox';
import type { TallyBodies } from '#shared/domain/tally-events.ts';
import { DanceAreaWord } from './tally-api.ts';

/** The bodies of the event types about dances and the fee's cap, version 1, as they cross the wire: frozen once shipped. */
const closed = { additionalProperties: false } as const;
const Id = Type.String({ minLength: 1, maxLength: 64 });
const Count = Type.Integer({ minimum: 0 });
const Cents = Type.Integer();
const body = <T extends Record<string, TSchema>>(properties: T) => Type.Object(properties, closed);
const PeriodCap = body({
  publicCents: Cents,
  privateCents: Cents,
  publicCapCents: Cents,
  privateCapCents: Cents,
  capCents: Cents,
});
const Cap = body({
  rule: Type.String({ maxLength: 100 }),
  percent: Count,
  publicMaxCents: Cents,
  periods: Type.Array(PeriodCap),
  receivedCents: Cents,
  contractCents: Cents,
  capCents: Cents,
  allowedCents: Cents,
  excessCents: Cents,
});

export const tallyBodies = <P extends TSchema>(Postings: P) =>
  ({
    'dance_tally.recorded': body({
      tally: Id,
      attendance: Id,
      dancer: Id,
      area: DanceAreaWord,
      dances: Count,
      priceCents: Cents,
    }),
    'dance_tally.withdrawn': body({ tally: Id, dancer: Id, reason: Type.String({ maxLength: 500 }) }),
    'house_fee.capped': body({
      fee: Id,
      attendance: Id,
      dancer: Id,
      cap: Cap,
      refundCents: Cents,
      postings: Postings,
    }),
  }) as const satisfies Record<keyof TallyBodies, TSchema>;
