import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { CloudCore } from '../../cloud.ts';
import { sendProblem } from '../../http/problem.ts';
import { limits } from '../../limits.ts';
import { CLUB_ID_PATTERN, clubOf } from '../../public-id.ts';
import { clubLog, clubNights } from './club-queries.ts';

const params = Type.Object({ clubId: Type.String({ pattern: CLUB_ID_PATTERN }) }, { additionalProperties: false });
const Count = Type.Integer({ minimum: 0 });

const nights = {
  params,
  querystring: Type.Object(
    {
      /** How many nights, the newest first; decimal digits. */
      limit: Type.Optional(Type.String({ pattern: '^[1-9][0-9]{0,2}$' })),
      /** Only nights whose id sorts before this one. */
      before: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    },
    { additionalProperties: false },
  ),
  response: {
    200: Type.Object({
      nights: Type.Array(
        Type.Object({
          day: Type.String(),
          /** Account class to the sum of its postings, in cents. */
          totalsCents: Type.Record(Type.String(), Type.Integer()),
          /** Event type to how many there were. */
          counts: Type.Record(Type.String(), Type.Integer()),
        }),
      ),
    }),
  },
};

const log = {
  params,
  response: {
    200: Type.Object({
      logId: Type.String(),
      state: Type.Union([Type.Literal('open'), Type.Literal('sealed')]),
      acked: Count,
      headHash: Type.String(),
      /** Events that the node has and the cloud has not, by what the node said last. */
      behind: Count,
      /** Events that are stored but not yet in the nights. */
      unprojected: Count,
      quarantined: Count,
    }),
  },
};

/** What came in from a club, for the administrator. */
export function clubRoutes(cloud: CloudCore): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get('/clubs/:clubId/nights', { schema: nights }, async ({ params: { clubId }, query }, reply) => {
      const limit = Math.min(Number(query.limit ?? limits.nightsDefault), limits.nightsMax);
      const found = await clubNights(cloud, clubOf(clubId), { limit, before: query.before ?? null });
      return found === null ? sendProblem(reply, 'club_unknown') : { nights: found };
    });
    app.get('/clubs/:clubId/log', { schema: log }, async ({ params: { clubId } }, reply) => {
      return (await clubLog(cloud, clubOf(clubId))) ?? sendProblem(reply, 'log_unknown');
    });
  };
}
