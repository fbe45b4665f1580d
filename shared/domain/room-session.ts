import { assert } from '#shared/kit/assert.ts';
import { accept, refuse, type Decision } from '#shared/kit/decision.ts';
import { accounts, POSTING_CENTS_MAX } from './account.ts';
import type { Asking } from './asking.ts';
import { cannotStart } from './business-day.ts';
import { event, type EndReason, type EventOf, type PayMethod, type Price, type RoomRate, type Share } from './event.ts';
import { credit, debit, entry, splitEvenly } from './ledger.ts';
import type { Refusal } from './refusal.ts';

/** AVAILABLE → RESERVED (quoted) → OCCUPIED → CLEANING → AVAILABLE, and AVAILABLE → OUT_OF_SERVICE → AVAILABLE. */
export type RoomState = 'AVAILABLE' | 'RESERVED' | 'OCCUPIED' | 'CLEANING' | 'OUT_OF_SERVICE';
/** QUOTED → RUNNING → ENDED → SETTLED, or QUOTED → CANCELLED; ENDED or SETTLED → VOIDED. */
export type SessionState = 'QUOTED' | 'RUNNING' | 'ENDED' | 'SETTLED' | 'CANCELLED' | 'VOIDED';
export const SESSION_MINUTES_MAX = 480;
/** More is a slip of the finger, and a multiple of it can't be posted: such a session would never be settled. */
export const SESSION_CENTS_MAX = POSTING_CENTS_MAX / 10;

export type SessionFact = {
  readonly session: string;
  readonly room: string;
  readonly state: SessionState;
  readonly dancers: readonly string[];
  readonly minutes: number;
  readonly segments: number;
  readonly plannedEnd: number | null;
  /** All segments together, as they were quoted. */
  readonly price: Price;
};
export type DancerWhere = {
  readonly checkedIn: boolean;
  readonly onBreak?: boolean;
  readonly onStage: boolean;
  readonly inRoom: boolean;
};

/**
 * The price of one segment. The house keeps its share and what does not divide evenly; tax comes out of the price
 * in basis points, rounded down; the rest is the dancers'. Where too little is left for the tax, as of a bottle that is the
 * house's alone, the house pays it: it is owed in any case.
 */
export function priceOf(rate: RoomRate, dancers: readonly string[], taxBasisPoints: number): Price {
  const { grossCents } = rate;
  const taxCents = Math.floor((grossCents * taxBasisPoints) / 10_000);
  const keptCents = Math.min(rate.houseCents, grossCents - taxCents);
  const { each, remainder } = splitEvenly(grossCents - keptCents - taxCents, dancers.length);
  const price = {
    grossCents,
    houseCents: keptCents + remainder,
    taxCents,
    shares: dancers.map((dancer) => ({ dancer, cents: each })),
  };
  assertPrice(price);
  return price;
}

function assertPrice(price: Price): void {
  const shares = price.shares.reduce((sum, { cents }) => sum + cents, 0);
  assert(price.grossCents === price.houseCents + price.taxCents + shares, 'a price is its parts, to the cent');
}

/** Two segments of one session, added up share by share. */
export function addPrices(a: Price, b: Price): Price {
  return {
    grossCents: a.grossCents + b.grossCents,
    houseCents: a.houseCents + b.houseCents,
    taxCents: a.taxCents + b.taxCents,
    shares: addShares(a.shares, b.shares),
  };
}

/** Whoever is in both has both; whoever came later stands behind. */
function addShares(a: readonly Share[], b: readonly Share[]): readonly Share[] {
  const sums = new Map<string, number>();
  for (const { dancer, cents } of [...a, ...b]) sums.set(dancer, (sums.get(dancer) ?? 0) + cents);
  return [...sums].map(([dancer, cents]) => ({ dancer, cents }));
}

