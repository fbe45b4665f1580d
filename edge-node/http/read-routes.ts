import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { accounts } from '#shared/domain/account.ts';
import type { Role } from '#shared/domain/event.ts';
import { sightOf } from '#shared/domain/rights.ts';
import type { Edge } from '../edge.ts';
import { signedIn } from './guard.ts';
import { sendProblem } from './problems.ts';
import type { SignedIn } from './sign-in.ts';

const tags = ['reading'];
export const BOSSES: readonly Role[] = ['owner', 'manager'];
const ROSTER: readonly Role[] = [...BOSSES, 'door', 'house_mom'];
export const CASH: readonly Role[] = [...ROSTER, 'vip_host', 'bartender'];

type Answering = (who: SignedIn, request: FastifyRequest, reply: FastifyReply) => unknown;

/** Makes the handler of a question that people of these roles may ask, null for everybody who is signed in. */
export function reader(edge: Edge) {
  return (roles: readonly Role[] | null, answer: Answering) => async (request: FastifyRequest, reply: FastifyReply) => {
    const who = signedIn(edge, request);
    if (!who) return sendProblem(reply, 'not_signed_in');
    if (roles && !who.roles.some((role) => roles.includes(role))) return sendProblem(reply, 'not_allowed');
    return (await answer(who, request, reply)) ?? sendProblem(reply, 'route_unknown');
  };
}

/** What can be asked without changing anything. */
export function readRoutes(app: FastifyInstance, edge: Edge): void {
  const as = reader(edge);
  app.get(
    '/api/v1/view',
    { schema: { tags, summary: 'All rows that this person may see' } },
    as(null, (who) => ({ seq: edge.log.head().pos, rows: edge.view.all(sightOf(who.roles)) })),
  );
  app.get(
    '/api/v1/dancers',
    { schema: { tags, summary: 'The roster by stage name' } },
    as(ROSTER, () => edge.reads.dancers.roster()),
  );
  app.get(
    '/api/v1/dancers/:dancer/balance',
    { schema: { tags, summary: 'What she owes (above zero) or is owed, in cents' } },
    as(ROSTER, (_who, request) => balance(edge, request.params)),
  );
  app.get(
    '/api/v1/nights',
    { schema: { tags, summary: 'Every business day' } },
    as(BOSSES, () => edge.reads.day.nights()),
  );
  app.get(
    '/api/v1/nights/:day',
    { schema: { tags, summary: 'What a night comes to, by account class and by event' } },
    as(BOSSES, (_who, request) => night(edge, request.params)),
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
