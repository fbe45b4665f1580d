import { beginClosing, closeDay, openDay } from '#shared/domain/business-day.ts';
import type { ClubEvent } from '#shared/domain/event.ts';
import { eraseDue, surelyNow } from '#shared/domain/retention.ts';
import { pricesForTonight } from '#shared/domain/take-over.ts';
import { accept, refuse } from '#shared/kit/decision.ts';
import type { Deciders } from '../command.ts';

export const businessDayCommands: Deciders<'day.open' | 'day.begin_closing' | 'day.close'> = {
  'day.open': ({ reads }, input, ask) => {
    const club = reads.club.settings();
    if (!club) return refuse('club_not_configured');
    const nights = reads.day.nights();
    const opened = openDay(
      {
        tz: club.tz,
        cutoffMinutes: club.cutoffMinutes,
        dateUsed: reads.day.used,
        lastDate: nights.at(-1)?.date ?? null,
      },
      input,
      ask,
    );
    if (!opened.ok) return opened;
    // A night begins with letting go of what has been kept long enough, so that no clock waits for a person.
    const now = surelyNow(
      ask.now,
      nights.map(({ openedAt }) => openedAt),
    );
    const due = eraseDue(reads.safety.clocks(now), now);
    return accept<ClubEvent>(...due, ...pricesForTonight(reads.shared.waitingPrices()), ...opened.events);
  },
  'day.begin_closing': (_edge, _input, ask) => beginClosing(ask),
  'day.close': ({ reads }, _input, ask) =>
    ask.day ? closeDay(reads.day.looseEnds(), reads.day.dayTotals(ask.day.day), ask) : refuse('day_not_open'),
};
