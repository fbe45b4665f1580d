import type { FastifyInstance } from 'fastify';
import type { NightStatement } from '#shared/contract/tally-api.ts';
import { accounts } from '#shared/domain/account.ts';
import { entryFeeWorksheet, type CountedEntries } from '#shared/domain/entry-fee.ts';
import type { Edge } from '../edge.ts';
import { paper, type Section } from '../print/paper.ts';
import type { Reads } from '../state/reads.ts';
import { csvLine } from './csv.ts';
import { reader } from './reading.ts';
import { vouchersOf } from './year-routes.ts';

const tags = ['reading'];
const Id = { type: 'string', minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9_-]+$' } as const;
const ofNight = { type: 'object', properties: { dancer: Id, day: Id } } as const;
const ofQuarter = {
  type: 'object',
  properties: { quarter: { type: 'string', pattern: '^20\\d\\d-Q[1-4]$' } },
} as const;

/** What a dancer is told of her money, and what the state is told of the door's. */
export function statementRoutes(app: FastifyInstance, edge: Edge): void {
  const as = reader(edge);
  const { reads } = edge;
  const night = (params: unknown) => nightStatement(reads, params as { dancer: string; day: string });
  app.get(
    '/api/v1/dancers/:dancer/statements/:day',
    { schema: { tags, summary: 'What a night came to for a dancer, with the arithmetic of her fee', params: ofNight } },
    as((_who, { params }) => night(params)),
  );
  app.get(
    '/api/v1/dancers/:dancer/statements/:day/statement.pdf',
    { schema: { tags, summary: 'The same on paper', params: ofNight } },
    as((_who, { params }, reply) => {
      const statement = night(params);
      return statement && reply.type('application/pdf').send(statementPdf(reads, statement));
    }),
  );
  app.get(
    '/api/v1/dancers/:dancer/statements/:day/statement.csv',
    { schema: { tags, summary: 'The same as a table', params: ofNight } },
    as((_who, { params }, reply) => {
      const statement = night(params);
      return statement && reply.type('text/csv; charset=utf-8').send(statementCsv(statement));
    }),
  );
  entryFeeRoutes(app, edge);
}

/** Null where there is no such dancer or night. */
function nightStatement(reads: Reads, of: { readonly dancer: string; readonly day: string }): NightStatement | null {
  const dancer = reads.dancers.dancer(of.dancer);
  const night = reads.day.nights().find(({ day }) => day === of.day);
  if (!dancer || !night) return null;
  const lines = reads.tally.statement(of.dancer, of.day);
  const attendance = reads.attendance.ofNight(of.dancer, of.day)?.attendance ?? '';
  const cap = reads.tally.cap(attendance)?.cap ?? null;
  const rule = reads.policy.on(night.date).pack.rules.find(({ id }) => id === cap?.rule);
  return {
    dancer: of.dancer,
    stageName: dancer.stageName,
    day: of.day,
    date: night.date,
    lines: lines.map(({ hash: _hash, ...line }) => line),
    sumCents: lines.reduce((sum, { cents }) => sum + cents, 0),
    balanceCents: reads.ledger.balanceCents(accounts.dancer(of.dancer)),
    tallies: reads.tally.ofAttendance(attendance).map(({ tally, at, area, dances, priceCents, isWithdrawn }) => ({
      tally,
      at,
      area,
      dances,
      priceCents,
      isWithdrawn,
    })),
    vouchers: vouchersOf(reads, of),
    cap: cap && { ...cap, source: rule?.source ?? cap.rule },
    hash: lines.at(-1)?.hash ?? null,
  };
}

const dollars = (cents: number): string => `${cents < 0 ? '-' : ''}$${(Math.abs(cents) / 100).toFixed(2)}`;

/** A row for each line of her account; cents as they are owed by her, below zero by the club. */
function statementCsv({ date, stageName, lines, hash }: NightStatement): string {
  const head = csvLine(['date', 'stage_name', 'at', 'type', 'rule', 'cents', 'chain']);
  const rows = lines.map(({ at, type, rule, cents }, n) =>
    csvLine([date, stageName, new Date(at).toISOString(), type, rule, cents, n === lines.length - 1 ? hash : null]),
  );
  return head + rows.join('');
}

