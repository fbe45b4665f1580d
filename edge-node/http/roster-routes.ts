import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  ImportRequest,
  type DancerAnswer,
  type RestrictionRow,
  type RosterExport,
} from '#shared/contract/roster-api.ts';
import { holdsOn, type RestrictionFact } from '#shared/domain/restriction.ts';
import type { Static } from 'typebox';
import type { Edge } from '../edge.ts';
import { limits } from '../limits.ts';
import { csvLine } from './csv.ts';
import { sendProblem } from './problems.ts';
import { actorOf, reader } from './reading.ts';
import { importRoster } from './roster-import.ts';

const tags = ['reading'];

/** The roster: one dancer, who is kept from working, and the whole of it in and out as a table. */
export function rosterRoutes(app: FastifyInstance, edge: Edge): void {
  const as = reader(edge);
  app.get(
    '/api/v1/dancers/:dancer',
    {
      schema: {
        tags,
        summary: 'A dancer with all her names, engagements, restrictions and agreements; nothing sealed',
      },
    },
    as((_who, { params }) => dancerAnswer(edge, (params as { readonly dancer: string }).dancer)),
  );
  app.get(
    '/api/v1/restrictions',
    {
      schema: {
        tags,
        summary: 'Every restriction that nobody lifted; which hold tonight, which are to be looked at again',
      },
    },
    as(() => edge.reads.roster.restrictions().map((one) => restrictionRow(one, businessDate(edge)))),
  );
  importRoutes(app, edge);
  app.get(
    '/api/v1/roster',
    {
      schema: {
        tags,
        summary: 'The whole roster with legal names and birth dates, as JSON or CSV; who takes it is written down',
        querystring: { type: 'object', properties: { format: { type: 'string', enum: ['json', 'csv'] } } },
      },
    },
    async (request, reply) => {
      const taken = await edge.people.takeRoster({ actor: actorOf(edge, request), now: edge.clock.wall() });
      if (typeof taken === 'string') return sendProblem(reply, taken);
      const { format } = request.query as { readonly format?: string };
      return format === 'csv' ? reply.type('text/csv; charset=utf-8').send(rosterCsv(taken)) : taken;
    },
  );
}

const PATHS = [
  ['/api/v1/roster-imports/preview', 'What an import of a list (CSV) would do, row by row; nothing is done', false],
  ['/api/v1/roster-imports', 'Imports a list (CSV): who is new is registered, the rest is told row by row', true],
] as const;

function importRoutes(app: FastifyInstance, edge: Edge): void {
  for (const [path, summary, isDone] of PATHS)
    app.post(
      path,
      { bodyLimit: limits.rosterBodyBytesMax, schema: { tags: ['roster'], summary, body: ImportRequest } },
      async (request: FastifyRequest, reply: FastifyReply) => {
        const asked = request.body as Static<typeof ImportRequest>;
        return (
          (await importRoster(edge, asked, isDone ? actorOf(edge, request) : null)) ??
          sendProblem(reply, 'table_invalid')
        );
      },
    );
}

function businessDate({ reads, clock }: Edge): string {
  return reads.policy.datesAt(clock.wall()).business;
}

function dancerAnswer(edge: Edge, dancer: string): DancerAnswer | null {
  const { reads } = edge;
  const row = reads.dancers.dancer(dancer);
  if (!row) return null;
  const date = businessDate(edge);
  return {
    dancer,
    stageName: row.stageName,
    further: reads.roster.furtherOf(dancer),
    engagement: reads.roster.engagementOn(dancer, date) ?? row.engagement,
    engagements: reads.roster.engagements(dancer),
    restrictions: reads.shared
      .restrictionsOf(dancer)
      .filter(({ lifted }) => !lifted)
      .map((one) => restrictionRow(one, date)),
    images: reads.roster
      .images(dancer)
      .map(({ image, credential, bytes, type, attachedAt }) => ({ image, credential, bytes, type, attachedAt })),
    agreements: reads.roster.agreements(dancer).map(({ agreement, kind, version, textHash, signedAt, takenBy }) => ({
      agreement,
      kind,
      version,
      textHash,
      signedAt,
      takenBy,
    })),
  };
}

function restrictionRow(one: RestrictionFact & { readonly reviewOn: string | null }, date: string): RestrictionRow {
  const { restriction, dancer, kind, origin, reviewOn, expiresOn } = one;
  const holds = holdsOn(one, date);
  const reviewDue = holds && reviewOn !== null && reviewOn <= date;
  return { restriction, dancer, kind, origin, reviewOn, expiresOn, holds, reviewDue };
}

/** One row a credential, under the words by which an import finds its columns again. */
function rosterCsv(roster: RosterExport): string {
  const head = csvLine([
    'dancer id',
    'stage name',
    'other names',
    'legal name',
    'birth date',
    'engagement',
    'credential kind',
    'credential issuer',
    'credential number',
    'credential issued on',
    'credential expires on',
    'credential state',
  ]);
  const rows = roster.flatMap(({ dancer, stageName, further, legalName, birthDate, engagement, credentials }) => {
    const person = [dancer, stageName, further.join('; '), legalName, birthDate, engagement];
    const papers = credentials.map((one) => [one.kind, one.issuer, one.number, one.issuedOn, one.expiresOn, one.state]);
    return (papers.length > 0 ? papers : [[null, null, null, null, null, null]]).map((paper) =>
      csvLine([...person, ...paper]),
    );
  });
  return head + rows.join('');
}
