import type { ClubEvent } from '#shared/domain/event.ts';
import { reservedIn } from '#shared/domain/reservation.ts';
import { isDisputed } from '#shared/domain/room-dispute.ts';
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
import type { Deciders } from '../command.ts';
import { backInRotation, priceFacts, whereIs } from '../room-facts.ts';

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
    if (reservedIn(reads.desk.reservationsOf(input.room), { from: ask.now, minutes, now: ask.now }))
      return refuse('room_reserved');
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
    return startRoomSession(
      {
        session,
        dancers: dancers.map((dancer) => whereIs(reads, dancer, ask.day?.day)),
        entries: dancers.flatMap((dancer) => reads.rotation.ofDancer(dancer)),
      },
      ask,
    );
  },
  'room_session.extend': ({ reads }, input, ask) =>
    extendRoomSession({ session: reads.rooms.session(input.session), ...priceFacts(reads, input.rate) }, input, ask),
  'room_session.end': ({ reads }, input, ask) => {
    const decision = endRoomSession(reads.rooms.session(input.session), input, ask);
    if (!decision.ok) return decision;
    const dancers = decision.events.flatMap(({ body }) => body.dancers);
    return accept<ClubEvent>(...decision.events, ...backInRotation(reads, dancers));
  },
  'room_session.settle': ({ reads }, input, ask) => {
    const facts = {
      session: reads.rooms.session(input.session),
      drawerOpen: input.drawer !== null && reads.drawers.isOpen(input.drawer),
      isDisputed: isDisputed(reads.sessions.answersOf(input.session)),
    };
    const decision = settleRoomSession(facts, input);
    // A session that a forced close left is paid in the next night, not between the two.
    return decision.ok && !ask.day ? refuse('day_not_open') : decision;
  },
  'room.clean': ({ reads }, input) => {
    const room = reads.rooms.room(input.room);
    const session = room?.session ? reads.rooms.session(room.session) : undefined;
    return cleanRoom({ room: room?.state, session: session?.state }, input);
  },
};
