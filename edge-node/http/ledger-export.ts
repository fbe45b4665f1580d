import { readLine } from '#shared/contract/event-line.ts';
import type { LedgerProof } from '#shared/contract/cash-api.ts';
import { paper } from '../print/paper.ts';
import type { Reads } from '../state/reads.ts';
import { csvLine, type Cell } from './csv.ts';

type Night = { readonly day: string; readonly date: string };

/** One row a posting. `hash` is the chain's at the event that booked it. */
export function ledgerCsv(reads: Reads, { day, date }: Night): string {
  const head = csvLine(['date', 'place', 'at', 'event', 'type', 'account', 'cents', 'by', 'hash']);
  const rows = reads.reports.postingsOf(day).map(({ pos, account, cents, line, hash }) => {
    const { event } = readLine(line);
    const at = new Date(event.at.wall).toISOString();
    return csvLine([date, pos, at, event.id, event.type, account, cents, event.actor.id, hash.toString('hex')]);
  });
  return head + rows.join('');
}

/** What a night comes to, then each drawer that was closed in it, one amount a row. */
export function nightCsv(reads: Reads, { day, date }: Night): string {
  const { totals, byClass, byType, ...rest } = reads.reports.night(day);
  const night: readonly (readonly Cell[])[] = [
    ...Object.entries(totals).map(([name, value]) => ['total', '', name, value]),
    ...Object.entries(rest).map(([name, value]) => ['total', '', name, value]),
    ...byClass.map((one) => ['account class', '', one.class, one.cents]),
    ...byType.map(({ type, n }) => ['count', '', type, n]),
  ];
  const drawers = reads.cash.zReportsOf(day).flatMap(({ scope, of, z, report }) => {
    if (scope !== 'drawer') return [];
    const name = reads.club.drawer(of)?.name ?? of;
    return flat(report).map(([what, value]) => [`drawer Z ${z}`, name, what, value]);
  });
  const head = csvLine(['date', 'section', 'drawer', 'what', 'value']);
  return head + [...night, ...drawers].map((cells) => csvLine([date, ...cells])).join('');
}

/** A report's amounts by name; what is a list in it by name and place. */
function flat(value: unknown, name = ''): readonly (readonly [string, Cell])[] {
  if (typeof value !== 'object' || value === null) return [[name, value as Cell]];
  return Object.entries(value).flatMap(([key, one]) => flat(one, name === '' ? key : `${name} ${key}`));
}

/** Each line as it is hashed: hash = SHA-256(prev ‖ line). What is sealed in a line stays sealed. */
export function ledgerProof(reads: Reads, { day, date }: Night): string {
  const rows = reads.reports.linesOf(day);
  const club = reads.club.settings()?.name ?? '';
  const entries = rows.map(({ logId, seq, line, prev, hash }) => ({
    log: logId,
    seq,
    prev: prev.toString('hex'),
    hash: hash.toString('hex'),
    line,
  }));
  const proof: LedgerProof = { club, day, date, entries };
  return JSON.stringify(proof);
}

/** The night and each drawer's Z report on paper, amounts in dollars and cents, with the chain's hash at each close. */
export function nightPdf(reads: Reads, { day, date }: Night): Buffer {
  const { totals, byClass, byType } = reads.reports.night(day);
  const money = (cents: number) => (cents / 100).toFixed(2);
  const amounts = Object.entries(totals).map(([name, value]) => [
    name,
    name.endsWith('Cents') ? money(value) : String(value),
  ]);
  const zReports = reads.cash.zReportsOf(day).map(({ scope, of, z, hash, report }) => ({
    heading: scope === 'night' ? `Z ${z} of the night` : `Z ${z} of ${reads.club.drawer(of)?.name ?? of}`,
    lines: [`Chain: ${hash}`],
    table: {
      columns: ['What', 'Value'],
      rows: flat(report).map(([what, value]) => [
        what,
        typeof value === 'number' && /cents/i.test(what) ? money(value) : String(value ?? ''),
      ]),
    },
  }));
  return paper(
    `Night of ${date}`,
    [reads.club.settings()?.name ?? ''],
    [
      { heading: 'Totals', table: { columns: ['What', 'Value'], rows: amounts } },
      {
        heading: 'Accounts',
        table: { columns: ['Account class', 'Amount'], rows: byClass.map((one) => [one.class, money(one.cents)]) },
      },
      {
        heading: 'Events',
        table: { columns: ['Type', 'Count'], rows: byType.map(({ type, n }) => [type, String(n)]) },
      },
      ...zReports,
    ],
  );
}
