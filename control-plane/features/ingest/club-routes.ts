import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type, type TSchema } from 'typebox';
import type { CloudCore } from '../../cloud.ts';
import { sendProblem } from '../../http/problem.ts';
import { limits } from '../../limits.ts';
import { CLUB_ID_PATTERN, clubOf } from '../../public-id.ts';
import { clubAlerts, closeAlert } from './alerts.ts';
import { clubStatus } from './box-status.ts';
import { clubLog, clubNights } from './club-queries.ts';
import { exportHistory } from './export.ts';

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
      state: Type.Union([Type.Literal('open'), Type.Literal('sealed'), Type.Literal('salvage')]),
      acked: Count,
      headHash: Type.String(),
      /** Events that the node has and the cloud has not, by what the node said last. */
      behind: Count,
      /** Events that are stored but not yet in the nights. */
      unprojected: Count,
      /** Events of the club, in whichever of its logs, that nobody decided about yet. */
      quarantined: Count,
      /** Ends of replaced boxes' logs lie beside the mainline, and the live box has not carried them yet. */
      salvageWaits: Type.Boolean(),
    }),
  },
};

const Why = Type.String({ minLength: 1, maxLength: 500, pattern: '^[^\\u0000]*$' });
const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const status = {
  params,
  response: {
    200: Type.Object({
      version: Type.String(),
      logId: Type.String(),
      /** The box's last event, by its newest word. */
      head: Count,
      waiting: Count,
      oldestMs: orNull(Count),
      secondCopy: Type.String(),
      toldAt: Type.String(),
      /** Where the cloud stands with the club's last log; null before there is one. */
      log: orNull(log.response[200]),
    }),
  },
};
const alerts = {
  params,
  response: {
    200: Type.Object({
      alerts: Type.Array(
        Type.Object({
          id: Type.Integer(),
          kind: Type.String(),
          about: Type.String(),
          detail: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
          raisedAt: Type.String(),
          closedAt: orNull(Type.String()),
          closedWhy: orNull(Type.String()),
        }),
      ),
    }),
  },
};
const closing = {
  params: Type.Object(
    { clubId: Type.String({ pattern: CLUB_ID_PATTERN }), id: Type.String({ pattern: '^[1-9][0-9]{0,8}$' }) },
    { additionalProperties: false },
  ),
  body: Type.Object({ why: Why }, { additionalProperties: false }),
  response: { 204: Type.Null() },
};
const restored = {
  body: Type.Object({ why: Why }, { additionalProperties: false }),
  response: { 200: Type.Object({ epoch: Type.Integer() }) },
};

/** What operators look at and say. */
export function fleetRoutes(cloud: CloudCore): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get('/clubs/:clubId/status', { schema: status }, async ({ params: { clubId } }, reply) => {
      const status = await clubStatus(cloud, clubOf(clubId));
      if (status === null) return sendProblem(reply, 'box_silent');
      return { ...status, log: (await clubLog(cloud, clubOf(clubId))) ?? null };
    });
    app.get('/clubs/:clubId/alerts', { schema: alerts }, async ({ params: { clubId } }, reply) => {
      const found = await clubAlerts(cloud, clubOf(clubId));
      return found === null ? sendProblem(reply, 'club_unknown') : { alerts: found };
    });
    app.post(
      '/clubs/:clubId/alerts/:id/close',
      { schema: closing },
      async ({ params: { clubId, id }, body }, reply) => {
        const closed = await closeAlert(cloud, clubOf(clubId), { id: Number(id), why: body.why });
        return closed ? reply.code(204).send(null) : sendProblem(reply, 'alert_unknown');
      },
    );
    app.post('/cloud/restored', { schema: restored }, async ({ body }) => ({
      epoch: await cloud.raiseEpoch(body.why),
    }));
  };
}

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
    app.get('/clubs/:clubId/history', { schema: { params } }, async ({ params: { clubId } }, reply) => {
      const found = await exportHistory(cloud, clubOf(clubId));
      return found === null ? sendProblem(reply, 'log_unknown') : reply.type('application/x-ndjson').send(found);
    });
  };
}
