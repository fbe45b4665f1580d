import type { SHIFT_ROUTES } from '#shared/contract/shift-api.ts';
import type { ClubEvent } from '#shared/domain/event.ts';
import { givePass, setFeeSchedule } from '#shared/domain/fee-schedule.ts';
import { forbidding } from '#shared/domain/policy-pack.ts';
import {
  answerSwap,
  approveSwap,
  beginBreak,
  cancelShift,
  endBreak,
  missShift,
  requestSwap,
  scheduleShift,
  sentHome,
  type ShiftFact,
} from '#shared/domain/shift.ts';
import { accept } from '#shared/kit/decision.ts';
import type { Reads } from '../../state/reads.ts';
import type { Deciders } from '../command.ts';
import { leaving } from '../leaving.ts';
import { backInRotation } from '../room-facts.ts';

export const shiftCommands: Deciders<keyof typeof SHIFT_ROUTES> = {
  'attendance.begin_break': ({ reads }, { dancer }, { day }) => {
    const entries = reads.rotation.ofDancer(dancer).map(({ entry }) => entry);
    return beginBreak({ ...breakFacts(reads, dancer, day?.day), entries });
  },
  'attendance.end_break': ({ reads }, { dancer }, { day }) => {
    const ended = endBreak(breakFacts(reads, dancer, day?.day));
    return ended.ok ? accept<ClubEvent>(...ended.events, ...backInRotation(reads, [dancer])) : ended;
  },
  'attendance.send_home': ({ reads }, { dancer, reason }, ask) => {
    const tonight = reads.attendance.ofNight(dancer, ask.day?.day);
    const out = leaving(reads, dancer, ask);
    return out.ok && tonight ? accept<ClubEvent>(sentHome(tonight, reason), ...out.events) : out;
  },
  'shift.schedule': ({ reads }, input, ask) =>
    scheduleShift(
      {
        dancerKnown: reads.dancers.dancer(input.dancer) !== undefined,
        others: reads.shifts.shiftsOf(input.dancer, input.date),
        businessDate: reads.policy.datesAt(ask.now).business,
      },
      input,
      ask,
    ),
  'shift.cancel': ({ reads }, { shift, reason }) => cancelShift(reads.shifts.shift(shift), { reason }),
  'shift.miss': ({ reads }, { shift }, { now }) =>
    missShift(reads.shifts.shift(shift), reads.policy.datesAt(now).business),
  'shift.request_swap': ({ reads }, { shift, to }, ask) =>
    requestSwap(swapFacts(reads, reads.shifts.shift(shift), to), { to }, ask),
  'shift.answer_swap': ({ reads }, { swap, agrees }) => answerSwap(reads.shifts.swap(swap), { agrees }),
  'shift.approve_swap': ({ reads }, input) => {
    const swap = reads.shifts.swap(input.swap);
    const shift = swap && reads.shifts.shift(swap.shift);
    const swaps = swap ? reads.shifts.swapsOf(swap.shift) : [];
    return approveSwap({ swap, swaps, ...swapFacts(reads, shift, swap?.to ?? '') });
  },
  'fee_schedule.set': ({ reads }, input) =>
    setFeeSchedule(
      {
        lastOpened: reads.day.nights().at(-1)?.date ?? null,
        lateForbidden: forbidding(reads.policy.on(input.effectiveFrom).pack, 'late') !== null,
        listCents: reads.club.settings()?.houseFeeCents ?? 0,
      },
      input,
    ),
  'fee_pass.give': ({ reads }, input, ask) => givePass(reads.dancers.dancer(input.dancer) !== undefined, input, ask),
};

function breakFacts(reads: Reads, dancer: string, day: string | undefined) {
  return {
    tonight: reads.attendance.ofNight(dancer, day),
    onBreak: reads.shifts.isOnBreak(dancer),
    onStage: reads.rotation.liveOfDancer(dancer) !== undefined,
    inRoom: reads.rooms.inRoom(dancer),
  };
}

function swapFacts(reads: Reads, shift: ShiftFact | undefined, to: string) {
  const others = shift ? reads.shifts.shiftsOf(to, shift.date) : [];
  return {
    shift,
    toKnown: reads.dancers.dancer(to) !== undefined,
    toIsDown: others.some(({ state }) => state !== 'CANCELLED'),
  };
}
