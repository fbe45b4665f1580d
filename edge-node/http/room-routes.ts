import type { FastifyInstance } from 'fastify';
import type { SessionAnswerRow } from '#shared/contract/room-api.ts';
import { shortCents } from '#shared/domain/room-terms.ts';
import type { Edge } from '../edge.ts';
import { reader } from './reading.ts';

const params = {
  type: 'object',
  properties: { session: { type: 'string', minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9_-]+$' } },
} as const;

/** What a dancer is shown before she agrees. */
export function roomRoutes(app: FastifyInstance, edge: Edge): void {
  const as = reader(edge);
  app.get(
    '/api/v1/room-sessions/:session',
    {
      schema: { tags: ['reading'], summary: 'A session with its price, each share, and who has agreed to it', params },
    },
    as((_who, request) => sessionRow(edge, (request.params as { readonly session: string }).session)),
  );
}

function sessionRow({ reads }: Edge, id: string): SessionAnswerRow | null {
  const found = reads.rooms.session(id);
  if (!found) return null;
  const { session, room, state, dancers, minutes, segments, startedAt, plannedEnd, endedAt, price, minimumCents } =
    found;
  const answers = new Map(reads.sessions.answersOf(id).map(({ dancer, answer }) => [dancer, answer]));
  const { grossCents, houseCents, taxCents } = price;
  const shares = price.shares.map((share) => ({ ...share, answer: answers.get(share.dancer) ?? null }));
  const direction = reads.club.settings()?.settlementDirection ?? null;
  const times = { minutes, segments, startedAt, plannedEnd, endedAt };
  return {
    session,
    room,
    state,
    dancers,
    direction,
    ...times,
    grossCents,
    houseCents,
    taxCents,
    minimumCents,
    shortCents: shortCents(found),
    shares,
  };
}
