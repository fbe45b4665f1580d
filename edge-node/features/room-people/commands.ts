import type { ClubEvent } from '#shared/domain/event.ts';
import {
  collectSession,
  confirmSession,
  decideDispute,
  disputeSession,
  voidSession,
} from '#shared/domain/room-dispute.ts';
import { addExtra, joinSession, putBackInService, swapDancer, takeOutOfService } from '#shared/domain/room-people.ts';
import { accept, refuse } from '#shared/kit/decision.ts';
import type { Reads } from '../../state/reads.ts';
import type { Deciders } from '../command.ts';
import { backInRotation, priceFacts, whereIs } from '../room-facts.ts';
import type { ROOM_ROUTES } from '#shared/contract/room-api.ts';

export const roomPeopleCommands: Deciders<keyof typeof ROOM_ROUTES> = {
  'room.take_out': ({ reads }, input) => takeOutOfService(reads.rooms.room(input.room)?.state, input),
  'room.put_back': ({ reads }, input) => putBackInService(reads.rooms.room(input.room)?.state, input),
  'room_session.swap': ({ reads }, input, ask) => {
    const facts = comingFacts(reads, input.session, { dancer: input.into, day: ask.day?.day });
    const swapped = swapDancer(facts, input, ask);
    return swapped.ok ? accept<ClubEvent>(...swapped.events, ...backInRotation(reads, [input.out])) : swapped;
  },
  'room_session.join': ({ reads }, input, ask) => {
    const facts = comingFacts(reads, input.session, { dancer: input.dancer, day: ask.day?.day });
    return joinSession({ ...facts, ...priceFacts(reads, input.rate) }, input, ask);
  },
  'room_session.add': ({ reads }, { session, ...extra }) =>
    addExtra(reads.rooms.session(session), extra, reads.club.settings()?.taxBasisPoints ?? 0),
  'room_session.confirm': ({ reads }, input) => confirmSession(answerFacts(reads, input.session), input),
  'room_session.dispute': ({ reads }, input) => disputeSession(answerFacts(reads, input.session), input),
  'room_session.decide': ({ reads }, input) => decideDispute(answerFacts(reads, input.session), input),
  'room_session.collect': ({ reads }, input, ask) =>
    ask.day ? collectSession(answerFacts(reads, input.session), input) : refuse('day_not_open'),
  'room_session.void': ({ reads }, { session, reason, drawer, second }, ask) =>
    voidSession(
      {
        session: reads.rooms.session(session),
        settled: reads.sessions.settlement(session),
        // Whoever is second gave a right PIN before this waited: see give.ts.
        second: { staff: second.staff, roles: reads.club.staff(second.staff)?.roles ?? [] },
        drawerCents: drawer === null ? null : reads.drawers.openCents(drawer),
      },
      { reason, drawer },
      ask,
    ),
};

function comingFacts(reads: Reads, session: string, { dancer, day }: { dancer: string; day: string | undefined }) {
  return {
    session: reads.rooms.session(session),
    coming: whereIs(reads, dancer, day),
    entries: reads.rotation.ofDancer(dancer),
  };
}

function answerFacts(reads: Reads, session: string) {
  return { session: reads.rooms.session(session), answers: reads.sessions.answersOf(session) };
}
