import type { Asking } from '#shared/domain/asking.ts';
import type { ClubEvent } from '#shared/domain/event.ts';
import {
  collectSession,
  confirmSession,
  decideDispute,
  disputeSession,
  voidSession,
} from '#shared/domain/room-dispute.ts';
import { addExtra, joinSession, putBackInService, swapDancer, takeOutOfService } from '#shared/domain/room-people.ts';
import { setDirection, setMinimum, shortCents } from '#shared/domain/room-terms.ts';
import { accept, refuse } from '#shared/kit/decision.ts';
import type { Reads } from '../../state/reads.ts';
import type { Deciders } from '../command.ts';
import { backInRotation, cannotGoHere, priceFacts, whereIs } from '../room-facts.ts';
import type { ROOM_ROUTES } from '#shared/contract/room-api.ts';

export const roomPeopleCommands: Deciders<keyof typeof ROOM_ROUTES> = {
  'room.take_out': ({ reads }, input) => takeOutOfService(reads.rooms.room(input.room)?.state, input),
  'room.put_back': ({ reads }, input) => putBackInService(reads.rooms.room(input.room)?.state, input),
  'room_session.set_minimum': ({ reads }, input, { by }) =>
    setMinimum(reads.rooms.session(input.session), input, reads.club.staff(by)?.roles),
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
  'room_session.confirm': ({ reads }, input, ask) => confirmSession(mayAnswer(reads, input.session, ask), input),
  'room_session.dispute': ({ reads }, input, ask) => disputeSession(mayAnswer(reads, input.session, ask), input),
  'room_session.decide': ({ reads }, input) => decideDispute(answerFacts(reads, input.session), input),
  'settlement_direction.set': ({ reads }, input) =>
    setDirection(reads.club.settings()?.settlementDirection ?? null, input),
  'room_session.collect': ({ reads }, input, ask) => {
    const facts = answerFacts(reads, input.session);
    const collected = collectSession({ ...facts, shortCents: facts.session ? shortCents(facts.session) : 0 }, input);
    if (!collected.ok) return collected;
    const cannot = ask.day ? cannotGoHere(reads, 'ENTERTAINER_COLLECTS', ask) : 'day_not_open';
    return cannot ? refuse(cannot) : collected;
  },
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

function mayAnswer(reads: Reads, session: string, { day }: Asking) {
  const paidTonight = day !== null && reads.sessions.paidIn(session) === day.day;
  return { ...answerFacts(reads, session), paidTonight };
}

function answerFacts(reads: Reads, session: string) {
  return { session: reads.rooms.session(session), answers: reads.sessions.answersOf(session) };
}
