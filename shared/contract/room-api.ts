import { Type } from 'typebox';
import type { SettlementDirection } from '#shared/domain/room-terms.ts';
import { Cents, closed, Id, Name, Nothing, Pin, Reason, route } from './api-fields.ts';
import { oneOf } from './words.ts';

export const ExtraKindWord = oneOf('dances', 'bottle', 'room_charge', 'dancer_fee', 'item');
export const DisputeAboutWord = oneOf('count', 'price', 'time', 'split', 'other');
export const DirectionWord = oneOf('HOUSE_COLLECTS', 'ENTERTAINER_COLLECTS');
const Second = Type.Object({ staff: Id, pin: Pin }, closed);

/** A session's usual way: quoted, started, extended, ended, settled; then the room is cleaned. */
export const SESSION_ROUTES = {
  'room_session.quote': route(
    '/rooms/:room/quote',
    'Quotes a room: price and split are fixed now',
    Type.Object({ rate: Id, dancers: Type.Array(Id, { minItems: 1, maxItems: 8 }) }, closed),
  ),
  'room_session.cancel': route(
    '/room-sessions/:session/cancel',
    'Drops a quote',
    Type.Object({ reason: Reason }, closed),
  ),
  'room_session.start': route('/room-sessions/:session/start', 'Starts a quoted session', Nothing),
  'room_session.extend': route(
    '/room-sessions/:session/extend',
    'Extends a running session by a rate, only if it is `fromMinutes` long by now, as the asker’s screen said',
    Type.Object(
      {
        rate: Id,
        askedBy: oneOf('guest', 'dancer'),
        fromMinutes: Type.Integer({ minimum: 1, maximum: 480 }),
      },
      closed,
    ),
  ),
  'room_session.end': route(
    '/room-sessions/:session/end',
    'Ends a running session',
    Type.Object({ reason: oneOf('time', 'guest', 'dancer', 'manager', 'safety') }, closed),
  ),
  'room_session.settle': route(
    '/room-sessions/:session/settle',
    'Books the money of an ended session',
    Type.Object({ method: oneOf('cash', 'card'), drawer: Type.Union([Type.Null(), Id]), tipCents: Cents }, closed),
  ),
  'room.clean': route('/rooms/:room/clean', 'A room is clean again', Nothing),
} as const;

/** Commands on rooms and their sessions beyond quoting, starting, extending, ending, settling and cleaning. */
export const ROOM_ROUTES = {
  'settlement_direction.set': route(
    '/settlement-direction',
    'Sets how sessions are settled: the club has the guest’s money, or a dancer; null: as the host says for each',
    Type.Object({ direction: Type.Union([Type.Null(), DirectionWord]) }, closed),
  ),
  'room.take_out': route(
    '/rooms/:room/out-of-service',
    'A room is not sold for now, with a reason',
    Type.Object({ reason: Reason }, closed),
  ),
  'room.put_back': route('/rooms/:room/back-in-service', 'A room is sold again', Nothing),
  'room_session.set_minimum': route(
    '/room-sessions/:session/minimum',
    'Sets the least that a quoted session comes to; once it runs an owner or manager alone lowers it, with a reason',
    Type.Object({ cents: Cents, reason: Type.Union([Type.Null(), Reason]) }, closed),
  ),
  'room_session.swap': route(
    '/room-sessions/:session/swap',
    'One dancer for another; `shareCents` of what she was quoted go to the other',
    Type.Object({ out: Id, into: Id, shareCents: Cents }, closed),
  ),
  'room_session.join': route(
    '/room-sessions/:session/dancers',
    'One more dancer in a running session, at a rate of her own',
    Type.Object({ dancer: Id, rate: Id }, closed),
  ),
  'room_session.add': route(
    '/room-sessions/:session/extras',
    'Sells something beside the time: counted dances, a bottle, a charge; whole pieces, `houseCents` of each are the house’s',
    Type.Object(
      {
        kind: ExtraKindWord,
        name: Name,
        count: Type.Integer({ minimum: 1, maximum: 200 }),
        eachCents: Cents,
        houseCents: Cents,
      },
      closed,
    ),
  ),
  'room_session.confirm': route(
    '/room-sessions/:session/confirmations',
    'A dancer who saw count, price and split of an ended session agrees',
    Type.Object({ dancer: Id }, closed),
  ),
  'room_session.dispute': route(
    '/room-sessions/:session/disputes',
    'A dancer who saw count, price and split of an ended session does not agree; what is not paid waits for a decision, what is paid is disputed until its night closes',
    Type.Object({ dancer: Id, about: DisputeAboutWord }, closed),
  ),
  'room_session.decide': route(
    '/room-sessions/:session/decision',
    'Decides a dispute, with a reason',
    Type.Object({ dancer: Id, reason: Reason }, closed),
  ),
  'room_session.collect': route(
    '/room-sessions/:session/collection',
    'The dancer has the guest’s money: what is the house’s and the state’s she owes',
    Type.Object({ dancer: Id }, closed),
  ),
  'room_session.void': route(
    '/room-sessions/:session/void',
    'Turns round all that a session booked; cash goes back out of a drawer; a second owner or manager signs with a PIN',
    Type.Object({ reason: Reason, drawer: Type.Union([Type.Null(), Id]), second: Second }, closed),
  ),
} as const;

/** GET /room-sessions/:session: what a dancer is shown at its end, with what each has said of it. Amounts in cents. */
export type SessionAnswerRow = {
  /** The club's way to settle; null: as the host says. */
  readonly direction: SettlementDirection | null;
  readonly session: string;
  readonly room: string;
  readonly state: string;
  readonly dancers: readonly string[];
  readonly minutes: number;
  readonly segments: number;
  readonly startedAt: number | null;
  readonly plannedEnd: number | null;
  readonly endedAt: number | null;
  readonly grossCents: number;
  readonly houseCents: number;
  readonly taxCents: number;
  /** The least that it comes to, and what is missing of that: it is not settled before it is sold or lowered. */
  readonly minimumCents: number;
  readonly shortCents: number;
  readonly shares: readonly { readonly dancer: string; readonly cents: number; readonly answer: string | null }[];
};
