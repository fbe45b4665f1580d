import type { FastifyInstance } from 'fastify';
import type { Static } from 'typebox';
import { FinishRecoveryRequest, TailsRequest, type StatusAnswer, type TailsAnswer } from '#shared/contract/api.ts';
import type { Edge } from '../edge.ts';
import { limits } from '../limits.ts';
import { VERSION } from '../open-edge.ts';
import { deviceToken } from './guard.ts';
import { sendProblem } from './problems.ts';

const tags = ['box'];

/** How the box is, and taking another box's place. */
export function boxRoutes(app: FastifyInstance, edge: Edge): void {
  app.get(
    '/api/v1/status',
    { schema: { tags, summary: 'How the box is, and what would be lost if it died now' } },
    async () => statusOf(edge),
  );
  app.post<{ Body: Static<typeof TailsRequest> }>(
    '/api/v1/witness/tails',
    {
      schema: {
        tags,
        summary: 'A paired device hands over the stretches of the log that it keeps',
        body: TailsRequest,
      },
      bodyLimit: limits.tailsBodyBytesMax,
    },
    async (request, reply) => {
      const token = deviceToken(request);
      const device = token === null ? null : edge.signIns.device(token);
      if (device === null) return sendProblem(reply, 'device_unknown');
      if (edge.box.get().recovery === null) return sendProblem(reply, 'recovery_not_waiting');
      edge.takeTails(device, request.body.tails);
      const answer: TailsAnswer = { recovery: edge.recovering.view() };
      return answer;
    },
  );
  app.post(
    '/api/v1/recovery/finish',
    { schema: { tags, summary: 'Goes on with what is here of the other box', body: FinishRecoveryRequest } },
    async (_request, reply) => {
      if (!edge.recovering.finish()) return sendProblem(reply, 'recovery_not_waiting');
      return statusOf(edge);
    },
  );
}

function statusOf(edge: Edge): StatusAnswer {
  const box = edge.box.get().fenced ? 'fenced' : edge.recovering.isHolding() ? 'recovering' : 'live';
  const { seq, hash } = edge.log.head();
  return {
    version: VERSION,
    club: edge.reads.club.settings()?.name ?? null,
    log: edge.log.logId,
    head: { seq, hash: hash.toString('hex') },
    screens: edge.hub.sockets(),
    cloud: edge.cloud(),
    box,
    recovery: edge.recovering.view(),
    review: edge.reads.review.newest(),
  };
}
