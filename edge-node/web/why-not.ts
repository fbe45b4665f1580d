import type { Asking } from '#shared/domain/asking.ts';
import type { Role } from '#shared/domain/event.ts';
import type { Refusal } from '#shared/domain/refusal.ts';
import { may, type CommandName } from '#shared/domain/rights.ts';
import {
  cancelQuote,
  cleanRoom,
  endRoomSession,
  extendRoomSession,
  quoteRoom,
  startRoomSession,
  type SessionFact,
} from '#shared/domain/room-session.ts';
import { addToRotation, callEntry, missEntry, moveEntry, type EntryFact } from '#shared/domain/rotation.ts';
import { endStageSet, startStageSet } from '#shared/domain/stage-set.ts';
import type { Decision } from '#shared/kit/decision.ts';
import { factOf, firstFree, waitingOf, type Entry } from './order.ts';
import type { Row } from './store.ts';

/** What only a screen can miss: the node never gets such a command. */
export type ScreenWhy =
  | 'first_already'
  | 'last_already'
  | 'rate_missing'
  | 'drawer_missing'
  | 'amount_missing'
  | 'amount_wrong';
export type WhyNot = Refusal | ScreenWhy | null;
/** What this screen knows when it asks a rule whether a button may be pressed. The node asks the same rule again. */
export type Known = { readonly roles: readonly Role[]; readonly day: Row<'day'> | undefined; readonly now: number };

export function ask(
  known: Known,
  command: CommandName,
  decide: (ask: Asking) => Decision<unknown, Refusal>,
): Refusal | null {
  if (!may(known.roles, command)) return 'not_allowed';
  const decision = decide({ now: known.now, day: known.day ?? null, id: '', by: '' });
  return decision.ok ? null : decision.refusal;
}

export function whyNotAdd(
  known: Known,
  { dancer, entries }: { readonly dancer: Row<'attendance'>; readonly entries: readonly Entry[] },
): WhyNot {
  const tonight = { attendance: dancer.id, dancer: dancer.dancer, state: dancer.state, segment: 0 };
  const facts = {
    stageKnown: true,
    stageOpen: true,
    tonight,
    entries: entries.map(factOf),
    inRoom: dancer.where === 'room',
  };
  return ask(known, 'rotation.add', (asking) => addToRotation(facts, { stage: '' }, asking));
}

export type Turn = {
  readonly entry: Entry;
  readonly order: readonly Entry[];
  readonly stage: Row<'stage'> | undefined;
  readonly dancer: Row<'attendance'> | undefined;
};

/** Whether she may be dragged at all. */
export function whyNotMove(known: Known, { entry, order }: Turn): WhyNot {
  const command = { entry: entry.id, afterEntry: null, version: entry.version };
  return ask(known, 'rotation.move', () => moveEntry(places(order), command));
}

/** Whether she may go to place `at` of the list below the one on stage. */
export function whyNotPut(known: Known, turn: Turn, at: number): WhyNot {
  const why = whyNotMove(known, turn);
  if (why) return why;
  if (at < 0) return 'first_already';
  if (at >= waitingOf(turn.order).length) return 'last_already';
  return at < firstFree(turn.order, turn.entry.id) ? 'above_called' : null;
}

export function whyNotCall(known: Known, { entry }: Turn): WhyNot {
  return ask(known, 'rotation.call', () => callEntry(factOf(entry), { away: 0 }));
}

export function whyNotMiss(known: Known, { entry, order }: Turn): WhyNot {
  return ask(known, 'rotation.miss', () => missEntry(places(order), { entry: entry.id }));
}

export function whyNotOnStage(known: Known, { entry, stage, dancer }: Turn): WhyNot {
  const facts = { entry: factOf(entry), stageLive: Boolean(stage?.live), dancerLive: dancer?.where === 'stage' };
  return ask(known, 'stage_set.start', (asking) => startStageSet(facts, asking));
}

