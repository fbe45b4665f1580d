import { accountClass } from './account.ts';
import type { NightReport } from './cash-events.ts';
import type { ClubEvent, DayTotals } from './event.ts';

/**
 * What a night comes to, in cents, by its totals of account classes and its counts of event types; incomes are credits in the
 * ledger and read as positive here. `dancersOwedCents` is what the club owes dancers of all nights.
 */
export function nightTotals(
  cents: ReadonlyMap<string, number>,
  counted: ReadonlyMap<string, number>,
  dancersOwedCents: number,
): DayTotals {
  return {
    checkIns: counted.get('attendance.checked_in') ?? 0,
    stageSets: counted.get('stage_set.ended') ?? 0,
    roomSessions: (counted.get('room_session.settled') ?? 0) + (counted.get('room_session.collected') ?? 0),
    houseFeeCents: 0 - (cents.get('house_fee_income') ?? 0),
    waivedCents: cents.get('fee_waivers') ?? 0,
    roomCents: 0 - (cents.get('room_income') ?? 0),
    taxCents: 0 - (cents.get('tax_payable') ?? 0),
    cardCents: cents.get('card_clearing') ?? 0,
    dancersOwedCents,
    overShortCents: 0 - (cents.get('over_short') ?? 0),
  };
}

/** A night's report as it is once `events`, which are not written yet, are in the books. `balanceCents` is an account's before them. */
export function reportWith(
  report: NightReport,
  events: readonly ClubEvent[],
  balanceCents: (account: string) => number,
): NightReport {
  const counts = new Map(report.byType.map(({ type, n }) => [type, n]));
  const cents = new Map(report.byClass.map((row) => [row.class, row.cents]));
  const moved = new Map<string, number>();
  for (const { type, body } of events) {
    counts.set(type, (counts.get(type) ?? 0) + 1);
    for (const posting of 'postings' in body ? body.postings : [])
      moved.set(posting.account, (moved.get(posting.account) ?? 0) + posting.cents);
  }
  let owedCents = report.totals.dancersOwedCents;
  for (const [account, change] of moved) {
    const name = accountClass(account) ?? '';
    cents.set(name, (cents.get(name) ?? 0) + change);
    if (name === 'dancer') owedCents += owedOf(balanceCents(account) + change) - owedOf(balanceCents(account));
  }
  return {
    ...report,
    totals: nightTotals(cents, counts, owedCents),
    byClass: [...cents].map(([name, sum]) => ({ class: name, cents: sum })).toSorted((a, b) => by(a.class, b.class)),
    byType: [...counts].map(([type, n]) => ({ type, n })).toSorted((a, b) => by(a.type, b.type)),
  };
}

function owedOf(balanceCents: number): number {
  return Math.max(0, -balanceCents);
}

function by(a: string, b: string): number {
  return a < b ? -1 : 1;
}
