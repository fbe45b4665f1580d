import type { FastifyInstance } from 'fastify';
import { accounts } from '#shared/domain/account.ts';
import { sightOf } from '#shared/domain/rights.ts';
import type { Edge } from '../edge.ts';
import { reader } from './reading.ts';

const tags = ['reading'];

/** What can be asked without changing anything. */
export function readRoutes(app: FastifyInstance, edge: Edge): void {
  const as = reader(edge);
  app.get(
    '/api/v1/view',
    { schema: { tags, summary: 'All rows that this person may see' } },
    as((who) => ({ seq: edge.log.head().pos, rows: edge.view.all(sightOf(who.roles)) })),
  );
  app.get(
    '/api/v1/dancers',
    { schema: { tags, summary: 'The roster by stage name' } },
    as(() => edge.reads.dancers.roster()),
  );
  app.get(
    '/api/v1/dancers/:dancer/balance',
    { schema: { tags, summary: 'What she owes (above zero) or is owed, in cents' } },
    as((_who, request) => balance(edge, request.params)),
  );
  app.get(
    '/api/v1/nights',
    { schema: { tags, summary: 'Every business day' } },
    as(() => edge.reads.day.nights()),
  );
  app.get(
    '/api/v1/nights/:day',
    { schema: { tags, summary: 'What a night comes to, by account class and by event' } },
    as((_who, request) => night(edge, request.params)),
  );
}

function balance(edge: Edge, params: unknown) {
  const { dancer } = params as { readonly dancer: string };
  return edge.reads.dancers.dancer(dancer)
    ? { dancer, cents: edge.reads.ledger.balanceCents(accounts.dancer(dancer)) }
    : null;
}

function night(edge: Edge, params: unknown) {
  const { day } = params as { readonly day: string };
  const found = edge.reads.day.nights().find((one) => one.day === day);
  if (!found) return null;
  return {
    ...found,
    byClass: Object.fromEntries(edge.reads.day.totalsOf(day)),
    byType: Object.fromEntries(edge.reads.day.countsOf(day)),
    totals: edge.reads.day.dayTotals(day),
  };
}
