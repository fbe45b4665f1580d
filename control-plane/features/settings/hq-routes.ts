import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { sendProblem } from '../../http/problem.ts';
import { clubOf } from '../../public-id.ts';
import { listFields, setField } from './fields.ts';
import type { Settings } from './feed-log.ts';
import * as schemas from './hq-schemas.ts';
import { addNote, commandsOf, lift, putBlob, resetFeed, restrict, restrictionsOf, sendCommand } from './orders.ts';
import { editsAside } from './project-edits.ts';
import { decideReview, openReviews } from './reviews.ts';

const unknownClub = (reply: FastifyReply): FastifyReply => sendProblem(reply, 'club_unknown');

/** What headquarters sets for a club, until there are users of the cloud by the administrator. */
export function hqRoutes(cloud: Settings): FastifyPluginAsyncTypebox {
  return async (app) => {
    await app.register(fieldRoutes(cloud));
    await app.register(dancerRoutes(cloud));
    await app.register(boxRoutes(cloud));
  };
}

function fieldRoutes(cloud: Settings): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.put('/clubs/:clubId/shared-fields', { schema: schemas.setFieldRoute }, async ({ params, body }, reply) => {
      const { coll, id, field, baseFv, value, by } = body;
      const done = await setField(cloud, clubOf(params.clubId), { name: { coll, id, field }, baseFv, value, by });
      if (!done) return unknownClub(reply);
      if (done.ok) return { fv: done.fv, rev: done.rev, bothKept: done.bothKept };
      return done.refusal === 'overridden'
        ? sendProblem(reply, 'overridden')
        : sendProblem(reply, 'not_yours_to_set', done.refusal);
    });
    app.get('/clubs/:clubId/shared-fields', { schema: schemas.listFieldsRoute }, async ({ params, query }) => {
      const [id, field] = query.after?.split('/') ?? [];
      const after = id !== undefined && field !== undefined ? { id, field } : null;
      const found = await listFields(cloud, clubOf(params.clubId), { coll: query.coll, after });
      return { fields: found };
    });
    app.get('/clubs/:clubId/edits-aside', { schema: schemas.asideRoute }, async ({ params }) => ({
      edits: await editsAside(cloud, clubOf(params.clubId)),
    }));
    app.get('/clubs/:clubId/reviews', { schema: schemas.reviewsRoute }, async ({ params }) => ({
      reviews: await openReviews(cloud, clubOf(params.clubId)),
    }));
    app.post(
      '/clubs/:clubId/reviews/:review/decision',
      { schema: schemas.decideRoute },
      async ({ params: { clubId, review }, body }, reply) => {
        const done = await decideReview(cloud, clubOf(clubId), { review, ...body });
        if (done === null) return unknownClub(reply);
        return done === 'decided' ? { review } : sendProblem(reply, done);
      },
    );
  };
}

function dancerRoutes(cloud: Settings): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.post('/clubs/:clubId/restrictions', { schema: schemas.restrictRoute }, async ({ params, body }, reply) => {
      const done = await restrict(cloud, clubOf(params.clubId), body);
      return done === null ? unknownClub(reply) : reply.code(201).send(done);
    });
    app.get('/clubs/:clubId/restrictions', { schema: schemas.restrictionsRoute }, async ({ params, query }) => ({
      restrictions: await restrictionsOf(cloud, clubOf(params.clubId), query.dancer),
    }));
    app.post(
      '/clubs/:clubId/restrictions/:restriction/lift',
      { schema: schemas.liftRoute },
      async ({ params: { clubId, restriction }, body }, reply) => {
        const done = await lift(cloud, clubOf(clubId), { restriction, ...body });
        if (done === null) return unknownClub(reply);
        if (typeof done !== 'string') return done;
        return sendProblem(reply, done === 'restriction_lifted' ? done : 'restriction_unknown');
      },
    );
    app.post('/clubs/:clubId/notes', { schema: schemas.noteRoute }, async ({ params, body }, reply) => {
      const done = await addNote(cloud, clubOf(params.clubId), body);
      return done === null ? unknownClub(reply) : reply.code(201).send(done);
    });
  };
}

function boxRoutes(cloud: Settings): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.post('/clubs/:clubId/commands', { schema: schemas.commandRoute }, async ({ params, body }, reply) => {
      const done = await sendCommand(cloud, clubOf(params.clubId), body);
      return done === null ? unknownClub(reply) : reply.code(201).send(done);
    });
    app.get('/clubs/:clubId/commands', { schema: schemas.commandsRoute }, async ({ params }) => ({
      commands: await commandsOf(cloud, clubOf(params.clubId)),
    }));
    app.put(
      '/clubs/:clubId/blobs/:coll',
      { schema: schemas.blobRoute },
      async ({ params: { clubId, coll }, body: { ver, payload } }, reply) => {
        const done = await putBlob(cloud, clubOf(clubId), { coll, ver, payload });
        if (done === null) return unknownClub(reply);
        return typeof done === 'string' ? sendProblem(reply, done) : done;
      },
    );
    app.post('/clubs/:clubId/feed/reset', { schema: schemas.resetRoute }, async ({ params }, reply) =>
      (await resetFeed(cloud, clubOf(params.clubId))) ? ({ feed: 'reset' } as const) : unknownClub(reply),
    );
  };
}
