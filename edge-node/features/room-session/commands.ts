import type { ClubEvent } from '#shared/domain/event.ts';
import type { Asking } from '#shared/domain/asking.ts';
import { reservedIn } from '#shared/domain/reservation.ts';
import { isDisputed } from '#shared/domain/room-dispute.ts';
import { shortCents } from '#shared/domain/room-terms.ts';
import {
  cancelQuote,
  cleanRoom,
  endRoomSession,
  extendRoomSession,
  quoteRoom,
  settleRoomSession,
  startRoomSession,
} from '#shared/domain/room-session.ts';
import { accept, refuse } from '#shared/kit/decision.ts';
import type { Reads } from '../../state/reads.ts';
import type { Deciders } from '../command.ts';
import { backInRotation, cannotGoHere, priceFacts, whereIs } from '../room-facts.ts';

export const roomSessionCommands: Deciders<
  | 'room_session.quote'
  | 'room_session.cancel'
  | 'room_session.start'
  | 'room_session.extend'
  | 'room_session.end'
  | 'room_session.settle'
  | 'room.clean'
> = {
  'room_session.quote': ({ reads }, input, ask) => {
    const dancers = input.dancers.map((dancer) => whereIs(reads, dancer, ask.day?.day));
    const minutes = priceFacts(reads, input.rate).rate?.minutes ?? 0;
    if (isPromised(reads, { room: input.room, from: ask.now, minutes }, ask)) return refuse('room_reserved');
    return quoteRoom(
      { room: reads.rooms.room(input.room)?.state, ...priceFacts(reads, input.rate), dancers },
      input,
      ask,
    );
  },
  'room_session.cancel': ({ reads }, input) => cancelQuote(reads.rooms.session(input.session), input),
  'room_session.start': ({ reads }, input, ask) => {
    const session = reads.rooms.session(input.session);
    const dancers = session?.dancers ?? [];
    if (session?.state === 'QUOTED' && isPromised(reads, { ...session, from: ask.now }, ask))
      return refuse('room_reserved');
    return startRoomSession(
      {
        session,
        dancers: dancers.map((dancer) => whereIs(reads, dancer, ask.day?.day)),
        entries: dancers.flatMap((dancer) => reads.rotation.ofDancer(dancer)),
      },
      ask,
    );
  },
  'room_session.extend': ({ reads }, input, ask) => {
    const session = reads.rooms.session(input.session);
    const priced = priceFacts(reads, input.rate);
    const more = { from: session?.plannedEnd ?? ask.now, minutes: priced.rate?.minutes ?? 0 };
    if (session?.state === 'RUNNING' && isPromised(reads, { room: session.room, ...more }, ask))
      return refuse('room_reserved');
    return extendRoomSession({ session, ...priced }, input, ask);
  },
  'room_session.end': ({ reads }, input, ask) => {
    const decision = endRoomSession(reads.rooms.session(input.session), input, ask);
    if (!decision.ok) return decision;
    const dancers = decision.events.flatMap(({ body }) => body.dancers);
    return accept<ClubEvent>(...decision.events, ...backInRotation(reads, dancers));
  },
  'room_session.settle': ({ reads }, input, ask) => {
    const session = reads.rooms.session(input.session);
    const facts = {
      session,
      shortCents: session ? shortCents(session) : 0,
      drawerOpen: input.drawer !== null && reads.drawers.isOpen(input.drawer),
      isDisputed: isDisputed(reads.sessions.answersOf(input.session)),
    };
    const decision = settleRoomSession(facts, input);
    if (!decision.ok) return decision;
    // A session that a forced close left is paid in the next night, not between the two.
    const cannot = ask.day ? cannotGoHere(reads, 'HOUSE_COLLECTS', ask) : 'day_not_open';
    return cannot ? refuse(cannot) : decision;
  },
  'room.clean': ({ reads }, input) => {
    const room = reads.rooms.room(input.room);
    const session = room?.session ? reads.rooms.session(room.session) : undefined;
    return cleanRoom({ room: room?.state, session: session?.state }, input);
  },
};

type Stretch = { readonly room: string; readonly from: number; readonly minutes: number };

/** Whether somebody else was promised the room in that stretch (epoch milliseconds). */
function isPromised(reads: Reads, { room, from, minutes }: Stretch, { now }: Asking): boolean {
  return reservedIn(reads.desk.reservationsOf(room), { from, minutes, now });
}
