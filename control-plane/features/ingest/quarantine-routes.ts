import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type, type TSchema } from 'typebox';
import type { CloudCore } from '../../cloud.ts';
import { sendProblem } from '../../http/problem.ts';
import { CLUB_ID_PATTERN, clubOf } from '../../public-id.ts';
import { clubQuarantine, decide, type Verdict } from './quarantine.ts';

const closed = { additionalProperties: false };
const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const params = Type.Object({ clubId: Type.String({ pattern: CLUB_ID_PATTERN }) }, closed);
const LogId = Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' });
const Seq = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });
const held = { log: LogId, seq: Seq, aggregate: orNull(Type.String()), reason: Type.String() };

const list = {
  params,
  querystring: Type.Object(
    {
      /** What nobody decided about yet, where this is not given. */
      state: Type.Optional(Type.Union([Type.Literal('held'), Type.Literal('released'), Type.Literal('dropped')])),
      /** `<log>:<seq>`, the last of the page before. */
      after: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}:[1-9][0-9]{0,14}$' })),
    },
    closed,
  ),
  response: {
    200: Type.Object({
      events: Type.Array(
        Type.Object({
          ...held,
          foundAt: Type.String(),
          why: orNull(Type.String()),
          decidedAt: orNull(Type.String()),
          line: Type.String(),
        }),
      ),
    }),
  },
};

const decision = {
  params,
  body: Type.Object(
    {
      log: LogId,
      seq: Seq,
      why: Type.String({ minLength: 1, maxLength: 500, pattern: '^[^\\u0000]*\\S[^\\u0000]*$' }),
    },
    closed,
  ),
  /** What of the same thing still waits, in order. */
  response: { 200: Type.Object({ held: Type.Array(Type.Object(held)) }) },
};

/** Events that the nights could not count, for a person to decide about. */
export function quarantineRoutes(cloud: CloudCore): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get('/clubs/:clubId/quarantine', { schema: list }, async ({ params: { clubId }, query }, reply) => {
      const [log, seq] = query.after?.split(':') ?? [];
      const after = log === undefined ? null : { log, seq: Number(seq) };
      const events = await clubQuarantine(cloud, clubOf(clubId), { state: query.state ?? 'held', after });
      return events === null ? sendProblem(reply, 'club_unknown') : { events };
    });
    const judge = (how: Verdict['how']): void => {
      app.post(
        `/clubs/:clubId/quarantine/${how}`,
        { schema: decision },
        async ({ params: { clubId }, body }, reply) => {
          const left = await decide(cloud, clubOf(clubId), { ...body, how });
          return typeof left === 'string' ? sendProblem(reply, left) : { held: [...left] };
        },
      );
    };
    judge('release');
    judge('drop');
  };
}
