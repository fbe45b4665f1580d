import { accept, refuse, type Decision } from '#shared/kit/decision.ts';
import type { Asking } from './asking.ts';
import { event, type ClubEvent, type EventOf } from './event.ts';
import { waived, type FeeFact } from './house-fee.ts';
import type { Refusal } from './refusal.ts';
import { cancelQuote, endRoomSession, type SessionFact } from './room-session.ts';
import type { EntryFact } from './rotation.ts';
import { endStageSet, type SetFact } from './stage-set.ts';

export type LeftOpen = {
  readonly sets: readonly { readonly live: SetFact; readonly entries: readonly EntryFact[] }[];
  readonly sessions: readonly SessionFact[];
  /** Sessions, paid or not, of which a dispute is not decided, with who disputes them. */
  readonly disputed: readonly {
    readonly session: string;
    readonly room: string;
    readonly dancers: readonly string[];
  }[];
  /** Dancers who are still checked in. */
  readonly here: readonly { readonly attendance: string; readonly dancer: string }[];
  /** Where the law lets no fee be carried over: those of tonight that nobody paid. */
  readonly unpaidFees: readonly FeeFact[];
  /** Where the law caps the house fee: what it takes off those that were paid, of dancers who are still here. */
  readonly capped: readonly EventOf<'house_fee.capped'>[];
  /** Drawers that are not closed. */
  readonly drawers: readonly string[];
};

/**
 * A night that its people left behind. What can be ended without knowing more is ended: sets, running rooms, quotes, attendances.
 * Money is never made up: a drawer that nobody counted and a room that nobody paid stay as they are, named here, and stand
 * in the way of the next close; so does a dispute that nobody decided, which is named as one. A dancer who left unsettled is paid on a later night. Only what a law takes from the club is
 * booked: what is above a cap, and an unpaid fee that may not be carried over.
 */
export function forceEnds(
  left: LeftOpen,
  command: { readonly reason: string },
  ask: Asking,
): Decision<ClubEvent, Refusal> {
  if (!ask.day) return refuse('day_not_open');
  if (ask.day.state === 'OPEN') return refuse('day_not_closing');
  if (command.reason.trim() === '') return refuse('reason_missing');
  const ended = [
    ...left.sets.map((one) => endStageSet(one, { outcome: 'CUT_SHORT' })),
    ...left.sessions.map((one) => (one.state === 'QUOTED' ? cancelQuote(one, command) : endIfRunning(one, ask))),
  ].flatMap((one): readonly ClubEvent[] => (one?.ok ? one.events : []));
  const { day } = ask.day;
  const { disputed } = left;
  const unpaid = left.sessions.filter(({ state }) => state !== 'QUOTED');
  return accept<ClubEvent>(
    ...ended,
    ...left.here.map(({ attendance, dancer }) => event('attendance.checked_out', { attendance, dancer }, [dancer])),
    ...left.capped,
    ...left.unpaidFees.map((fee) => waived(fee, command)),
    ...disputed.map((one) => event('room_session.left_disputed', { ...one, day }, one.dancers)),
    event('day.force_closed', {
      day,
      reason: command.reason,
      stageSets: left.sets.map(({ live }) => live.set),
      roomSessions: left.sessions.filter(({ state }) => state !== 'ENDED').map(({ session }) => session),
      attendances: left.here.map(({ attendance }) => attendance),
      leftDrawers: left.drawers,
      leftRoomSessions: unpaid.map(({ session }) => session),
    }),
  );
}

function endIfRunning(session: SessionFact, ask: Asking): Decision<EventOf<'room_session.ended'>, Refusal> | null {
  return session.state === 'RUNNING' ? endRoomSession(session, { reason: 'manager' }, ask) : null;
}
