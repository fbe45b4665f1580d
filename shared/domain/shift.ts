import { accept, refuse, type Decision } from '#shared/kit/decision.ts';
import type { Asking } from './asking.ts';
import type { AttendanceFact } from './attendance.ts';
import { isDate } from './calendar.ts';
import { event, type EventOf } from './event.ts';
import type { Refusal } from './refusal.ts';
import type { SentHomeWhy } from './shift-events.ts';

/** SCHEDULED → CAME (she checked in that night), NO_SHOW, CANCELLED. */
export type ShiftState = 'SCHEDULED' | 'CAME' | 'NO_SHOW' | 'CANCELLED';
export type ShiftFact = {
  readonly shift: string;
  readonly dancer: string;
  readonly date: string;
  readonly fromMinutes: number;
  readonly state: ShiftState;
};
/** REQUESTED → AGREED (the other said yes) → APPROVED (a manager did), or DECLINED. */
export type SwapState = 'REQUESTED' | 'AGREED' | 'APPROVED' | 'DECLINED';
export type SwapFact = {
  readonly swap: string;
  readonly shift: string;
  readonly to: string;
  readonly state: SwapState;
};

/** Puts her down for a night that is not over. One shift a night. */
export function scheduleShift(
  facts: { readonly dancerKnown: boolean; readonly others: readonly ShiftFact[]; readonly businessDate: string },
  command: { readonly dancer: string; readonly date: string; readonly fromMinutes: number },
  ask: Asking,
): Decision<EventOf<'shift.scheduled'>, Refusal> {
  if (!facts.dancerKnown) return refuse('dancer_unknown');
  if (!isDate(command.date)) return refuse('body_invalid');
  if (command.date < facts.businessDate) return refuse('date_in_past');
  if (facts.others.some(({ date, state }) => date === command.date && state !== 'CANCELLED'))
    return refuse('shift_exists');
  return accept(event('shift.scheduled', { shift: ask.id, ...command }, [command.dancer]));
}

export function cancelShift(
  found: ShiftFact | undefined,
  { reason }: { readonly reason: string },
): Decision<EventOf<'shift.cancelled'>, Refusal> {
  if (!found) return refuse('shift_unknown');
  if (found.state !== 'SCHEDULED') return refuse('shift_over');
  if (reason.trim() === '') return refuse('reason_missing');
  return accept(event('shift.cancelled', { shift: found.shift, dancer: found.dancer, reason }, [found.dancer]));
}

/** She was put down for tonight or an earlier night and did not come. Nothing is charged by it: a fee is somebody's act, where the law lets it be. */
export function missShift(
  found: ShiftFact | undefined,
  businessDate: string,
): Decision<EventOf<'shift.missed'>, Refusal> {
  if (!found) return refuse('shift_unknown');
  if (found.state !== 'SCHEDULED') return refuse('shift_over');
  if (found.date > businessDate) return refuse('date_in_future');
  return accept(event('shift.missed', { shift: found.shift, dancer: found.dancer }, [found.dancer]));
}

type SwapFacts = { readonly shift: ShiftFact | undefined; readonly toKnown: boolean; readonly toIsDown: boolean };

/** She asks another dancer to take her shift. */
export function requestSwap(
  { shift, toKnown, toIsDown }: SwapFacts,
  { to }: { readonly to: string },
  ask: Asking,
): Decision<EventOf<'shift.swap_requested'>, Refusal> {
  if (!shift) return refuse('shift_unknown');
  if (shift.state !== 'SCHEDULED') return refuse('shift_over');
  if (!toKnown) return refuse('dancer_unknown');
  if (to === shift.dancer) return refuse('dancer_listed_twice');
  if (toIsDown) return refuse('shift_exists');
  const { shift: id, dancer } = shift;
  return accept(event('shift.swap_requested', { swap: ask.id, shift: id, dancer, to }, [dancer, to]));
}

/** What the other dancer says. */
export function answerSwap(
  found: SwapFact | undefined,
  { agrees }: { readonly agrees: boolean },
): Decision<EventOf<'shift.swap_agreed' | 'shift.swap_declined'>, Refusal> {
  if (!found) return refuse('swap_unknown');
  if (found.state !== 'REQUESTED') return refuse('swap_answered');
  const { swap, to } = found;
  return accept<EventOf<'shift.swap_agreed' | 'shift.swap_declined'>>(
    agrees ? event('shift.swap_agreed', { swap, to }, [to]) : event('shift.swap_declined', { swap }, [to]),
  );
}

/** A manager's word on what both want: the shift is the other's, and whoever else was asked to take it is no longer. */
export function approveSwap({
  swap,
  shift,
  toIsDown,
  swaps,
}: SwapFacts & { readonly swap: SwapFact | undefined; readonly swaps: readonly SwapFact[] }): Decision<
  EventOf<'shift.swapped' | 'shift.swap_declined'>,
  Refusal
> {
  if (!swap) return refuse('swap_unknown');
  if (swap.state !== 'AGREED') return refuse('swap_not_agreed');
  if (shift?.state !== 'SCHEDULED') return refuse('shift_over');
  if (toIsDown) return refuse('shift_exists');
  const { shift: id, dancer } = shift;
  const others = swaps.filter((one) => one.swap !== swap.swap && isOpen(one));
  return accept<EventOf<'shift.swapped' | 'shift.swap_declined'>>(
    event('shift.swapped', { swap: swap.swap, shift: id, from: dancer, to: swap.to }, [dancer, swap.to]),
    ...others.map((one) => event('shift.swap_declined', { swap: one.swap }, [one.to])),
  );
}

function isOpen({ state }: SwapFact): boolean {
  return state === 'REQUESTED' || state === 'AGREED';
}

type BreakFacts = {
  readonly tonight: AttendanceFact | undefined;
  readonly onBreak: boolean;
  readonly onStage: boolean;
  readonly inRoom: boolean;
  readonly entries: readonly string[];
};

/** She sits down for a while: her places in the rotations are held, and no room is sold with her. */
export function beginBreak(facts: BreakFacts): Decision<EventOf<'attendance.break_begun' | 'rotation.held'>, Refusal> {
  const { tonight } = facts;
  if (tonight?.state !== 'CHECKED_IN') return refuse('not_checked_in');
  if (facts.onBreak) return refuse('on_break');
  if (facts.onStage) return refuse('on_stage');
  if (facts.inRoom) return refuse('in_room');
  const { attendance, dancer } = tonight;
  return accept<EventOf<'attendance.break_begun' | 'rotation.held'>>(
    event('attendance.break_begun', { attendance, dancer }, [dancer]),
    ...facts.entries.map((entry) => event('rotation.held', { entry }, [dancer])),
  );
}

export function endBreak({
  tonight,
  onBreak,
}: Pick<BreakFacts, 'tonight' | 'onBreak'>): Decision<EventOf<'attendance.break_ended'>, Refusal> {
  if (tonight?.state !== 'CHECKED_IN') return refuse('not_checked_in');
  if (!onBreak) return refuse('not_on_break');
  const { attendance, dancer } = tonight;
  return accept(event('attendance.break_ended', { attendance, dancer }, [dancer]));
}

/** Why she was sent home stands before the check-out that goes with it. */
export function sentHome({ attendance, dancer }: AttendanceFact, reason: SentHomeWhy): EventOf<'attendance.sent_home'> {
  return event('attendance.sent_home', { attendance, dancer, reason }, [dancer]);
}
