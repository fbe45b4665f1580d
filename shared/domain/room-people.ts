import { accept, refuse, type Decision } from '#shared/kit/decision.ts';
import type { Asking } from './asking.ts';
import { cannotStart } from './business-day.ts';
import { event, type EventOf, type RoomRate } from './event.ts';
import type { Refusal } from './refusal.ts';
import type { ExtraKind } from './room-events.ts';
import { priceOf, SESSION_CENTS_MAX, type DancerWhere, type RoomState, type SessionFact } from './room-session.ts';

type Entry = { readonly entry: string; readonly dancer: string };
type Coming = {
  readonly session: SessionFact | undefined;
  readonly coming: DancerWhere;
  readonly entries: readonly Entry[];
};

/** Whoever comes into a running room works tonight and is neither on stage nor in another room. */
function cannotCome(facts: Coming, dancer: string): Refusal | null {
  if (!facts.session) return 'session_unknown';
  if (facts.session.state !== 'RUNNING') return 'session_not_running';
  if (facts.session.dancers.includes(dancer)) return 'dancer_listed_twice';
  if (!facts.coming.checkedIn) return 'not_checked_in';
  if (facts.coming.onBreak) return 'on_break';
  if (facts.coming.onStage) return 'on_stage';
  return facts.coming.inRoom ? 'in_room' : null;
}

const held = (entries: readonly Entry[]) =>
  entries.map(({ entry, dancer }) => event('rotation.held', { entry }, [dancer]));

/**
 * One dancer for another in a running session. What moves with it is said in cents, at most what she was quoted: nothing is
 * worked out from the minutes. The price as a whole stays as it was.
 */
export function swapDancer(
  facts: Coming,
  { out, into, shareCents }: { readonly out: string; readonly into: string; readonly shareCents: number },
  ask: Asking,
): Decision<EventOf<'room_session.swapped' | 'rotation.held'>, Refusal> {
  const { session } = facts;
  if (!ask.day) return refuse('day_not_open');
  const cannot = cannotCome(facts, into);
  if (cannot || !session) return refuse(cannot ?? 'session_unknown');
  const share = session.price.shares.find(({ dancer }) => dancer === out);
  if (!session.dancers.includes(out) || !share) return refuse('not_in_session');
  if (shareCents > share.cents) return refuse('share_too_large');
  const body = { session: session.session, room: session.room, out, into, shareCents };
  return accept<EventOf<'room_session.swapped' | 'rotation.held'>>(
    event('room_session.swapped', body, [out, into]),
    ...held(facts.entries),
  );
}

/** One more dancer in a running session, at a rate of the price list as it is now; what was quoted before stays. */
export function joinSession(
  facts: Coming & { readonly rate: RoomRate | undefined; readonly taxBasisPoints: number },
  command: { readonly dancer: string; readonly rate: string },
  ask: Asking,
): Decision<EventOf<'room_session.joined' | 'rotation.held'>, Refusal> {
  const { session, rate } = facts;
  const closed = cannotStart(ask.day);
  if (closed) return refuse(closed);
  const cannot = cannotCome(facts, command.dancer);
  if (cannot || !session) return refuse(cannot ?? 'session_unknown');
  if (!rate) return refuse('rate_unknown');
  const { dancer } = command;
  const price = priceOf(rate, [dancer], facts.taxBasisPoints);
  const body = { session: session.session, room: session.room, dancer, rate: command.rate, price };
  return accept<EventOf<'room_session.joined' | 'rotation.held'>>(
    event('room_session.joined', body, [dancer]),
    ...held(facts.entries),
  );
}

export type AddExtra = {
  readonly kind: ExtraKind;
  readonly name: string;
  readonly count: number;
  readonly eachCents: number;
  /** Of each piece, before tax. */
  readonly houseCents: number;
};

/**
 * What is sold beside the time, in whole pieces: dances that were counted, a bottle, a charge for the room, a fee of the dancers'.
 * Whoever agreed to the bill before is asked again.
 */
export function addExtra(
  session: SessionFact | undefined,
  { kind, name, count, eachCents, houseCents }: AddExtra,
  taxBasisPoints: number,
): Decision<EventOf<'room_session.added'>, Refusal> {
  if (!session) return refuse('session_unknown');
  if (session.state !== 'RUNNING' && session.state !== 'ENDED') return refuse('session_not_running');
  if (houseCents > eachCents) return refuse('price_invalid');
  const sold = { rate: kind, name, minutes: 0, grossCents: count * eachCents, houseCents: count * houseCents };
  if (session.price.grossCents + sold.grossCents > SESSION_CENTS_MAX) return refuse('session_price_too_large');
  const price = priceOf(sold, session.dancers, taxBasisPoints);
  const body = { session: session.session, room: session.room, kind, name, count, eachCents, price };
  return accept(event('room_session.added', body, session.dancers));
}

/** A room that can't be sold: a lamp, a leak. Not while somebody is in it or pays for it. */
export function takeOutOfService(
  state: RoomState | undefined,
  { room, reason }: { readonly room: string; readonly reason: string },
): Decision<EventOf<'room.out_of_service'>, Refusal> {
  if (!state) return refuse('room_unknown');
  if (state !== 'AVAILABLE') return refuse('room_not_available');
  if (reason.trim() === '') return refuse('reason_missing');
  return accept(event('room.out_of_service', { room, reason }));
}

export function putBackInService(
  state: RoomState | undefined,
  { room }: { readonly room: string },
): Decision<EventOf<'room.back_in_service'>, Refusal> {
  if (!state) return refuse('room_unknown');
  if (state !== 'OUT_OF_SERVICE') return refuse('room_in_service');
  return accept(event('room.back_in_service', { room }));
}
