import type { DayFact } from '#shared/domain/asking.ts';
import { beginClosing, closeDay, openDay, reopenDay } from '#shared/domain/business-day.ts';
import type { NightReport } from '#shared/domain/cash-events.ts';
import { event, type ClubEvent } from '#shared/domain/event.ts';
import { forceEnds, type LeftOpen } from '#shared/domain/forced-close.ts';
import { eraseDue, surelyNow } from '#shared/domain/retention.ts';
import { pricesForTonight } from '#shared/domain/take-over.ts';
import { accept, refuse } from '#shared/kit/decision.ts';
import type { Reads } from '../../state/reads.ts';
import type { Deciders } from '../command.ts';

export const businessDayCommands: Deciders<
  'day.open' | 'day.begin_closing' | 'day.close' | 'day.force_close' | 'day.reopen'
> = {
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
  'day.close': ({ reads }, _input, ask) => {
    if (!ask.day) return refuse('day_not_open');
    const closed = closeDay(reads.day.looseEnds(), reads.day.dayTotals(ask.day.day), ask);
    if (!closed.ok) return closed;
    return accept<ClubEvent>(zReport(reads, ask.day, []), ...closed.events);
  },
  'day.force_close': ({ reads }, input, ask) => {
    const ends = forceEnds(leftOpen(reads), input, ask);
    if (!ends.ok || !ask.day) return ends;
    const reported = zReport(reads, ask.day, ends.events);
    const { day, date } = ask.day;
    const { totals } = reported.body.report;
    return accept<ClubEvent>(...ends.events, reported, event('day.closed', { day, date, totals }));
  },
  'day.reopen': ({ reads }, { night, reason }, ask) =>
    reopenDay(
      reads.day.nights().find(({ day }) => day === night),
      { reason },
      ask,
    ),
};

/** Goes before the close that it tells of; `ends` are the events that come before both and are not in the tables yet. */
function zReport(reads: Reads, { day, date }: DayFact, ends: readonly ClubEvent[]) {
  const z = reads.cash.lastZOfNights() + 1;
  return event('day.reported', { day, date, z, report: withEvents(reads.reports.night(day), ends) });
}

/** None of them books money. */
function withEvents(report: NightReport, ends: readonly ClubEvent[]): NightReport {
  const counts = new Map(report.byType.map(({ type, n }) => [type, n]));
  for (const { type } of ends) counts.set(type, (counts.get(type) ?? 0) + 1);
  return {
    ...report,
    totals: { ...report.totals, stageSets: counts.get('stage_set.ended') ?? 0 },
    byType: [...counts].map(([type, n]) => ({ type, n })).toSorted((a, b) => (a.type < b.type ? -1 : 1)),
  };
}

function leftOpen(reads: Reads): LeftOpen {
  const stages = reads.club.stages().map(({ stage }) => stage);
  return {
    sets: stages.flatMap((stage) => {
      const found = reads.rotation.liveOnStage(stage);
      if (!found) return [];
      const { set, entry, dancer } = found;
      return [{ live: { set, entry, stage, dancer }, entries: reads.rotation.ofStage(stage) }];
    }),
    sessions: reads.rooms.open(),
    here: reads.attendance.checkedIn(),
    drawers: reads.drawers.notClosed(),
  };
}