export function whyNotEndSet(known: Known, stage: Row<'stage'>): WhyNot {
  const live = stage.live && { ...stage.live, stage: stage.id };
  return ask(known, 'stage_set.end', () =>
    endStageSet({ live: live ?? undefined, entries: [] }, { outcome: 'COMPLETED' }),
  );
}

export type Booking = {
  readonly rate: Row<'club'>['rates'][number] | undefined;
  readonly dancers: readonly Row<'attendance'>[];
};

export function whyNotQuote(known: Known, room: Row<'room'>, { rate, dancers }: Booking): WhyNot {
  if (!may(known.roles, 'room_session.start')) return 'not_allowed';
  if (!rate) return 'rate_missing';
  const facts = { room: room.state, rate, taxBasisPoints: 0, dancers: dancers.map(whereOf) };
  const command = { room: room.id, rate: rate.rate, dancers: dancers.map(({ dancer }) => dancer) };
  const refusal = ask(known, 'room_session.quote', (asking) => quoteRoom(facts, command, asking));
  return refusal ?? (dancers.some(({ where }) => where === 'stage') ? 'on_stage' : null);
}

export function whyNotStart(known: Known, room: Row<'room'>, dancers: readonly Row<'attendance'>[]): WhyNot {
  const facts = { session: sessionOf(room), dancers: dancers.map(whereOf), entries: [] };
  return ask(known, 'room_session.start', (asking) => startRoomSession(facts, asking));
}

export function whyNotCancel(known: Known, room: Row<'room'>): WhyNot {
  return ask(known, 'room_session.cancel', () => cancelQuote(sessionOf(room), { reason: '-' }));
}

export function whyNotExtend(known: Known, room: Row<'room'>, rate: Booking['rate']): WhyNot {
  if (!may(known.roles, 'room_session.extend')) return 'not_allowed';
  if (!rate) return 'rate_missing';
  const session = sessionOf(room);
  const command = { rate: rate.rate, askedBy: 'guest', fromMinutes: session?.minutes ?? 0 } as const;
  return ask(known, 'room_session.extend', (asking) =>
    extendRoomSession({ session, rate, taxBasisPoints: 0 }, command, asking),
  );
}

export function whyNotEnd(known: Known, room: Row<'room'>): WhyNot {
  return ask(known, 'room_session.end', (asking) => endRoomSession(sessionOf(room), { reason: 'time' }, asking));
}

/** The price is not known to every screen, so the rule that books it cannot be asked: only what goes before it. */
export function whyNotSettle(
  known: Known,
  room: Row<'room'>,
  by: { readonly method: 'cash' | 'card'; readonly drawer: Row<'drawer'> | undefined },
): WhyNot {
  if (!may(known.roles, 'room_session.settle')) return 'not_allowed';
  if (room.session?.state !== 'ENDED') return room.session ? 'session_not_ended' : 'session_unknown';
  return by.method === 'cash' && by.drawer?.state !== 'OPENED' ? 'drawer_not_open' : null;
}

/** A session that is not settled yet would be lost from sight with the room. */
export function whyNotClean(known: Known, room: Row<'room'>): WhyNot {
  if (room.session?.state === 'ENDED') return 'room_session_open';
  return ask(known, 'room.clean', () =>
    cleanRoom({ room: room.state, session: room.session?.state }, { room: room.id }),
  );
}

/** The rotation as it is shown, with moves that are on their way, in whole numbers. */
function places(order: readonly Entry[]): readonly EntryFact[] {
  return order.map((one, at) => ({ ...factOf(one), round: 1, rank: at + 1 }));
}

function whereOf({ state, where }: Row<'attendance'>) {
  return { checkedIn: state === 'CHECKED_IN', onStage: where === 'stage', inRoom: where === 'room' };
}

function sessionOf({ id, session }: Row<'room'>): SessionFact | undefined {
  if (!session) return undefined;
  const { state, minutes, plannedEnd } = session;
  const price = { grossCents: 0, houseCents: 0, taxCents: 0, shares: [] };
  const dancers = session.dancers.map(({ dancer }) => dancer);
  return { session: session.session, room: id, state, dancers, minutes, segments: 1, plannedEnd, price };
}
