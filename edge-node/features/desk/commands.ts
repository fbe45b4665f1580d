import type { DESK_ROUTES } from '#shared/contract/desk-api.ts';
import type { Asking } from '#shared/domain/asking.ts';
import { pathOf } from '#shared/domain/agreement.ts';
import { recordPlay, settleDanceCount } from '#shared/domain/dance-count.ts';
import {
  acknowledgeSession,
  cancelReservation,
  grantComp,
  keepReservation,
  reserveRoom,
} from '#shared/domain/reservation.ts';
import { countOf } from '../../state/dance-count.ts';
import type { Reads } from '../../state/reads.ts';
import type { Deciders } from '../command.ts';
import { withTexts } from '../sealed.ts';

export const deskCommands: Deciders<keyof typeof DESK_ROUTES> = {
  'play.record': (_deciding, input, ask) => recordPlay(input, ask),
  'dance_count.settle': ({ reads }, { session, ...input }, ask) =>
    settleDanceCount(
      {
        session: reads.rooms.session(session),
        count: countOf(reads, session, ask.now),
        isSettled: (reads.desk.count(session)?.dances ?? null) !== null,
      },
      input,
    ),
  'room_session.acknowledge': ({ reads, seal }, { session, strokes, ...input }) =>
    withTexts(
      acknowledgeSession(
        {
          session: reads.rooms.session(session),
          isAcknowledged: reads.desk.acknowledgement(session) !== undefined,
          witnessKnown: reads.club.staff(input.witness) !== undefined,
        },
        input,
        strokes,
      ),
      { seal },
      session,
      { signature: pathOf(strokes) },
    ),
  'room.reserve': ({ reads, seal }, { guest, ...input }, ask) =>
    withTexts(
      reserveRoom(
        {
          roomKnown: reads.rooms.room(input.room) !== undefined,
          busyUntil: busyUntil(reads, input.room, ask),
          reservations: reads.desk.reservationsOf(input.room),
        },
        input,
        ask,
      ),
      { seal },
      ask.id,
      { guest },
    ),
  'reservation.keep': ({ reads }, { reservation }) => keepReservation(reads.desk.reservation(reservation)),
  'reservation.cancel': ({ reads }, { reservation, reason }) =>
    cancelReservation(reads.desk.reservation(reservation), { reason }),
  'comp.grant': ({ reads }, { approver, ...input }, ask) =>
    // Whoever approves gave a right PIN before this waited: see give.ts.
    grantComp({ staff: approver.staff, roles: reads.club.staff(approver.staff)?.roles ?? [] }, input, ask),
};

/** A quote counts as if it began now. */
function busyUntil(reads: Reads, room: string, { now }: Asking): number | null {
  const ends = reads.rooms
    .open()
    .filter((session) => session.room === room && session.state !== 'ENDED')
    .map(({ plannedEnd, minutes }) => plannedEnd ?? now + minutes * 60_000);
  return ends.length === 0 ? null : Math.max(...ends);
}
