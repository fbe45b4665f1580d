import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AlertsAnswer } from '#shared/contract/api.ts';
import { accounts } from '#shared/domain/account.ts';
import { proposedDate } from '#shared/domain/calendar.ts';
import { complianceAlerts } from '#shared/domain/compliance-alert.ts';
import type { Role } from '#shared/domain/event.ts';
import { packOn } from '#shared/domain/policy-pack.ts';
import { sightOf } from '#shared/domain/rights.ts';
import type { Edge } from '../edge.ts';
import { signedIn } from './guard.ts';
import { sendProblem } from './problems.ts';
import type { SignedIn } from './sign-in.ts';

const tags = ['reading'];
export const BOSSES: readonly Role[] = ['owner', 'manager'];
export const ROSTER: readonly Role[] = [...BOSSES, 'door', 'house_mom'];
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
    '/api/v1/policy-pack',
    { schema: { tags, summary: 'The rules that are in force here: what each says, its source, when it was checked' } },
    as(null, () => packHere(edge)?.pack ?? null),
  );
  app.get(
    '/api/v1/compliance-alerts',
    { schema: { tags, summary: 'Papers that are missing, unverified, ended, or end soon, by dancer' } },
    as(ROSTER, () => alerts(edge)),
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

/** The pack of the open business day; of the one that would be opened now, where none is. Null before set-up. */
function packHere({ reads, clock }: Edge) {
  const club = reads.club.settings();
  if (!club) return null;
  const date = reads.day.open()?.date ?? proposedDate(clock.wall(), club.tz, club.cutoffMinutes);
  return { pack: packOn(club.pack, date), date };
}

function alerts(edge: Edge): AlertsAnswer | null {
  const here = packHere(edge);
  if (!here) return null;
  const { dancers } = edge.reads;
  const rows = dancers.roster().flatMap(({ dancer, stageName, engagement }) => {
    const facts = { engagement, credentials: dancers.credentials(dancer) };
    const found = complianceAlerts(facts, here.pack, here.date);
    return found.length > 0 ? [{ dancer, stageName, alerts: found }] : [];
  });
  return { date: here.date, pack: here.pack.pack, packVersion: here.pack.version, dancers: rows };
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
