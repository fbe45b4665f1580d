import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ImageOf } from '#shared/domain/image.ts';
import type { Edge } from '../edge.ts';
import { limits } from '../limits.ts';
import { IDEMPOTENCY_KEY } from './command-routes.ts';
import { sendProblem } from './problems.ts';
import { actorOf } from './reading.ts';

const ID = { type: 'string', minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9_-]+$' } as const;
const params = (name: string) => ({ type: 'object', properties: { [name]: ID } });

/** Photos and copies of papers: sent as they are, kept sealed, and shown to few, each time with a line in the log. */
export async function imageRoutes(app: FastifyInstance, edge: Edge): Promise<void> {
  await app.register(async (routes) => {
    const types = ['image/jpeg', 'image/png', 'image/webp'];
    routes.addContentTypeParser(types, { parseAs: 'buffer', bodyLimit: limits.imageBytesMax }, (_of, body, done) =>
      done(null, body),
    );
    const consumes = types;
    const summaryOf = (what: string) => `Keeps ${what}, sealed, sent as JPEG, PNG or WebP`;
    routes.post(
      '/api/v1/dancers/:dancer/photo',
      {
        bodyLimit: limits.imageBytesMax,
        schema: { tags: ['images'], summary: summaryOf('a photo of hers'), consumes, params: params('dancer') },
      },
      async (request, reply) => {
        const { dancer } = request.params as { readonly dancer: string };
        return attach(edge, { request, reply, of: { dancer, credential: null } });
      },
    );
    routes.post(
      '/api/v1/credentials/:credential/image',
      {
        bodyLimit: limits.imageBytesMax,
        schema: { tags: ['images'], summary: summaryOf('a copy of a paper'), consumes, params: params('credential') },
      },
      async (request, reply) => {
        const { credential } = request.params as { readonly credential: string };
        const dancer = edge.reads.dancers.credential(credential)?.dancer ?? '';
        return attach(edge, { request, reply, of: { dancer, credential } });
      },
    );
  });
  app.get(
    '/api/v1/images/:image',
    { schema: { tags: ['images'], summary: 'An image; who looks at it is written down', params: params('image') } },
    async (request, reply) => {
      const actor = actorOf(edge, request);
      const opened = await edge.images.open((request.params as { readonly image: string }).image, actor);
      if (typeof opened === 'string') return sendProblem(reply, opened);
      return reply.type(opened.type).send(opened.bytes);
    },
  );
}

type Sent = { readonly request: FastifyRequest; readonly reply: FastifyReply; readonly of: ImageOf };

async function attach(edge: Edge, { request, reply, of }: Sent) {
  const key = request.headers['idempotency-key'];
  if (typeof key !== 'string' || !IDEMPOTENCY_KEY.test(key)) return sendProblem(reply, 'key_missing');
  if (!Buffer.isBuffer(request.body)) return sendProblem(reply, 'image_invalid');
  const actor = actorOf(edge, request);
  const answer = await edge.images.attach(of, request.body, { key: key.toLowerCase(), actor });
  return typeof answer === 'string' ? sendProblem(reply, answer) : answer;
}
