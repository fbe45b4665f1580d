import { accept, refuse, type Decision } from '#shared/kit/decision.ts';
import type { Asking, DayFact } from './asking.ts';
import { event, type DayTotals, type EventOf } from './event.ts';
import { daysBetween, isDate, localParts, proposedDate } from './calendar.ts';
import type { Refusal } from './refusal.ts';

/**
 * OPEN → CLOSING → CLOSED → REOPENED → CLOSED. One day that is not closed per club; all that happens belongs to it, whatever the
 * clock says.
 */
export type DayState = 'OPEN' | 'CLOSING' | 'CLOSED' | 'REOPENED';

export type OpenDay = { readonly date: string | null };
export type DayOpening = {
  readonly tz: string;
  readonly cutoffMinutes: number;
  readonly dateUsed: (date: string) => boolean;
  /** Date of the last night, null before the first. */
  readonly lastDate: string | null;
};

const DAYS_FROM_PROPOSED_MAX = 1;
const DAYS_FROM_LAST_MAX = 7;

/**
 * Opens the night. Without a date it takes the one that the cutoff proposes. A given one lies next to that, or, for a box whose
 * clock is wrong, within a week after the last night: age and papers are judged on this date.
 */
export function openDay(club: DayOpening, command: OpenDay, ask: Asking): Decision<EventOf<'day.opened'>, Refusal> {
  if (ask.day) return refuse('day_open_already');
  const date = command.date ?? proposedDate(ask.now, club.tz, club.cutoffMinutes);
  if (!isDate(date)) return refuse('body_invalid');
  if (club.dateUsed(date)) return refuse('date_used');
  if (!isNear(date, club, ask.now)) return refuse('date_too_far');
  return accept(event('day.opened', { day: ask.id, date }));
}

function isNear(date: string, { tz, cutoffMinutes, lastDate }: DayOpening, now: number): boolean {
  const off = Math.abs(daysBetween(proposedDate(now, tz, cutoffMinutes), date));
  const afterLast = lastDate === null ? 0 : daysBetween(lastDate, date);
  return off <= DAYS_FROM_PROPOSED_MAX || (afterLast >= 1 && afterLast <= DAYS_FROM_LAST_MAX);
}

/** From here on nothing new starts; what runs is brought to its end. */
export function beginClosing(ask: Asking): Decision<EventOf<'day.closing_begun'>, Refusal> {
  if (!ask.day) return refuse('day_not_open');
  if (ask.day.state !== 'OPEN') return refuse('day_closing');
  return accept(event('day.closing_begun', { day: ask.day.day }));
}

export type LooseEnds = {
  readonly stageSets: number;
  readonly roomSessions: number;
  /** Sessions, paid or not, of which a dispute is not decided. */
  readonly disputes: number;
  readonly attendances: number;
  readonly drawers: number;
  /** Fees of tonight that nobody settled, where the law lets none be carried into another night; 0 elsewhere. */
  readonly carriedFees: number;
};

/** Needs no internet: only that nothing is left open. */
export function closeDay(loose: LooseEnds, totals: DayTotals, ask: Asking): Decision<EventOf<'day.closed'>, Refusal> {
  if (!ask.day) return refuse('day_not_open');
  if (ask.day.state === 'OPEN') return refuse('day_not_closing');
  if (loose.stageSets > 0) return refuse('stage_set_open');
  if (loose.roomSessions > 0) return refuse('room_session_open');
  if (loose.disputes > 0) return refuse('dispute_open');
  if (loose.attendances > 0) return refuse('attendance_open');
  if (loose.carriedFees > 0) return refuse('fee_unsettled');
  if (loose.drawers > 0) return refuse('drawer_open');
  return accept(event('day.closed', { day: ask.day.day, date: ask.day.date, totals }));
}

/**
 * Opens a closed night again, for what was missed in it: nothing new starts, what is booked stands, and every further entry
 * comes behind this event, so that the adjusting ones can be told from the first ones.
 */
export function reopenDay(
  night: DayFact | undefined,
  command: { readonly reason: string },
  ask: Asking,
): Decision<EventOf<'day.reopened'>, Refusal> {
  if (!night) return refuse('night_unknown');
  if (ask.day) return refuse('day_open_already');
  if (night.state !== 'CLOSED') return refuse('night_not_closed');
  if (command.reason.trim() === '') return refuse('reason_missing');
  return accept(event('day.reopened', { day: night.day, date: night.date, reason: command.reason }));
}

/** Somebody forgot to close it: by the clock on the wall it is the next night's time already. A warning, never an order. */
export function isPastCutoff(
  date: string,
  { tz, cutoffMinutes }: { readonly tz: string; readonly cutoffMinutes: number },
  now: number,
): boolean {
  return proposedDate(now, tz, cutoffMinutes) > date;
}

/** What stands in the way of starting something new tonight; null when nothing does. */
export function cannotStart(day: DayFact | null): 'day_not_open' | 'day_closing' | null {
  if (!day) return 'day_not_open';
  return day.state === 'OPEN' ? null : 'day_closing';
}

/** Today, twice: the date that the night counts as, and the one on the wall, which after midnight is the next. */
export type ClubDates = { readonly night: string; readonly calendar: string };

/** By the open night, or where none is open by what an opening would propose. */
export function clubDates(
  club: Pick<DayOpening, 'tz' | 'cutoffMinutes'>,
  { now, day }: Pick<Asking, 'now' | 'day'>,
): ClubDates {
  const night = day?.date ?? proposedDate(now, club.tz, club.cutoffMinutes);
  const { date } = localParts(now, club.tz);
  return { night, calendar: date > night ? date : night };
}