/** Fixes price and split now: a later price list does not touch it. Reserves the room. */
export function quoteRoom(
  facts: {
    readonly room: RoomState | undefined;
    readonly rate: RoomRate | undefined;
    readonly taxBasisPoints: number;
    readonly dancers: readonly DancerWhere[];
  },
  command: { readonly room: string; readonly rate: string; readonly dancers: readonly string[] },
  ask: Asking,
): Decision<EventOf<'room_session.quoted'>, Refusal> {
  const closed = cannotStart(ask.day);
  if (closed) return refuse(closed);
  if (!facts.room) return refuse('room_unknown');
  if (facts.room !== 'AVAILABLE') return refuse('room_not_available');
  if (!facts.rate) return refuse('rate_unknown');
  if (command.dancers.length === 0) return refuse('dancers_missing');
  if (new Set(command.dancers).size !== command.dancers.length) return refuse('dancer_listed_twice');
  if (facts.dancers.some(({ checkedIn }) => !checkedIn)) return refuse('not_checked_in');
  if (facts.dancers.some(({ onBreak }) => onBreak)) return refuse('on_break');
  if (facts.dancers.some(({ inRoom }) => inRoom)) return refuse('in_room');
  const price = priceOf(facts.rate, command.dancers, facts.taxBasisPoints);
  return accept(
    event('room_session.quoted', { session: ask.id, ...command, minutes: facts.rate.minutes, price }, command.dancers),
  );
}

export function cancelQuote(
  session: SessionFact | undefined,
  command: { readonly reason: string },
): Decision<EventOf<'room_session.cancelled'>, Refusal> {
  if (!session) return refuse('session_unknown');
  if (session.state !== 'QUOTED') return refuse('session_not_quoted');
  if (command.reason.trim() === '') return refuse('reason_missing');
  const { room, dancers } = session;
  return accept(event('room_session.cancelled', { session: session.session, room, reason: command.reason }, dancers));
}

/** From now the dancers are in the room: their places in the rotations are held. */
export function startRoomSession(
  facts: {
    readonly session: SessionFact | undefined;
    readonly dancers: readonly DancerWhere[];
    readonly entries: readonly { readonly entry: string; readonly dancer: string }[];
  },
  ask: Asking,
): Decision<EventOf<'room_session.started' | 'rotation.held'>, Refusal> {
  const { session } = facts;
  const closed = cannotStart(ask.day);
  if (closed) return refuse(closed);
  if (!session) return refuse('session_unknown');
  if (session.state !== 'QUOTED') return refuse('session_not_quoted');
  if (facts.dancers.some(({ checkedIn }) => !checkedIn)) return refuse('not_checked_in');
  if (facts.dancers.some(({ onBreak }) => onBreak)) return refuse('on_break');
  if (facts.dancers.some(({ onStage }) => onStage)) return refuse('on_stage');
  if (facts.dancers.some(({ inRoom }) => inRoom)) return refuse('in_room');
  const { room, dancers } = session;
  const plannedEnd = ask.now + session.minutes * 60_000;
  return accept<EventOf<'room_session.started' | 'rotation.held'>>(
    event('room_session.started', { session: session.session, room, dancers, startedAt: ask.now, plannedEnd }, dancers),
    ...facts.entries.map(({ entry: held, dancer }) => event('rotation.held', { entry: held }, [dancer])),
  );
}

/**
 * A segment of its own, with its own price and its own consent; planned ends add up, nothing is charged by overtime.
 * `fromMinutes`: how long it was where the asker looked, so that two taps, two tablets, or one that was out of
 * reach, don't sell twice what the guest asked for once.
 */
export function extendRoomSession(
  facts: {
    readonly session: SessionFact | undefined;
    readonly rate: RoomRate | undefined;
    readonly taxBasisPoints: number;
  },
  command: { readonly rate: string; readonly askedBy: 'guest' | 'dancer'; readonly fromMinutes: number },
  ask: Asking,
): Decision<EventOf<'room_session.extended'>, Refusal> {
  const { session, rate } = facts;
  const closed = cannotStart(ask.day);
  if (closed) return refuse(closed);
  if (!session) return refuse('session_unknown');
  if (session.state !== 'RUNNING' || session.plannedEnd === null) return refuse('session_not_running');
  if (command.fromMinutes !== session.minutes) return refuse('session_changed');
  if (!rate) return refuse('rate_unknown');
  if (session.minutes + rate.minutes > SESSION_MINUTES_MAX) return refuse('session_too_long');
  const { room, dancers } = session;
  return accept(
    event(
      'room_session.extended',
      {
        session: session.session,
        room,
        segment: session.segments + 1,
        rate: command.rate,
        minutes: rate.minutes,
        askedBy: command.askedBy,
        price: priceOf(rate, dancers, facts.taxBasisPoints),
        plannedEnd: session.plannedEnd + rate.minutes * 60_000,
      },
      dancers,
    ),
  );
}

