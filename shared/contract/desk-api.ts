import { Type } from 'typebox';
import { closed, Id, Name, Nothing, PaidCents, Pin, Reason, route, Strokes } from './api-fields.ts';
import { oneOf } from './words.ts';

export const CompWord = oneOf('drink', 'bottle', 'other');
const Instant = Type.Integer({ minimum: 0 });
const orNull = <T extends ReturnType<typeof Type.String>>(schema: T) => Type.Union([Type.Null(), schema]);

/** Commands of the VIP desk and the booth beside sessions themselves. */
export const DESK_ROUTES = {
  'play.record': route(
    '/plays',
    'A song that really played (epoch milliseconds)',
    Type.Object({ track: orNull(Id), title: Name, startedAt: Instant, endedAt: Instant }, closed),
  ),
  'dance_count.settle': route(
    '/room-sessions/:session/dance-count',
    'Says how many dances a session had, where the host’s count and the songs differ, with a reason',
    Type.Object({ dances: Type.Integer({ minimum: 0, maximum: 1_000 }), reason: Reason }, closed),
  ),
  'room_session.acknowledge': route(
    '/room-sessions/:session/acknowledgement',
    'The guest signs for a session before a witness; of a card only the slip’s reference and the last four digits',
    Type.Object(
      {
        witness: Id,
        processorRef: orNull(Name),
        last4: orNull(Type.String({ pattern: '^\\d{4}$' })),
        strokes: Strokes,
      },
      closed,
    ),
  ),
  'room.reserve': route(
    '/rooms/:room/reservations',
    'Promises a room from a time on (epoch milliseconds); for whom is sealed',
    Type.Object({ at: Instant, minutes: Type.Integer({ minimum: 5, maximum: 480 }), guest: orNull(Name) }, closed),
  ),
  'reservation.keep': route('/reservations/:reservation/keep', 'The guest is here', Nothing),
  'reservation.cancel': route(
    '/reservations/:reservation/cancel',
    'Takes a promise back, with a reason',
    Type.Object({ reason: Reason }, closed),
  ),
  'comp.grant': route(
    '/comps',
    'Gives something away at its price, by leave of an owner or manager, who signs with a PIN',
    Type.Object(
      {
        of: CompWord,
        name: Name,
        cents: PaidCents,
        reason: Reason,
        approver: Type.Object({ staff: Id, pin: Pin }, closed),
      },
      closed,
    ),
  ),
} as const;

/** GET /dance-counts/:day (owner, manager): sessions that ended in a night, were not voided, and whose host and songs differ. */
export type DanceCountRow = {
  readonly session: string;
  readonly room: string;
  readonly hostDances: number;
  readonly songs: number;
  readonly minutes: number;
  readonly settled: { readonly dances: number; readonly reason: string } | null;
};
/** GET /reservations: those that are open; for whom stays sealed. */
export type ReservationRow = {
  readonly reservation: string;
  readonly room: string;
  readonly at: number;
  readonly minutes: number;
};
/** GET /room-sessions/:session/chargeback-pack: what happened, by whom, and that the guest signed. Nothing of a card but what the slip says. */
export type ChargebackPack = {
  readonly session: string;
  readonly room: string;
  readonly state: string;
  readonly grossCents: number;
  readonly minutes: number;
  /** Their stage names. */
  readonly dancers: readonly string[];
  /** `cents` is what a step was sold at: the quote, an extension, a dancer who joined, pieces beside the time. */
  readonly steps: readonly {
    readonly at: number;
    readonly what: string;
    readonly by: string;
    readonly cents: number | null;
  }[];
  readonly acknowledged: {
    readonly at: number;
    readonly witness: string;
    readonly processorRef: string | null;
    readonly last4: string | null;
    /** What was drawn, as the path of an SVG; null where its key was destroyed. */
    readonly signature: string | null;
  } | null;
};
