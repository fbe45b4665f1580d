import { Type, type TSchema } from 'typebox';
import type { DeskBodies } from '#shared/domain/desk-events.ts';
import { CompWord } from './desk-api.ts';

/** The bodies of the event types of desk and booth, version 1, as they cross the wire: frozen once shipped. */
const closed = { additionalProperties: false } as const;
const Id = Type.String({ minLength: 1, maxLength: 64 });
const Text = Type.String({ maxLength: 500 });
const Count = Type.Integer({ minimum: 0 });
const Instant = Type.Integer();
const body = <T extends Record<string, TSchema>>(properties: T) => Type.Object(properties, closed);
const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const session = { session: Id, room: Id };

export const deskBodies = <P extends TSchema>(Postings: P) =>
  ({
    'play.recorded': body({ play: Id, track: orNull(Id), title: Text, startedAt: Instant, endedAt: Instant }),
    'dance_count.settled': body({
      ...session,
      hostDances: Count,
      songs: Count,
      minutes: Count,
      dances: Count,
      reason: Text,
    }),
    'room_session.acknowledged': body({ ...session, witness: Id, processorRef: orNull(Text), last4: orNull(Text) }),
    'room.reserved': body({ reservation: Id, room: Id, at: Instant, minutes: Count }),
    'reservation.kept': body({ reservation: Id }),
    'reservation.cancelled': body({ reservation: Id, reason: Text }),
    'comp.granted': body({
      comp: Id,
      of: CompWord,
      name: Text,
      cents: Type.Integer(),
      reason: Text,
      approver: Id,
      postings: Postings,
    }),
  }) as const satisfies Record<keyof DeskBodies, TSchema>;