/** Any device may end it, the cloud is not asked. An early end takes nothing from the dancers' shares. */
export function endRoomSession(
  session: SessionFact | undefined,
  command: { readonly reason: EndReason },
  ask: Asking,
): Decision<EventOf<'room_session.ended'>, Refusal> {
  if (!session) return refuse('session_unknown');
  if (session.state !== 'RUNNING' || session.plannedEnd === null) return refuse('session_not_running');
  const { room, dancers } = session;
  const overMs = Math.max(0, ask.now - session.plannedEnd);
  return accept(
    event(
      'room_session.ended',
      { session: session.session, room, dancers, endedAt: ask.now, overMs, reason: command.reason },
      dancers,
    ),
  );
}

export type SettleSession = { readonly method: PayMethod; readonly drawer: string | null; readonly tipCents: number };

/** The guest's money comes in, everyone's part is booked; a tip is of the dancers who have a share, evenly, the odd cent to the first. */
export function settleRoomSession(
  facts: {
    readonly session: SessionFact | undefined;
    readonly drawerOpen: boolean;
    readonly isDisputed: boolean;
    readonly shortCents: number;
  },
  command: SettleSession,
): Decision<EventOf<'room_session.settled'>, Refusal> {
  const { session } = facts;
  if (!session) return refuse('session_unknown');
  if (session.state !== 'ENDED') return refuse('session_not_ended');
  if (facts.isDisputed) return refuse('session_disputed');
  if (facts.shortCents > 0) return refuse('minimum_short');
  const drawer = command.method === 'cash' ? command.drawer : null;
  if (command.method === 'cash' && (drawer === null || !facts.drawerOpen)) return refuse('drawer_not_open');
  const { method, tipCents } = command;
  const into = drawer === null ? accounts.cardClearing : accounts.cashDrawer(drawer);
  const postings = sessionPostings(session.price, into, tipCents);
  return accept(
    event(
      'room_session.settled',
      { session: session.session, room: session.room, method, tipCents, postings },
      whoseMoney(session),
    ),
  );
}

/** Everybody who has a part in it, whether she is still in it or was swapped out. */
export function whoseMoney({ price }: SessionFact): readonly string[] {
  return price.shares.map(({ dancer }) => dancer);
}

function sessionPostings(price: Price, into: string, tipCents: number) {
  const paid = price.shares.filter(({ cents }) => cents > 0);
  const tipped = (paid.length > 0 ? paid : price.shares).map(({ dancer }) => dancer);
  const tip = splitEvenly(tipCents, tipped.length);
  const tipOf = (dancer: string) =>
    tipped.includes(dancer) ? tip.each + (dancer === tipped[0] ? tip.remainder : 0) : 0;
  return entry(
    debit(into, price.grossCents + tipCents),
    credit(accounts.roomIncome, price.houseCents),
    credit(accounts.taxPayable, price.taxCents),
    ...price.shares.map(({ dancer, cents }) => credit(accounts.dancer(dancer), cents + tipOf(dancer))),
  );
}

/** Only after the money is booked: a clean room shows no session any more, and nobody could settle it. */
export function cleanRoom(
  facts: { readonly room: RoomState | undefined; readonly session: SessionState | undefined },
  command: { readonly room: string },
): Decision<EventOf<'room.cleaned'>, Refusal> {
  if (!facts.room) return refuse('room_unknown');
  if (facts.room !== 'CLEANING') return refuse('room_not_dirty');
  if (facts.session === 'ENDED') return refuse('room_session_open');
  return accept(event('room.cleaned', { room: command.room }));
}
