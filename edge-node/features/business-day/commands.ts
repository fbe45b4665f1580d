import type { Asking, DayFact } from '#shared/domain/asking.ts';
import { beginClosing, closeDay, openDay, reopenDay } from '#shared/domain/business-day.ts';
import { event, type ClubEvent } from '#shared/domain/event.ts';
import { forceEnds, type LeftOpen } from '#shared/domain/forced-close.ts';
import { reportWith } from '#shared/domain/night-report.ts';
import { eraseDue, surelyNow } from '#shared/domain/retention.ts';
import { pricesForTonight } from '#shared/domain/take-over.ts';
import { accept, refuse } from '#shared/kit/decision.ts';
import type { Reads } from '../../state/reads.ts';
import { uncarriedFees } from '../../state/uncarried.ts';
import type { Deciders } from '../command.ts';
import { cappedNow } from '../leaving.ts';

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
    const { pack } = reads.policy.on(reads.policy.datesAt(now).today);
    const due = eraseDue(reads.safety.clocks(now, pack), pack, now);
    return accept<ClubEvent>(...due, ...pricesForTonight(reads.shared.waitingPrices()), ...opened.events);
  },
  'day.begin_closing': (_edge, _input, ask) => beginClosing(ask),
  'day.close': ({ reads }, _input, ask) => {
    if (!ask.day) return refuse('day_not_open');
    const carriedFees = uncarriedFees(reads, ask.day).length;
    const loose = { ...reads.day.looseEnds(), disputes: reads.sessions.disputed().length, carriedFees };
    const closed = closeDay(loose, reads.day.dayTotals(ask.day.day), ask);
    if (!closed.ok) return closed;
    return accept<ClubEvent>(zReport(reads, ask.day, []), ...closed.events);
  },
  'day.force_close': ({ reads }, input, ask) => {
    const ends = forceEnds(leftOpen(reads, ask), input, ask);
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
  const report = reportWith(reads.reports.night(day), ends, reads.ledger.balanceCents);
  return event('day.reported', { day, date, z, report });
}

function leftOpen(reads: Reads, ask: Asking): LeftOpen {
  const here = reads.attendance.checkedIn();
  const unpaidFees = ask.day ? uncarriedFees(reads, ask.day) : [];
  const isUnpaid = ({ attendance }: { readonly attendance: string }) =>
    unpaidFees.some(({ fee }) => fee === attendance);
  const stages = reads.club.stages().map(({ stage }) => stage);
  return {
    sets: stages.flatMap((stage) => {
      const found = reads.rotation.liveOnStage(stage);
      if (!found) return [];
      const { set, entry, dancer } = found;
      return [{ live: { set, entry, stage, dancer }, entries: reads.rotation.ofStage(stage) }];
    }),
    sessions: reads.rooms.open(),
    disputed: reads.sessions.disputed(),
    here,
    unpaidFees,
    capped: here.flatMap((one) => (isUnpaid(one) ? [] : (cappedNow(reads, one, ask) ?? []))),
    drawers: reads.drawers.notClosed(),
  };
}
