import type { FastifyInstance } from 'fastify';
import type { Static } from 'typebox';
import {
  PairingCodeRequest,
  PairRequest,
  SignInRequest,
  type PairAnswer,
  type SessionAnswer,
  type SignInAnswer,
} from '#shared/contract/api.ts';
import type { Refusal } from '#shared/domain/refusal.ts';
import type { Edge } from '../edge.ts';
import { deviceCookie, deviceToken, sessionCookie, sessionToken } from './guard.ts';
import { sendProblem } from './problems.ts';
import { asker } from './reading.ts';

const tags = ['sign-in'];

/** Devices pair with a code, people sign in with a PIN; both without the internet. */
export function signInRoutes(app: FastifyInstance, edge: Edge): void {
  app.post<{ Body: Static<typeof PairingCodeRequest> }>(
    '/api/v1/pairing/codes',
    { schema: { tags, summary: 'Makes a pairing code for one device, five minutes long', body: PairingCodeRequest } },
    async (request) => edge.pairing.make(request.body.ceiling),
  );
  app.post<{ Body: Static<typeof PairRequest> }>(
    '/api/v1/devices',
    { schema: { tags, summary: 'Pairs this device: trades a code for a token', body: PairRequest } },
    async (request, reply) => {
      const ceiling = edge.pairing.use(request.body.code.toUpperCase());
      if (!ceiling) return sendProblem(reply, 'pairing_code_wrong');
      const paired: PairAnswer | Refusal = await edge.pairDevice({ name: request.body.name, ceiling });
      if (typeof paired === 'string') return sendProblem(reply, paired);
      return reply.header('set-cookie', deviceCookie(paired.token)).send(paired);
    },
  );
  app.get(
    '/api/v1/sign-in',
    { schema: { tags, summary: 'Who may sign in on this device' } },
    async (request, reply) => {
      const device = deviceOf(edge, deviceToken(request));
      // A box without a club can't know its devices: they must not forget what they keep.
      const configured = edge.reads.club.settings() !== undefined;
      if (device === null) return sendProblem(reply, configured ? 'device_unknown' : 'club_not_configured');
      const staff = edge.reads.club.everyStaff().map((one) => ({ staff: one.staff, name: one.name }));
      const club = edge.reads.club.settings()?.name ?? null;
      const answer: SignInAnswer = { club, device, tailsWanted: edge.recovering.wantsTailsOf(device), staff };
      return answer;
    },
  );
  sessionRoutes(app, edge);
}

function sessionRoutes(app: FastifyInstance, edge: Edge): void {
  app.post<{ Body: Static<typeof SignInRequest> }>(
    '/api/v1/sessions',
    { schema: { tags, summary: 'Signs a member of staff in with a PIN', body: SignInRequest } },
    async (request, reply) => {
      const device = deviceOf(edge, deviceToken(request));
      if (device === null) return sendProblem(reply, 'device_unknown');
      const found = await edge.signIns.signIn(device, request.body.staff, request.body.pin);
      if (typeof found === 'string') return sendProblem(reply, found);
      const { staff, name, roles } = found.who;
      const answer: SessionAnswer = { token: found.token, staff, name, roles };
      return reply.header('set-cookie', sessionCookie(found.token)).send(answer);
    },
  );
  app.get('/api/v1/sessions/current', { schema: { tags, summary: 'Who is signed in here' } }, async (request) => {
    const { staff, name, roles } = asker(edge, request);
    return { staff, name, roles };
  });
  app.delete(
    '/api/v1/sessions/current',
    { schema: { tags, summary: 'Signs out; what waits on the device is kept' } },
    async (request, reply) => {
      const token = sessionToken(request);
      if (token !== null) signOut(edge, token);
      return reply.header('set-cookie', sessionCookie('')).code(204).send();
    },
  );
}

function deviceOf(edge: Edge, token: string | null): string | null {
  return token === null ? null : edge.signIns.device(token);
}

function signOut(edge: Edge, token: string): void {
  edge.signIns.signOut(token);
  edge.hub.drop((screen) => screen.token === token);
}
