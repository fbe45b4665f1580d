import { accept, refuse, type Decision } from '#shared/kit/decision.ts';
import type { Asking } from './asking.ts';
import type { ClubDates } from './business-day.ts';
import { daysBetween, isDate } from './calendar.ts';
import { event, type EventBodies, type EventOf } from './event.ts';
import type { Refusal } from './refusal.ts';

export type RecordVisit = Omit<EventBodies['site_visit.recorded'], 'visit'>;

/** Writes down that inspectors were here, why, and what they were shown. Officer, badge and signature are sealed by the box. */
export function recordVisit(
  nightKnown: boolean,
  command: RecordVisit,
  ask: Asking,
): Decision<EventOf<'site_visit.recorded'>, Refusal> {
  if (command.night !== null && !nightKnown) return refuse('night_unknown');
  if (command.arrivedAt > ask.now) return refuse('date_in_future');
  return accept(event('site_visit.recorded', { visit: ask.id, ...command }));
}

export type RecordTraining = Omit<EventBodies['training.recorded'], 'training'>;

/** Writes down that a dancer or a member of staff finished a course. Dates by the club's calendar. */
export function recordTraining(
  facts: { readonly personKnown: boolean; readonly dates: ClubDates },
  command: RecordTraining,
  ask: Asking,
): Decision<EventOf<'training.recorded'>, Refusal> {
  const { person, completedOn, expiresOn } = command;
  if (!isDate(completedOn) || (expiresOn !== null && !isDate(expiresOn))) return refuse('body_invalid');
  if (!facts.personKnown) return refuse('person_unknown');
  if (completedOn > facts.dates.calendar) return refuse('date_in_future');
  if (expiresOn !== null && expiresOn < completedOn) return refuse('dates_reversed');
  return accept(event('training.recorded', { training: ask.id, ...command }, [person]));
}

const TRAINING_WARNING_DAYS = 14;
export type TrainingStanding = 'valid' | 'expires_soon' | 'expired';

/** A training is valid through the end of its last date. */
export function trainingStanding(expiresOn: string | null, date: string): TrainingStanding {
  if (expiresOn === null) return 'valid';
  if (expiresOn < date) return 'expired';
  return daysBetween(date, expiresOn) <= TRAINING_WARNING_DAYS ? 'expires_soon' : 'valid';
}

export type TestPanicButton = {
  readonly room: string | null;
  readonly place: string | null;
  readonly isSilent: boolean;
  readonly isLocated: boolean;
  readonly isLatched: boolean;
};

/** A button passes when it was silent where it was pressed, and the alarm named the place and stayed on until it was answered (WAC 296-831-300). */
export function testPanicButton(
  command: TestPanicButton,
  roomKnown: boolean,
  ask: Asking,
): Decision<EventOf<'safety_test.recorded'>, Refusal> {
  if ((command.room === null) === (command.place === null)) return refuse('place_missing');
  if (command.room !== null && !roomKnown) return refuse('room_unknown');
  const hasPassed = command.isSilent && command.isLocated && command.isLatched;
  return accept(event('safety_test.recorded', { test: ask.id, kind: 'panic_button', ...command, hasPassed }));
}

/** A button is tested at least once in so many days, and one that failed at once. */
const PANIC_BUTTON_TEST_DAYS = 365;
const DAY_MS = 86_400_000;

/** When a place is to be tested next (epoch milliseconds), by its last test. */
export function nextTestAt(last: { readonly at: number; readonly hasPassed: boolean }): number {
  return last.hasPassed ? last.at + PANIC_BUTTON_TEST_DAYS * DAY_MS : last.at;
}
