import { useMemo } from 'react';
import { useLanguage, type Language } from './i18n/words.ts';

/** Money, dates and times as this language writes them; times by the club's own zone. */
export type Format = {
  readonly money: (cents: number) => string;
  readonly date: (date: string) => string;
  readonly time: (at: number) => string;
  /** To the second, for what happened tonight. */
  readonly exact: (at: number) => string;
  /** With its day. */
  readonly moment: (at: number) => string;
};

export function formatOf(
  language: Language,
  { tz, currency }: { readonly tz: string; readonly currency: string },
): Format {
  const money = new Intl.NumberFormat(language, { style: 'currency', currency });
  const perUnit = 10 ** (money.resolvedOptions().maximumFractionDigits ?? 2);
  const date = new Intl.DateTimeFormat(language, { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' });
  const minute = { hour: 'numeric', minute: '2-digit', timeZone: tz } as const;
  const time = new Intl.DateTimeFormat(language, minute);
  const exact = new Intl.DateTimeFormat(language, { ...minute, second: '2-digit' });
  const moment = new Intl.DateTimeFormat(language, { ...minute, weekday: 'short', day: 'numeric', month: 'short' });
  return {
    money: (cents) => money.format(cents / perUnit),
    date: (day) => date.format(Date.parse(`${day}T00:00:00Z`)),
    time: (at) => time.format(at),
    exact: (at) => exact.format(at),
    moment: (at) => moment.format(at),
  };
}

export function useFormat(club: { readonly tz: string; readonly currency: string } | undefined): Format {
  const { language } = useLanguage();
  const tz = club?.tz ?? 'UTC';
  const currency = club?.currency ?? 'USD';
  return useMemo(() => formatOf(language, { tz, currency }), [language, tz, currency]);
}

/** 75,000 ms as 1:15; above an hour 1:01:15. */
export function runningTime(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const pad = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(seconds % 60)}` : `${minutes}:${pad(seconds % 60)}`;
}

/** What is left, then what is over with a plus. The last second is shown as 0:01 until it is over. */
export function countdown(ms: number): string {
  return ms > 0 ? runningTime(Math.ceil(ms / 1_000) * 1_000) : `+${runningTime(-ms)}`;
}

/** Cents that a person typed, digit by digit and never by way of a fraction; null where it is no amount. */
export function centsOf(typed: string): number | null {
  const parts = /^\s*(\d{1,7})(?:[.,](\d{1,2}))?\s*$/.exec(typed === '' ? '0' : typed);
  return parts ? Number(parts[1]) * 100 + Number((parts[2] ?? '').padEnd(2, '0')) : null;
}