function statementPdf(reads: Reads, statement: NightStatement): Buffer {
  const tz = reads.club.settings()?.tz ?? 'UTC';
  const time = new Intl.DateTimeFormat('en-US', { timeZone: tz, timeStyle: 'short' });
  const { cap, hash, lines, tallies, vouchers } = statement;
  const account: Section = {
    heading: 'Account',
    table: {
      columns: ['Time', 'What', 'Rule', 'She owes', 'The club owes'],
      rows: lines.map(({ at, type, rule, cents }) => [
        time.format(at),
        type,
        rule ?? '',
        cents > 0 ? dollars(cents) : '',
        cents < 0 ? dollars(-cents) : '',
      ]),
    },
    lines: [`This night: ${dollars(statement.sumCents)}. All nights, now: ${dollars(statement.balanceCents)}.`],
  };
  const dances: Section = {
    heading: 'Dances counted',
    table: {
      columns: ['Time', 'Area', 'Dances', 'Each', ''],
      rows: tallies.map(({ at, area, dances: count, priceCents, isWithdrawn }) => [
        time.format(at),
        area,
        String(count),
        dollars(priceCents),
        isWithdrawn ? 'withdrawn' : '',
      ]),
    },
  };
  const brought: Section = {
    heading: 'Vouchers',
    table: {
      columns: ['Voucher', 'Worth', 'The guest paid on top', 'Taken off', 'Hers'],
      rows: vouchers.map((one) => [
        one.voucher,
        dollars(one.denominationCents),
        dollars(one.premiumCents),
        dollars(one.discountCents),
        dollars(one.herCents),
      ]),
    },
  };
  const stamp = [`Night of ${statement.date}`, `Chain: ${hash ?? 'no entries'}`];
  return paper(`Statement for ${statement.stageName}`, stamp, [
    account,
    ...(vouchers.length > 0 ? [brought] : []),
    ...(tallies.length > 0 ? [dances] : []),
    ...(cap ? [{ heading: 'House fee', lines: capLines(cap) }] : []),
  ]);
}

/** The cap's arithmetic in words, a line a step. */
function capLines(cap: NonNullable<NightStatement['cap']>): readonly string[] {
  const periods = cap.periods.flatMap((one, at) => [
    `Period ${at + 1}: public ${dollars(one.publicCents)}, ${cap.percent} % of it, at most ${dollars(cap.publicMaxCents)}: ${dollars(one.publicCapCents)}`,
    `Period ${at + 1}: private ${dollars(one.privateCents)}, ${cap.percent} % of it: ${dollars(one.privateCapCents)}`,
  ]);
  return [
    ...periods,
    `The cap is ${dollars(cap.capCents)}, the fee of the contract ${dollars(cap.contractCents)}, received ${dollars(cap.receivedCents)}.`,
    `The fee is ${dollars(cap.allowedCents)}; ${dollars(cap.excessCents)} of the contract's fee is not due.`,
    `Rule ${cap.rule}: ${cap.source}`,
  ];
}

/** Of the pack that holds on the quarter's last day; a place without such a fee has no worksheet. */
function entryFeeRoutes(app: FastifyInstance, edge: Edge): void {
  const as = reader(edge);
  const { reads } = edge;
  const worksheet = (params: unknown) => {
    const [year = '', quarter = ''] = (params as { readonly quarter: string }).quarter.split('-Q');
    const of = { year: Number(year), quarter: Number(quarter) as 1 | 2 | 3 | 4 };
    const { entryFee } = reads.policy.on(`${year}-${String(of.quarter * 3).padStart(2, '0')}-28`).pack;
    return entryFee && entryFeeWorksheet(entryFee, of, countedEntries(reads));
  };
  app.get(
    '/api/v1/entry-fees/:quarter',
    { schema: { tags, summary: 'The worksheet of a fee on each entry, by quarter (2026-Q4)', params: ofQuarter } },
    as((_who, { params }) => worksheet(params)),
  );
  app.get(
    '/api/v1/entry-fees/:quarter/entries.csv',
    { schema: { tags, summary: 'The entries behind the worksheet, a row for each night and kind', params: ofQuarter } },
    as((_who, { params }, reply) => {
      const sheet = worksheet(params);
      if (!sheet) return null;
      const rows = countedEntries(reads).filter(({ date }) => sheet.from <= date && date <= sheet.to);
      const head = csvLine(['date', 'category', 'kind', 'entries']);
      const lines = rows.map((row) =>
        csvLine([row.date, row.category, row.isReentry ? 'reentry' : 'entry', row.entries]),
      );
      return reply.type('text/csv; charset=utf-8').send(head + lines.join(''));
    }),
  );
}

function countedEntries(reads: Reads): readonly CountedEntries[] {
  return reads.day.nights().flatMap(({ day, date }) =>
    reads.door.entriesOf(day).map(({ kind, category, people }) => ({
      date,
      category,
      isReentry: kind === 'reentry',
      entries: people,
    })),
  );
}
