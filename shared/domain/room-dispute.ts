import { accept, refuse, type Decision } from '#shared/kit/decision.ts';
import { accounts } from './account.ts';
import type { Asking } from './asking.ts';
import { event, type EventOf, type PayMethod, type Posting, type Role } from './event.ts';
import { credit, debit, entry } from './ledger.ts';
import type { Refusal } from './refusal.ts';
import { isBoss } from './rights.ts';
import type { DisputeAbout } from './room-events.ts';
import { whoseMoney, type SessionFact } from './room-session.ts';

/** What a dancer said of an ended session, once she saw count, price and split; also after it was paid, until the night closes. */
export type SessionAnswer = 'AGREED' | 'DISPUTED' | 'DECIDED';
export type AnswerFact = { readonly dancer: string; readonly answer: SessionAnswer };
type Facts = { readonly session: SessionFact | undefined; readonly answers: readonly AnswerFact[] };
/** `paidTonight`: its settlement was booked in the night that is open. */
type AnswerFacts = Facts & { readonly paidTonight: boolean };

/** She agrees to count, price and split of a session that has ended. Once; a dispute is taken back by a decision alone. */
export function confirmSession(
  facts: AnswerFacts,
  { dancer }: { readonly dancer: string },
): Decision<EventOf<'room_session.confirmed'>, Refusal> {
  const { session } = facts;
  const cannot = cannotAnswer(facts, dancer);
  if (cannot || !session) return refuse(cannot ?? 'session_unknown');
  return accept(event('room_session.confirmed', { session: session.session, room: session.room, dancer }, [dancer]));
}

/**
 * She does not agree. What is not paid waits until an owner or manager has decided, with a reason. What is paid stays booked,
 * and a decision alone moves none of it: a void or an adjustment does. The night does not close over it.
 */
export function disputeSession(
  facts: AnswerFacts,
  { dancer, about }: { readonly dancer: string; readonly about: DisputeAbout },
): Decision<EventOf<'room_session.disputed'>, Refusal> {
  const { session } = facts;
  const cannot = cannotAnswer(facts, dancer);
  if (cannot || !session) return refuse(cannot ?? 'session_unknown');
  return accept(
    event('room_session.disputed', { session: session.session, room: session.room, dancer, about }, [dancer]),
  );
}

function cannotAnswer({ session, answers, paidTonight }: AnswerFacts, dancer: string): Refusal | null {
  if (!session) return 'session_unknown';
  if (session.state !== 'ENDED' && session.state !== 'SETTLED') return 'session_not_ended';
  if (session.state === 'SETTLED' && !paidTonight) return 'session_night_closed';
  if (!session.price.shares.some((share) => share.dancer === dancer)) return 'not_in_session';
  return answers.some((one) => one.dancer === dancer) ? 'session_answered' : null;
}

export function decideDispute(
  { session, answers }: Facts,
  { dancer, reason }: { readonly dancer: string; readonly reason: string },
): Decision<EventOf<'room_session.decided'>, Refusal> {
  if (!session) return refuse('session_unknown');
  // A void has decided it.
  if (session.state === 'VOIDED') return refuse('not_disputed');
  if (!answers.some((one) => one.dancer === dancer && one.answer === 'DISPUTED')) return refuse('not_disputed');
  if (reason.trim() === '') return refuse('reason_missing');
  return accept(
    event('room_session.decided', { session: session.session, room: session.room, dancer, reason }, [dancer]),
  );
}

/** Whether a dispute still stands in the way of the money. */
export function isDisputed(answers: readonly AnswerFact[]): boolean {
  return answers.some(({ answer }) => answer === 'DISPUTED');
}

/**
 * The other direction of settlement: the dancer has the guest's money in her hands, and owes the house its share and the
 * state its tax. Her own part never was the club's, so it is in no account. Other dancers' shares she owes to them through the club.
 */
export function collectSession(
  facts: Facts & { readonly shortCents: number },
  { dancer }: { readonly dancer: string },
): Decision<EventOf<'room_session.collected'>, Refusal> {
  const { session } = facts;
  if (!session) return refuse('session_unknown');
  if (session.state !== 'ENDED') return refuse('session_not_ended');
  if (isDisputed(facts.answers)) return refuse('session_disputed');
  if (facts.shortCents > 0) return refuse('minimum_short');
  const { price, room } = session;
  if (!price.shares.some((share) => share.dancer === dancer)) return refuse('not_in_session');
  const others = price.shares.filter((share) => share.dancer !== dancer);
  const own = price.shares.filter((share) => share.dancer === dancer).reduce((sum, { cents }) => sum + cents, 0);
  const postings = entry(
    debit(accounts.dancer(dancer), price.grossCents - own),
    credit(accounts.roomIncome, price.houseCents),
    credit(accounts.taxPayable, price.taxCents),
    ...others.map((share) => credit(accounts.dancer(share.dancer), share.cents)),
  );
  const body = { session: session.session, room, dancer, collectedCents: price.grossCents, postings };
  return accept(event('room_session.collected', body, whoseMoney(session)));
}

export type VoidFacts = {
  readonly session: SessionFact | undefined;
  /** What its settlement booked and where it stands in the log; undefined where it was not settled. */
  readonly settled:
    | { readonly pos: number; readonly method: PayMethod | null; readonly postings: readonly Posting[] }
    | undefined;
  readonly second: { readonly staff: string; readonly roles: readonly Role[] };
  /** Cents in the drawer that cash goes back from; null where none is open. */
  readonly drawerCents: number | null;
};

/**
 * As if it had not been sold: what was booked is turned round, cent for cent, in the night that is open now; cash goes back to
 * the guest out of a drawer. An owner or manager says so, and a second one.
 */
export function voidSession(
  { session, settled, second, drawerCents }: VoidFacts,
  { reason, drawer }: { readonly reason: string; readonly drawer: string | null },
  ask: Asking,
): Decision<EventOf<'room_session.voided'>, Refusal> {
  if (!ask.day) return refuse('day_not_open');
  if (!session) return refuse('session_unknown');
  if (session.state !== 'ENDED' && session.state !== 'SETTLED') return refuse('session_not_ended');
  if (second.staff === ask.by) return refuse('second_person_same');
  if (!isBoss(second.roles)) return refuse('second_person_not_allowed');
  if (reason.trim() === '') return refuse('reason_missing');
  const paid = settled?.method === 'cash' ? (settled.postings[0]?.cents ?? 0) : 0;
  if (settled?.method === 'cash' && (drawer === null || drawerCents === null)) return refuse('drawer_not_open');
  if (paid > (drawerCents ?? 0)) return refuse('not_enough_cash');
  const postings = (settled?.postings ?? []).map(({ account, cents }) => ({
    account: account.startsWith('cash_drawer:') && drawer !== null ? accounts.cashDrawer(drawer) : account,
    cents: -cents,
  }));
  const body = { session: session.session, room: session.room, reason, approver: second.staff };
  return accept(
    event('room_session.voided', { ...body, corrects: settled?.pos ?? null, postings }, whoseMoney(session)),
  );
}
