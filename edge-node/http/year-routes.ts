import { setImmediate } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { YearStatement } from '#shared/contract/tally-api.ts';
import { taxThreshold } from '#shared/domain/tax-threshold.ts';
import type { Edge } from '../edge.ts';
import type { Reads } from '../state/reads.ts';
import { csvLine } from './csv.ts';
import { reader } from './reading.ts';

const tags = ['reading'];
const Id = { type: 'string', minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9_-]+$' } as const;
const Year = { type: 'string', pattern: '^20\\d\\d$' } as const;
const params = { type: 'object', properties: { dancer: Id, year: Year } } as const;
const ofClub = { type: 'object', properties: { year: Year } } as const;

/** What a calendar year came to, for one dancer and for the club's accountant. */
export function yearRoutes(app: FastifyInstance, edge: Edge): void {
  const as = reader(edge);
  const { reads } = edge;
  const yearOf = (of: unknown) => (of as { readonly year: string }).year;
  app.get(
    '/api/v1/dancers/:dancer/years/:year',
    { schema: { tags, summary: 'What a year came to for a dancer, against the threshold of Form 1099', params } },
    as((_who, request) => yearStatement(reads, request.params as { dancer: string; year: string })),
  );
  app.get(
    '/api/v1/years/:year/dancers',
    { schema: { tags, summary: 'The same for each dancer of the year, by stage name', params: ofClub } },
    as((_who, request) => everyStatement(reads, yearOf(request.params))),
  );
  app.get(
    '/api/v1/years/:year/dancers.csv',
    { schema: { tags, summary: 'The same as a table', params: ofClub } },
    as(async (_who, request, reply) => {
      const all = await everyStatement(reads, yearOf(request.params));
      return reply.type('text/csv; charset=utf-8').send(yearCsv(all));
    }),
  );
}

/** By stage name; dancers with nothing in the year are left out. The node answers others between two dancers. */
async function everyStatement(reads: Reads, year: string): Promise<readonly YearStatement[]> {
  const found: YearStatement[] = [];
  for (const { dancer } of reads.dancers.roster()) {
    const statement = yearStatement(reads, { dancer, year });
    if (statement && (statement.byType.length > 0 || statement.throughClubCents > 0)) found.push(statement);
    await setImmediate();
  }
  return found;
}

function yearCsv(all: readonly YearStatement[]): string {
  const columns = ['year', 'stage_name', 'dancer', 'through_club_cents', 'fee_cents', 'voucher_discount_cents'];
  const rows = all.map((one) =>
    csvLine([
      one.year,
      one.stageName,
      one.dancer,
      one.throughClubCents,
      one.feeCents,
      one.voucherDiscountCents,
      one.threshold?.cents ?? null,
      one.mustFile === null ? null : one.mustFile ? 'yes' : 'no',
    ]),
  );
  return csvLine([...columns, 'threshold_cents', 'must_file']) + rows.join('');
}

/** Where a dancer collected herself, only the others' shares went through the club: those are the credits. */
const THROUGH_CLUB = ['room_session.settled', 'room_session.collected'];
const FEES = ['house_fee.assessed', 'house_fee.waived', 'house_fee.capped'];

function yearStatement(reads: Reads, of: { readonly dancer: string; readonly year: string }): YearStatement | null {
  const dancer = reads.dancers.dancer(of.dancer);
  if (!dancer) return null;
  const sums = new Map<string, number>();
  let [throughClubCents, voucherDiscountCents] = [0, 0];
  for (const { day, date } of reads.day.nights()) {
    if (!date.startsWith(of.year)) continue;
    for (const { type, cents, creditedCents } of reads.tally.sums(of.dancer, day)) {
      sums.set(type, (sums.get(type) ?? 0) + cents);
      if (THROUGH_CLUB.includes(type)) throughClubCents += creditedCents;
    }
    for (const { denominationCents, discountCents } of vouchersOf(reads, { dancer: of.dancer, day })) {
      throughClubCents += denominationCents;
      voucherDiscountCents += discountCents;
    }
  }
  const total = (types: readonly string[]) => types.reduce((sum, type) => sum + (sums.get(type) ?? 0), 0);
  const year = Number(of.year);
  const threshold = taxThreshold(year);
  return {
    dancer: of.dancer,
    stageName: dancer.stageName,
    year,
    byType: [...sums].map(([type, cents]) => ({ type, cents })).toSorted((a, b) => (a.type < b.type ? -1 : 1)),
    throughClubCents,
    feeCents: total(FEES),
    voucherDiscountCents,
    threshold,
    mustFile: threshold && throughClubCents >= threshold.cents,
  };
}

/** What she brought in a night, with both deductions, in cents. */
export function vouchersOf(reads: Reads, { dancer, day }: { readonly dancer: string; readonly day: string }) {
  return reads.vouchers.redeemedBy(dancer, day).map(({ voucher, denominationCents, feeCents, discountCents }) => {
    const taken = discountCents ?? 0;
    const herCents = denominationCents - taken;
    return { voucher, denominationCents, premiumCents: feeCents, discountCents: taken, herCents };
  });
}
