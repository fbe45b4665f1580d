import { hash, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sendProblem } from './problem.ts';

/** Lets a request pass that carries the administrator's bearer token. Compared as hashes, so its length can't leak. */
export function adminOnly(adminToken: string) {
  const expected = hash('sha256', adminToken, 'buffer');
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const given = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
    if (timingSafeEqual(hash('sha256', given, 'buffer'), expected)) return;
    await sendProblem(reply.header('www-authenticate', 'Bearer'), 'not_signed_in');
  };
}
