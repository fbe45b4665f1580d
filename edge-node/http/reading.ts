import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '#shared/contract/event-line.ts';
import { assert } from '#shared/kit/assert.ts';
import type { Edge } from '../edge.ts';
import { signedIn } from './guard.ts';
import { sendProblem } from './problems.ts';
import type { SignedIn } from './sign-in.ts';

type Answering = (who: SignedIn, request: FastifyRequest, reply: FastifyReply) => unknown;

/** Makes the handler of a question; who may ask it stands in the table of rights. Nothing to answer with is no address. */
export function reader(edge: Edge) {
  return (answer: Answering) => async (request: FastifyRequest, reply: FastifyReply) =>
    (await answer(asker(edge, request), request, reply)) ?? sendProblem(reply, 'route_unknown');
}

/** Who asks, where the table of rights lets only those past who are signed in. */
export function asker(edge: Edge, request: Pick<FastifyRequest, 'headers'>): SignedIn {
  const who = signedIn(edge, request);
  assert(who !== null, 'nobody comes here who is not signed in');
  return who;
}

/** The same as whoever does something, for the log. */
export function actorOf(edge: Edge, request: Pick<FastifyRequest, 'headers'>): Actor {
  const who = asker(edge, request);
  return { kind: 'staff', id: who.staff, dev: who.device, auth: 'pin' };
}
