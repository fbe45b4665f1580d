/** Dates of the club's own calendar, as `YYYY-MM-DD`. A wall clock that is an hour off moves no date it doesn't touch. */
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;

export function isDate(text: string): boolean {
  const parts = DATE.exec(text);
  if (!parts) return false;
  const made = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(made.getTime()) && made.toISOString().startsWith(text);
}

const DAY_MS = 86_400_000;

/** A date on which somebody who is asked today (epoch milliseconds) may have been born: not before 1900, and not to come. */
export function isBirthDate(text: string, now: number): boolean {
  return isDate(text) && text >= '1900-01-01' && Date.parse(`${text}T00:00:00Z`) < now + DAY_MS;
}

export function isTimeZone(tz: string): boolean {
  try {
    localParts(0, tz);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** The local date and offset from UTC (minutes) of an instant (epoch milliseconds). */
export function localParts(now: number, tz: string): { readonly date: string; readonly offsetMinutes: number } {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: tz,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(now);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((one) => one.type === type)?.value ?? '';
  const date = `${part('year')}-${part('month')}-${part('day')}`;
  const asUtc = Date.parse(`${date}T${part('hour')}:${part('minute')}:${part('second')}Z`);
  return { date, offsetMinutes: Math.round((asUtc - now) / 60_000) };
}

/**
 * The business date that an opening at `now` proposes: before the cutoff it is still yesterday's night. The cutoff is
 * a reading of the clock on the wall, so it stays where it is in the nights that are an hour shorter or longer.
 */
export function proposedDate(now: number, tz: string, cutoffMinutes: number): string {
  const { offsetMinutes } = localParts(now, tz);
  return new Date(now + (offsetMinutes - cutoffMinutes) * 60_000).toISOString().slice(0, 10);
}

/** Whole years on a date; someone born on 29 February has her birthday on 1 March of other years. */
export function ageOn(birthDate: string, date: string): number {
  const years = Number(date.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return date.slice(5) < birthDate.slice(5) ? years - 1 : years;
}

/** Days from one date to another; negative when `to` lies before. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

/** The date so many days later; earlier for a negative number. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}
