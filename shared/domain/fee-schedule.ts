import { accept, refuse, type Decision } from '#shared/kit/decision.ts';
import { accounts } from './account.ts';
import type { Asking } from './asking.ts';
import { daysBetween, isDate, localParts } from './calendar.ts';
import { event, type EventOf } from './event.ts';
import { credit, debit, entry } from './ledger.ts';
import type { Refusal } from './refusal.ts';
import type { FeeWindow } from './shift-events.ts';

export type FeeSchedule = { readonly effectiveFrom: string; readonly windows: readonly FeeWindow[] };

/** The longest arrival that a window may name: noon of the day behind the night's. */
const NIGHT_MINUTES_MAX = 2_160;

/**
 * A schedule holds from a coming night on, for all dancers alike; windows are looked at in their order. Where the law forbids a
 * fee for coming late, no later arrival may cost more than an earlier one of the same night.
 */
export function setFeeSchedule(
  facts: { readonly lastOpened: string | null; readonly lateForbidden: boolean; readonly listCents: number },
  command: FeeSchedule,
): Decision<EventOf<'fee_schedule.set'>, Refusal> {
  if (!isDate(command.effectiveFrom)) return refuse('body_invalid');
  const { lastOpened } = facts;
  if (lastOpened !== null && command.effectiveFrom <= lastOpened) return refuse('date_past');
  if (command.windows.some(({ fromMinutes, toMinutes }) => toMinutes <= fromMinutes)) return refuse('dates_reversed');
  if (facts.lateForbidden && isDearerLater(command.windows, facts.listCents)) return refuse('fee_forbidden');
  return accept(event('fee_schedule.set', command));
}

/** Whether on some weekday whoever arrives later pays more; the price list's fee (cents) counts where no window fits. */
export function isDearerLater(windows: readonly FeeWindow[], listCents: number): boolean {
  const edges = windows.flatMap(({ fromMinutes, toMinutes }) => [fromMinutes, toMinutes]);
  const arrivals = [0, ...edges].filter((minutes) => minutes < NIGHT_MINUTES_MAX).toSorted((a, b) => a - b);
  return [0, 1, 2, 3, 4, 5, 6].some((weekday) => {
    const fees = arrivals.map((minutes) => windowAt(windows, weekday, minutes)?.cents ?? listCents);
    return fees.some((cents, at) => at > 0 && cents > (fees[at - 1] ?? 0));
  });
}

function windowAt(windows: readonly FeeWindow[], weekday: number, minutes: number): FeeWindow | undefined {
  return windows.find(
    (one) => (one.weekday === null || one.weekday === weekday) && one.fromMinutes <= minutes && minutes < one.toMinutes,
  );
}

/**
 * What the house fee is for who arrives now, in cents: the first window of the weekday and the minute, as the clock on the club's
 * wall shows it, also in nights that are an hour longer or shorter; the price list's where none fits.
 */
export function houseFeeAt(
  schedule: FeeSchedule | undefined,
  {
    now,
    date,
    tz,
    listCents,
  }: { readonly now: number; readonly date: string; readonly tz: string; readonly listCents: number },
): number {
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  const local = localParts(now, tz);
  const ofDay = Math.floor((now + local.offsetMinutes * 60_000) / 60_000) % 1_440;
  const minutes = ofDay + daysBetween(date, local.date) * 1_440;
  return windowAt(schedule?.windows ?? [], weekday, minutes)?.cents ?? listCents;
}

/** A pass lets one of her coming house fees go. */
export function givePass(
  dancerKnown: boolean,
  { dancer, reason }: { readonly dancer: string; readonly reason: string },
  ask: Asking,
): Decision<EventOf<'fee_pass.given'>, Refusal> {
  if (!dancerKnown) return refuse('dancer_unknown');
  if (reason.trim() === '') return refuse('reason_missing');
  return accept(event('fee_pass.given', { pass: ask.id, dancer, reason }, [dancer]));
}

/** Goes with the check-in that assessed the fee. */
export function usePass(
  pass: string,
  fee: { readonly fee: string; readonly dancer: string; readonly cents: number },
): EventOf<'fee_pass.used'> {
  const { dancer, cents } = fee;
  const postings = entry(debit(accounts.feeWaivers, cents), credit(accounts.dancer(dancer), cents));
  return event('fee_pass.used', { pass, dancer, fee: fee.fee, cents, postings }, [dancer]);
}
