import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Static } from 'typebox';
import {
  BeatRequest,
  DropRequest,
  ExtraRequest,
  OrderRequest,
  PlayerRequest,
  SongRequest,
} from '#shared/contract/booth-api.ts';
import type { Refusal } from '#shared/domain/refusal.ts';
import type { Booth } from '../booth/booth.ts';
import type { Edge } from '../edge.ts';
import { sendProblem } from './problems.ts';
import { actorOf } from './reading.ts';

const tags = ['booth'];

/** The booth: what is to be played, and what the page that makes the sound says of itself. */
export function boothRoutes(app: FastifyInstance, edge: Edge, booth: Booth): void {
  const answer = (reply: FastifyReply, refusal: Refusal | null) =>
    refusal === null ? booth.answer() : sendProblem(reply, refusal);
  app.get('/api/v1/booth', { schema: { tags, summary: 'What plays, where it is and what comes next' } }, async () =>
    booth.answer(),
  );
  playerRoutes(app, booth);
  app.post<{ Body: Static<typeof OrderRequest> }>(
    '/api/v1/booth/orders',
    { schema: { tags, summary: 'Pauses, goes on, skips, seeks or stops, from any screen', body: OrderRequest } },
    async ({ body }) => {
      booth.order(body);
      return booth.answer();
    },
  );
  app.post<{ Body: Static<typeof SongRequest> }>(
    '/api/v1/booth/songs',
    { schema: { tags, summary: 'Puts a track at a place of somebody’s set', body: SongRequest } },
    async (request, reply) => answer(reply, await booth.putSong(request.body, actorOf(edge, request))),
  );
  app.post<{ Body: Static<typeof ExtraRequest> }>(
    '/api/v1/booth/extras',
    { schema: { tags, summary: 'A track, an announcement or a promo by hand: next, or last', body: ExtraRequest } },
    async ({ body }, reply) => answer(reply, booth.putExtra(body)),
  );
  app.post<{ Body: Static<typeof DropRequest> }>(
    '/api/v1/booth/drops',
    { schema: { tags, summary: 'Takes what has not begun out of the programme, for this turn', body: DropRequest } },
    async ({ body }) => {
      booth.drop(body.item);
      return booth.answer();
    },
  );
}

function playerRoutes(app: FastifyInstance, booth: Booth): void {
  app.post<{ Body: Static<typeof PlayerRequest> }>(
    '/api/v1/booth/player',
    { schema: { tags, summary: 'Makes the sound: begins, takes over on purpose, or stops', body: PlayerRequest } },
    async ({ body: { page, load, want } }) => booth.player({ page, load }, want),
  );
  app.post<{ Body: Static<typeof BeatRequest> }>(
    '/api/v1/booth/beats',
    { schema: { tags, summary: 'What the page plays, and how loud it really is', body: BeatRequest } },
    async ({ body }) => booth.beat(body),
  );
}
