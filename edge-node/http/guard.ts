import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Edge } from '../edge.ts';
import { sendProblem } from './problems.ts';
import type { SignedIn } from './sign-in.ts';

const SESSION_COOKIE = 'clubops_session';
const DEVICE_COOKIE = 'clubops_device';
const TOKEN = /^[A-Za-z0-9_-]{20,64}$/;

export const CONTENT_SECURITY =
  "default-src 'self'; script-src 'self'; style-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data:; media-src 'self' blob:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/** Before every request: nobody else's site may speak for a tablet, and no browser keeps an answer on its disk. */
export function guard(app: FastifyInstance, hosts: readonly string[]): void {
  app.addHook('onRequest', async (request, reply) => {
    if (!isOurs(request, hosts)) return sendProblem(reply, 'origin_foreign');
    if (request.url.startsWith('/api/'))
      reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
  });
}

/** Until the history of the box whose place this one takes is here, it knows nobody: no device is told that it is unknown. */
export function waitForHistory(app: FastifyInstance, edge: Edge): void {
  app.addHook('onRequest', async (request, reply) => {
    if (edge.recovering.wantsHistory() && request.url.startsWith('/api/v1/'))
      return sendProblem(reply, 'box_recovering');
  });
}

/** A name that an attacker's DNS points at the node is not one of the node's own (DNS rebinding). */
export function isOurs({ headers }: Pick<FastifyRequest, 'headers'>, hosts: readonly string[]): boolean {
  const host = headers.host ?? '';
  if (!hosts.includes(hostName(host))) return false;
  return headers.origin === undefined || headers.origin.replace(/^https?:\/\//, '') === host;
}

function hostName(host: string): string {
  return host.replace(/:\d+$/, '').toLowerCase();
}

export function sessionToken(request: Pick<FastifyRequest, 'headers'>): string | null {
  const bearer = request.headers.authorization;
  return token(bearer?.startsWith('Bearer ') ? bearer.slice('Bearer '.length) : cookie(request, SESSION_COOKIE));
}

export function deviceToken(request: Pick<FastifyRequest, 'headers'>): string | null {
  const named = request.headers['clubops-device'];
  return token(typeof named === 'string' ? named : cookie(request, DEVICE_COOKIE));
}

export function signedIn(edge: Edge, request: Pick<FastifyRequest, 'headers'>): SignedIn | null {
  const found = sessionToken(request);
  return found === null ? null : edge.signIns.byToken(found);
}

export function sessionCookie(value: string): string {
  return `${SESSION_COOKIE}=${value}; Path=/; HttpOnly; SameSite=Strict${value === '' ? '; Max-Age=0' : ''}`;
}

const YEAR_S = 31_536_000;
export function deviceCookie(value: string): string {
  return `${DEVICE_COOKIE}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${YEAR_S}`;
}

function cookie(request: Pick<FastifyRequest, 'headers'>, name: string): string | undefined {
  const parts = request.headers.cookie?.split(/;\s*/) ?? [];
  return parts.find((part) => part.startsWith(`${name}=`))?.slice(name.length + 1);
}

function token(text: string | undefined): string | null {
  return text !== undefined && TOKEN.test(text) ? text : null;
}
