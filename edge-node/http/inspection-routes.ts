import type { FastifyInstance } from 'fastify';
import { InspectionPackRequest } from '#shared/contract/inspection-pack.ts';
import type { Static } from 'typebox';
import type { Edge } from '../edge.ts';
import { packZip } from '../inspection/pack.ts';
import type { NodeKey } from '../sync/node-identity.ts';
import { sendProblem } from './problems.ts';
import { actorOf } from './reading.ts';

/** One tap while the inspector waits. */
export function inspectionRoutes(app: FastifyInstance, edge: Edge, key: NodeKey): void {
  app.post<{ Body: Static<typeof InspectionPackRequest> }>(
    '/api/v1/inspection-packs',
    {
      schema: {
        tags: ['reading'],
        summary:
          'Makes the inspection pack of tonight, or of the last night, as a .zip; that it was made is written down',
        body: InspectionPackRequest,
      },
    },
    async (request, reply) => {
      const actor = actorOf(edge, request);
      const made = await edge.gatherPack(request.body.visit, actor);
      if (typeof made === 'string') return sendProblem(reply, made);
      const { facts, ...about } = made;
      const settings = edge.reads.club.settings();
      const zipped = await packZip(facts, {
        ...about,
        club: settings?.name ?? '',
        tz: settings?.tz ?? 'UTC',
        madeBy: edge.reads.club.staff(actor.id)?.name ?? actor.id,
        key,
      });
      const name = `inspection-${about.date}.zip`;
      return reply.type('application/zip').header('content-disposition', `attachment; filename="${name}"`).send(zipped);
    },
  );
}
