import { accept, refuse, type Decision } from '#shared/kit/decision.ts';
import { accounts } from './account.ts';
import type { Asking } from './asking.ts';
import { cannotStart } from './business-day.ts';
import { isHouseFee } from './dance-tally.ts';
import { event, type EventOf } from './event.ts';
import { assessHouseFee, isOwed, type FeeFact } from './house-fee.ts';
import { credit, debit, entry } from './ledger.ts';
import { override, type OverrideAsked } from './override.ts';
import type { Eligibility, Override, PolicyPack } from './policy-words.ts';
import type { Refusal } from './refusal.ts';

/** CHECKED_IN → CHECKED_OUT → SETTLED. She may come back the same night: the attendance opens again, with a new segment. */
export type AttendanceState = 'CHECKED_IN' | 'CHECKED_OUT' | 'SETTLED';
export type AttendanceFact = {
  readonly attendance: string;
  readonly dancer: string;
  readonly state: AttendanceState;
  readonly segment: number;
};

export type CheckInFacts = {
  readonly known: boolean;
  /** Her attendance of this business day, if she was here before. */
  readonly tonight: AttendanceFact | undefined;
  readonly eligibility: Eligibility;
  readonly houseFeeCents: number;
};

/** Refuses past a BLOCK; keeps the whole decision with the check-in, as proof of the check. */
export function checkIn(
  facts: CheckInFacts,
  command: { readonly dancer: string },
  ask: Asking,
): Decision<EventOf<'attendance.checked_in' | 'house_fee.assessed'>, Refusal> {
  return letIn(facts, command, null, ask);
}

/** Lets her in past a BLOCK that the pack lets be overridden. Refuses all that a check-in does, and where nothing stands against her. */
export function checkInWithOverride(
  facts: CheckInFacts,
  command: { readonly dancer: string; readonly pack: PolicyPack; readonly asked: OverrideAsked },
  ask: Asking,
): Decision<EventOf<'attendance.checked_in' | 'house_fee.assessed'>, Refusal> {
  const plain = checkIn(facts, command, ask);
  if (plain.ok) return refuse('nothing_to_override');
  if (plain.refusal !== 'not_eligible') return plain;
  const allowed = override(facts.eligibility, command.pack, command.asked);
  return allowed.ok ? letIn(facts, command, allowed.override, ask) : allowed;
}

function letIn(
  facts: CheckInFacts,
  { dancer }: { readonly dancer: string },
  over: Override | null,
  ask: Asking,
): Decision<EventOf<'attendance.checked_in' | 'house_fee.assessed'>, Refusal> {
  const { tonight } = facts;
  const closed = cannotStart(ask.day);
  if (closed) return refuse(closed);
  if (!facts.known) return refuse('dancer_unknown');
  if (tonight?.state === 'CHECKED_IN') return refuse('already_checked_in');
  if (facts.eligibility.verdict === 'BLOCK' && !over) return refuse('not_eligible');
  const attendance = tonight?.attendance ?? ask.id;
  const segment = (tonight?.segment ?? 0) + 1;
  const { eligibility } = facts;
  const arrived = event('attendance.checked_in', { attendance, dancer, segment, eligibility, override: over }, [
    dancer,
  ]);
  if (tonight || facts.houseFeeCents === 0) return accept(arrived);
  return accept<EventOf<'attendance.checked_in' | 'house_fee.assessed'>>(
    arrived,
    assessHouseFee({ fee: ask.id, attendance, dancer }, facts.houseFeeCents),
  );
}

export type CheckOutFacts = {
  readonly tonight: AttendanceFact | undefined;
  readonly onStage: boolean;
  readonly inRoom: boolean;
  readonly roomUnsettled: boolean;
  readonly fees: readonly FeeFact[];
  /** Where a law caps the house fee at the end of her shift it may wait for her settlement: nobody knows it before she leaves. */
  readonly isCapped: boolean;
  readonly entries: readonly string[];
};

/** Takes her out of every rotation with it. */
export function checkOut(
  facts: CheckOutFacts,
): Decision<EventOf<'attendance.checked_out' | 'rotation.removed'>, Refusal> {
  const { tonight } = facts;
  if (tonight?.state !== 'CHECKED_IN') return refuse('not_checked_in');
  if (facts.onStage) return refuse('on_stage');
  if (facts.inRoom) return refuse('in_room');
  if (facts.roomUnsettled) return refuse('room_session_open');
  const { attendance, dancer } = tonight;
  const mayWait = (fee: FeeFact) => facts.isCapped && isHouseFee(fee, attendance);
  if (facts.fees.some((fee) => fee.state === 'ASSESSED' && !mayWait(fee))) return refuse('house_fee_open');
  return accept<EventOf<'attendance.checked_out' | 'rotation.removed'>>(
    ...facts.entries.map((one) => event('rotation.removed', { entry: one, reason: 'left' }, [dancer])),
    event('attendance.checked_out', { attendance, dancer }, [dancer]),
  );
}

export type SettleFacts = {
  readonly tonight: AttendanceFact | undefined;
  readonly fees: readonly FeeFact[];
  /** Her ledger balance in cents: above zero she owes the club. */
  readonly balanceCents: number;
  readonly drawerCents: number | null;
};

/** Brings her balance to zero over one drawer: the club pays her, or she pays what is still owed. */
export function settleAttendance(
  facts: SettleFacts,
  command: { readonly drawer: string },
): Decision<EventOf<'attendance.settled'>, Refusal> {
  const { tonight, balanceCents } = facts;
  if (!tonight) return refuse('not_checked_in');
  if (tonight.state === 'CHECKED_IN') return refuse('not_checked_out');
  if (tonight.state === 'SETTLED') return refuse('settled_already');
  if (facts.drawerCents === null) return refuse('drawer_not_open');
  if (facts.drawerCents + balanceCents < 0) return refuse('not_enough_cash');
  const { attendance, dancer } = tonight;
  const postings = entry(
    debit(accounts.cashDrawer(command.drawer), balanceCents),
    credit(accounts.dancer(dancer), balanceCents),
  );
  const fees = facts.fees.filter(isOwed).map(({ fee }) => fee);
  return accept(
    event('attendance.settled', { attendance, dancer, paidOutCents: -balanceCents, fees, postings }, [dancer]),
  );
}
