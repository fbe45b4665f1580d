import { Type, type TSchema } from 'typebox';
import type { RoomBodies } from '#shared/domain/room-events.ts';
import { DirectionWord, DisputeAboutWord, ExtraKindWord } from './room-api.ts';

/** The bodies of the rooms' newer event types, version 1, as they cross the wire: frozen once shipped. */
const closed = { additionalProperties: false } as const;
const Id = Type.String({ minLength: 1, maxLength: 64 });
const Text = Type.String({ maxLength: 500 });
const Count = Type.Integer({ minimum: 0 });
const Cents = Type.Integer();
const body = <T extends Record<string, TSchema>>(properties: T) => Type.Object(properties, closed);
const session = { session: Id, room: Id };

export const roomBodies = <P extends TSchema, Q extends TSchema>(Price: P, Postings: Q) =>
  ({
    'settlement_direction.set': body({ direction: Type.Union([DirectionWord, Type.Null()]) }),
    'room.out_of_service': body({ room: Id, reason: Text }),
    'room.back_in_service': body({ room: Id }),
    'room_session.swapped': body({ ...session, out: Id, into: Id, shareCents: Cents }),
    'room_session.joined': body({ ...session, dancer: Id, rate: Id, price: Price }),
    'room_session.added': body({
      ...session,
      kind: ExtraKindWord,
      name: Text,
      count: Count,
      eachCents: Cents,
      price: Price,
    }),
    'room_session.minimum_set': body({ ...session, cents: Cents, reason: Type.Union([Text, Type.Null()]) }),
    'room_session.confirmed': body({ ...session, dancer: Id }),
    'room_session.disputed': body({ ...session, dancer: Id, about: DisputeAboutWord }),
    'room_session.decided': body({ ...session, dancer: Id, reason: Text }),
    'room_session.left_disputed': body({ ...session, day: Id, dancers: Type.Array(Id) }),
    'room_session.collected': body({ ...session, dancer: Id, collectedCents: Cents, postings: Postings }),
    'room_session.voided': body({
      ...session,
      reason: Text,
      approver: Id,
      corrects: Type.Union([Count, Type.Null()]),
      postings: Postings,
    }),
  }) as const satisfies Record<keyof RoomBodies, TSchema>;
