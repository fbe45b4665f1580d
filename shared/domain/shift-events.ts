import type { Posting } from './event.ts';

export type SentHomeWhy = 'ill' | 'slow_night' | 'intoxicated' | 'conduct' | 'own_wish' | 'other';
/** What a house fee is for arrivals from one minute of the night to another (minutes after midnight of the business date, up to 36 hours). */
export type FeeWindow = {
  /** 0 is Sunday; null for every day. */
  readonly weekday: number | null;
  readonly fromMinutes: number;
  readonly toMinutes: number;
  readonly cents: number;
};

export type ShiftBodies = {
  'attendance.break_begun': { readonly attendance: string; readonly dancer: string };
  'attendance.break_ended': { readonly attendance: string; readonly dancer: string };
  'attendance.sent_home': { readonly attendance: string; readonly dancer: string; readonly reason: SentHomeWhy };
  /** `fromMinutes` after midnight of the date. */
  'shift.scheduled': {
    readonly shift: string;
    readonly dancer: string;
    readonly date: string;
    readonly fromMinutes: number;
  };
  'shift.cancelled': { readonly shift: string; readonly dancer: string; readonly reason: string };
  'shift.missed': { readonly shift: string; readonly dancer: string };
  'shift.swap_requested': {
    readonly swap: string;
    readonly shift: string;
    readonly dancer: string;
    readonly to: string;
  };
  'shift.swap_agreed': { readonly swap: string; readonly to: string };
  'shift.swap_declined': { readonly swap: string };
  'shift.swapped': { readonly swap: string; readonly shift: string; readonly from: string; readonly to: string };
  'fee_schedule.set': { readonly effectiveFrom: string; readonly windows: readonly FeeWindow[] };
  'fee_pass.given': { readonly pass: string; readonly dancer: string; readonly reason: string };
  /** Instead of her paying: the fee of this attendance is waived by it. */
  'fee_pass.used': {
    readonly pass: string;
    readonly dancer: string;
    readonly fee: string;
    readonly cents: number;
    readonly postings: readonly Posting[];
  };
};
