import type { FastifyInstance, RouteOptions } from 'fastify';
import { COMMAND_ROUTES } from '#shared/contract/api.ts';
import { RIGHTS } from '#shared/domain/rights.ts';
import { ROUTE_RIGHTS, type Askers } from '#shared/domain/route-rights.ts';
import { assert } from '#shared/kit/assert.ts';
import type { Edge } from '../edge.ts';
import type { RoutedCommand } from '../features/command.ts';
import { signedIn } from './guard.ts';
import { sendProblem } from './problems.ts';

const API = '/api/v1';
/** Of the whole API's own description, which says nothing of a club. */
const OPEN = `${API}/openapi.json`;

/** By method and address, as the two tables of rights have it. */
const ASKERS: ReadonlyMap<string, Askers> = new Map([
  ...Object.entries(ROUTE_RIGHTS),
  ...(Object.keys(COMMAND_ROUTES) as RoutedCommand[]).map(
    (name) => [`POST ${COMMAND_ROUTES[name].path}`, RIGHTS[name]] as const,
  ),
]);

/** Lets nobody past who may not, before anything of the request is read, and says in the API's description who may. */
export function enforceRights(app: FastifyInstance, edge: Edge): void {
  app.addHook('onRoute', (route) => {
    if (!isApi(route.url)) return;
    const askers = askersOf(String(route.method), route.url);
    route.schema = { ...route.schema, 'x-askers': askers } as NonNullable<RouteOptions['schema']>;
  });
  app.addHook('onRequest', async (request, reply) => {
    const { url, method } = request.routeOptions;
    if (url === undefined || !isApi(url)) return;
    const askers = askersOf(String(method), url);
    if (askers === 'anyone' || askers === 'device') return;
    const who = signedIn(edge, request);
    if (!who) return sendProblem(reply, 'not_signed_in');
    if (askers !== 'signed_in' && !who.roles.some((role) => askers.includes(role)))
      return sendProblem(reply, 'not_allowed');
  });
}

function isApi(url: string): boolean {
  return url.startsWith(`${API}/`) && url !== OPEN;
}

function askersOf(method: string, url: string): Askers {
  const key = `${method === 'HEAD' ? 'GET' : method} ${url.slice(API.length)}`;
  const askers = ASKERS.get(key);
  assert(askers !== undefined, `${key} stands in a table of rights`);
  return askers;
}
