import { Type } from 'typebox';
import { Cents, closed, DateText, Id, Nothing, Reason, route } from './api-fields.ts';
import { oneOf } from './words.ts';

export const SentHomeWord = oneOf('ill', 'slow_night', 'intoxicated', 'conduct', 'own_wish', 'other');
const Minutes = (maximum: number) => Type.Integer({ minimum: 0, maximum });
export const FeeWindowSchema = Type.Object(
  {
    weekday: Type.Union([Type.Null(), Type.Integer({ minimum: 0, maximum: 6 })]),
    fromMinutes: Minutes(2_160),
    toMinutes: Minutes(2_160),
    cents: Cents,
  },
  closed,
);

/** Commands on shifts, breaks, and what a fee is when. */
export const SHIFT_ROUTES = {
  'attendance.begin_break': route(
    '/dancers/:dancer/break',
    'She takes a break: her places in the rotations are held',
    Nothing,
  ),
  'attendance.end_break': route('/dancers/:dancer/break-end', 'She is back from her break', Nothing),
  'attendance.send_home': route(
    '/dancers/:dancer/send-home',
    'Checks a dancer out because somebody sends her home, with a reason',
    Type.Object({ reason: SentHomeWord }, closed),
  ),
  'shift.schedule': route(
    '/dancers/:dancer/shifts',
    'Puts a dancer down for a night; `fromMinutes` after midnight of its date',
    Type.Object({ date: DateText, fromMinutes: Minutes(2_160) }, closed),
  ),
  'shift.cancel': route(
    '/shifts/:shift/cancel',
    'Takes a dancer off a night, with a reason',
    Type.Object({ reason: Reason }, closed),
  ),
  'shift.miss': route('/shifts/:shift/no-show', 'She was put down and did not come', Nothing),
  'shift.request_swap': route(
    '/shifts/:shift/swaps',
    'Asks another dancer to take a shift',
    Type.Object({ to: Id }, closed),
  ),
  'shift.answer_swap': route(
    '/shift-swaps/:swap/answer',
    'What the other dancer says',
    Type.Object({ agrees: Type.Boolean() }, closed),
  ),
  'shift.approve_swap': route('/shift-swaps/:swap/approval', 'The shift is the other’s now', Nothing),
  'fee_schedule.set': route(
    '/fee-schedule',
    'Sets the house fee by weekday and minute of arrival from a coming night on; the first window that fits counts',
    Type.Object({ effectiveFrom: DateText, windows: Type.Array(FeeWindowSchema, { maxItems: 50 }) }, closed),
  ),
  'fee_pass.give': route(
    '/dancers/:dancer/fee-passes',
    'Lets one of her coming house fees go',
    Type.Object({ reason: Reason }, closed),
  ),
} as const;

/** GET /schedule/:date: seven nights from that date on. */
export type ScheduleAnswer = {
  readonly from: string;
  readonly shifts: readonly {
    readonly shift: string;
    readonly dancer: string;
    readonly stageName: string;
    readonly date: string;
    readonly fromMinutes: number;
    readonly state: string;
  }[];
  readonly swaps: readonly {
    readonly swap: string;
    readonly shift: string;
    readonly to: string;
    readonly state: string;
  }[];
};
