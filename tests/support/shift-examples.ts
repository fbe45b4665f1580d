import type { ONBOARDING_ROUTES } from '#shared/contract/onboarding-api.ts';
import type { SHIFT_ROUTES } from '#shared/contract/shift-api.ts';
import type { Refusal } from '#shared/domain/refusal.ts';
import type { CommandInput } from '../../edge-node/features/command.ts';

const GHOST = 'no-such-id';
type Named = keyof typeof SHIFT_ROUTES | keyof typeof ONBOARDING_ROUTES;

/** The examples about shifts, breaks and fee schedules. */
export const SHIFT_EXAMPLES: { readonly [N in Named]: CommandInput<N> } = {
  'onboarding.approve': { invitation: GHOST },
  'onboarding.refuse': { invitation: GHOST, reason: 'withdrawn' },
  'attendance.begin_break': { dancer: GHOST },
  'attendance.end_break': { dancer: GHOST },
  'attendance.send_home': { dancer: GHOST, reason: 'ill' },
  'shift.schedule': { dancer: GHOST, date: '2030-01-01', fromMinutes: 1_200 },
  'shift.cancel': { shift: GHOST, reason: 'why' },
  'shift.miss': { shift: GHOST },
  'shift.request_swap': { shift: GHOST, to: GHOST },
  'shift.answer_swap': { swap: GHOST, agrees: true },
  'shift.approve_swap': { swap: GHOST },
  'fee_schedule.set': { effectiveFrom: '2020-01-01', windows: [] },
  'fee_pass.give': { dancer: GHOST, reason: 'why' },
};

export const SHIFT_REFUSED: { readonly [N in Named]: Refusal } = {
  'onboarding.approve': 'invitation_unknown',
  'onboarding.refuse': 'invitation_unknown',
  'attendance.begin_break': 'not_checked_in',
  'attendance.end_break': 'not_checked_in',
  'attendance.send_home': 'not_checked_in',
  'shift.schedule': 'dancer_unknown',
  'shift.cancel': 'shift_unknown',
  'shift.miss': 'shift_unknown',
  'shift.request_swap': 'shift_unknown',
  'shift.answer_swap': 'swap_unknown',
  'shift.approve_swap': 'swap_unknown',
  'fee_schedule.set': 'date_past',
  'fee_pass.give': 'dancer_unknown',
};
