import { beginClosing, closeDay, openDay } from '#shared/domain/business-day.ts';
import { pricesForTonight } from '#shared/domain/take-over.ts';
import { accept, refuse } from '#shared/kit/decision.ts';
import type { Deciders } from '../command.ts';

export const businessDayCommands: Deciders<'day.open' | 'day.begin_closing' | 'day.close'> = {
  'day.open': ({ reads }, input, ask) => {
    const club = reads.club.settings();
    if (!club) return refuse('club_not_configured');
    const opened = openDay(
      {
        tz: club.tz,
        cutoffMinutes: club.cutoffMinutes,
        dateUsed: reads.day.used,
        lastDate: reads.day.nights().at(-1)?.date ?? null,
      },
      input,
      ask,
    );
    return opened.ok ? accept(...pricesForTonight(reads.shared.waitingPrices()), ...opened.events) : opened;
  },
  'day.begin_closing': (_edge, _input, ask) => beginClosing(ask),
  'day.close': ({ reads }, _input, ask) =>
    ask.day ? closeDay(reads.day.looseEnds(), reads.day.dayTotals(ask.day.day), ask) : refuse('day_not_open'),
};
