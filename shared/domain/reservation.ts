import { accept, refuse, type Decision } from '#shared/kit/decision.ts';
import { accounts } from './account.ts';
import { isSignature, type Strokes } from './agreement.ts';
import type { Asking } from './asking.ts';
import { hasCardNumber } from './card-number.ts';
import type { CompOf } from './desk-events.ts';
import { event, type EventOf, type Role } from './event.ts';
import { credit, debit, entry } from './ledger.ts';
import type { Refusal } from './refusal.ts';
import { isBoss } from './rights.ts';
import type { SessionFact } from './room-session.ts';

/** OPEN → KEPT (the guest came) or CANCELLED. */
export type ReservationState = 'OPEN' | 'KEPT' | 'CANCELLED';
export type ReservationFact = {
  readonly reservation: string;
  readonly room: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly minutes: number;
  readonly state: ReservationState;
};
const MINUTE_MS = 60_000;
/** So long a room is kept for a guest who is late. */
export const RESERVATION_KEPT_MINUTES = 30;

/** Whether a room is promised to somebody in the stretch from `from` on (epoch milliseconds). */
export function reservedIn(
  reservations: readonly ReservationFact[],
  { from, minutes, now }: { readonly from: number; readonly minutes: number; readonly now: number },
): boolean {
  return reservations.some(
    (one) =>
      one.state === 'OPEN' &&
      one.at + RESERVATION_KEPT_MINUTES * MINUTE_MS > now &&
      one.at < from + minutes * MINUTE_MS &&
      from < one.at + one.minutes * MINUTE_MS,
  );
}

/** Promises a room from a time on. Two promises of one room never overlap, nor does one begin before who is there has to leave. */
export function reserveRoom(
  facts: {
    readonly roomKnown: boolean;
    /** When who is in the room, or was quoted it, has to leave (epoch milliseconds); null for nobody. */
    readonly busyUntil: number | null;
    readonly reservations: readonly ReservationFact[];
  },
  command: { readonly room: string; readonly at: number; readonly minutes: number },
  ask: Asking,
): Decision<EventOf<'room.reserved'>, Refusal> {
  if (!facts.roomKnown) return refuse('room_unknown');
  if (command.at < ask.now) return refuse('date_in_past');
  if (command.at < (facts.busyUntil ?? 0)) return refuse('room_not_available');
  if (reservedIn(facts.reservations, { from: command.at, minutes: command.minutes, now: ask.now }))
    return refuse('room_reserved');
  return accept(event('room.reserved', { reservation: ask.id, ...command }));
}

/** The guest is here: from now the room may be quoted, to him. */
export function keepReservation(found: ReservationFact | undefined): Decision<EventOf<'reservation.kept'>, Refusal> {
  if (!found) return refuse('reservation_unknown');
  if (found.state !== 'OPEN') return refuse('reservation_over');
  return accept(event('reservation.kept', { reservation: found.reservation }));
}

export function cancelReservation(
  found: ReservationFact | undefined,
  { reason }: { readonly reason: string },
): Decision<EventOf<'reservation.cancelled'>, Refusal> {
  if (!found) return refuse('reservation_unknown');
  if (found.state !== 'OPEN') return refuse('reservation_over');
  if (reason.trim() === '') return refuse('reason_missing');
  return accept(event('reservation.cancelled', { reservation: found.reservation, reason }));
}

/** The guest signs for a session, with a member of staff as witness. Never a card's number: the slip's reference and the last four digits. */
export function acknowledgeSession(
  facts: {
    readonly session: SessionFact | undefined;
    readonly isAcknowledged: boolean;
    readonly witnessKnown: boolean;
  },
  command: { readonly witness: string; readonly processorRef: string | null; readonly last4: string | null },
  strokes: Strokes,
): Decision<EventOf<'room_session.acknowledged'>, Refusal> {
  const { session } = facts;
  if (!session) return refuse('session_unknown');
  if (session.state === 'QUOTED' || session.state === 'CANCELLED') return refuse('session_not_running');
  if (facts.isAcknowledged) return refuse('session_acknowledged');
  if (!facts.witnessKnown) return refuse('staff_unknown');
  if (!isSignature(strokes)) return refuse('signature_missing');
  if (command.processorRef !== null && hasCardNumber(command.processorRef)) return refuse('card_number');
  const body = { session: session.session, room: session.room, ...command };
  return accept(event('room_session.acknowledged', body, session.dancers));
}

/** Gives something away at its price: the books show the sale and who let it go. */
export function grantComp(
  second: { readonly staff: string; readonly roles: readonly Role[] },
  command: { readonly of: CompOf; readonly name: string; readonly cents: number; readonly reason: string },
  ask: Asking,
): Decision<EventOf<'comp.granted'>, Refusal> {
  if (!ask.day) return refuse('day_not_open');
  if (!isBoss(second.roles)) return refuse('approver_not_allowed');
  if (command.reason.trim() === '') return refuse('reason_missing');
  const postings = entry(debit(accounts.comps, command.cents), credit(accounts.roomIncome, command.cents));
  return accept(event('comp.granted', { comp: ask.id, ...command, approver: second.staff, postings }));
}
