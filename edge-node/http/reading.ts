import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Role } from '#shared/domain/event.ts';
import type { Edge } from '../edge.ts';
import { signedIn } from './guard.ts';
import { sendProblem } from './problems.ts';
import type { SignedIn } from './sign-in.ts';

export const BOSSES: readonly Role[] = ['owner', 'manager'];
export const ROSTER: readonly Role[] = [...BOSSES, 'door', 'house_mom'];

export const CASH: readonly Role[] = [...ROSTER, 'vip_host', 'bartender'];

type Answering = (who: SignedIn, request: FastifyRequest, reply: FastifyReply) => unknown;

/** Makes the handler of a question that people of these roles may ask, null for everybody who is signed in; nothing to answer with is no address. */
export function reader(edge: Edge) {
  return (roles: readonly Role[] | null, answer: Answering) => async (request: FastifyRequest, reply: FastifyReply) => {
    const who = signedIn(edge, request);
    if (!who) return sendProblem(reply, 'not_signed_in');
    if (roles && !who.roles.some((role) => roles.includes(role))) return sendProblem(reply, 'not_allowed');
    return (await answer(who, request, reply)) ?? sendProblem(reply, 'route_unknown');
  };
}
