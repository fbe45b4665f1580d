import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { MUSIC_SHOWN, type MusicShown, type TrackRow } from '#shared/contract/music-api.ts';
import type { Edge } from '../edge.ts';
import { limits } from '../limits.ts';
import type { Music } from '../music/music.ts';
import { readIfThere } from '../whole-file.ts';
import { reader } from './reading.ts';
import { sendProblem } from './problems.ts';
import { ofTrack, soundRoute } from './sound-route.ts';

const tags = ['music'];
const asked = {
  type: 'object',
  properties: {
    q: { type: 'string', maxLength: 200 },
    limit: { type: 'string', pattern: '^[1-9][0-9]{0,2}$' },
  },
} as const;
const filesAsked = {
  type: 'object',
  properties: {
    outcome: { type: 'string', enum: MUSIC_SHOWN },
    skip: { type: 'string', pattern: '^[0-9]{1,4}$' },
  },
} as const;
const LIMIT = 50;
const OCTETS = 'application/octet-stream';

/** The library: what may be played, what came of files, and their sound. */
export async function musicRoutes(app: FastifyInstance, edge: Edge, music: Music): Promise<void> {
  const as = reader(edge);
  const { shelf, home } = music;
  const trackOf = (request: FastifyRequest): TrackRow | null =>
    shelf.track((request.params as { readonly track: string }).track) ?? null;
  app.get(
    '/api/v1/tracks',
    { schema: { tags, summary: 'Tracks with these words, best first; without any, by title', querystring: asked } },
    as((_who, request) => {
      const { q = '', limit = LIMIT } = request.query as { readonly q?: string; readonly limit?: string };
      return shelf.search(q, Number(limit));
    }),
  );
  app.get(
    '/api/v1/tracks/:track',
    { schema: { tags, summary: 'A track', params: ofTrack } },
    as((_who, request) => trackOf(request)),
  );
  soundRoute(app, edge, music);
  app.get(
    '/api/v1/tracks/:track/peaks',
    { schema: { tags, summary: 'Lowest and highest of each fiftieth of a second, signed bytes', params: ofTrack } },
    as((_who, request, reply) => {
      const row = trackOf(request);
      const peaks = row && readIfThere(home.peaks(row.track));
      return peaks && reply.type(OCTETS).send(peaks);
    }),
  );
  app.get(
    '/api/v1/tracks/:track/original',
    { schema: { tags, summary: 'The file as it came', params: ofTrack } },
    as((_who, request, reply) => {
      const row = trackOf(request);
      if (!row) return null;
      const headers = {
        'content-disposition': `attachment; filename="${row.track}"`,
        'x-content-type-options': 'nosniff',
      };
      return reply
        .headers(headers)
        .type(OCTETS)
        .send(createReadStream(home.original(row.track)));
    }),
  );
  statusRoute(app, edge, music);
  await app.register(async (routes) => uploadRoute(routes, edge, music));
}

function statusRoute(app: FastifyInstance, edge: Edge, music: Music): void {
  const as = reader(edge);
  app.get(
    '/api/v1/music',
    {
      schema: {
        tags,
        summary: 'How taking in stands; of files that were refused or want a look 200, the newest first',
        querystring: filesAsked,
      },
    },
    as((_who, request) => {
      const { outcome = null, skip = '0' } = request.query as { readonly outcome?: MusicShown; readonly skip?: string };
      return music.status({ outcome, skip: Number(skip) });
    }),
  );
}

function uploadRoute(app: FastifyInstance, edge: Edge, music: Music): void {
  const as = reader(edge);
  app.addContentTypeParser(OCTETS, (_request, payload, done) => done(null, payload));
  app.post(
    '/api/v1/music/uploads',
    {
      schema: {
        tags,
        summary: 'Takes a file in; GET /music tells what came of it',
        consumes: [OCTETS],
        querystring: {
          type: 'object',
          required: ['name'],
          properties: { name: { type: 'string', minLength: 1, maxLength: 200 } },
        },
      },
    },
    as(async (_who, request, reply) => {
      const name = path.basename((request.query as { readonly name: string }).name.replaceAll('\\', '/'));
      const source = request.body as Readable | undefined;
      if (!source || typeof source.pipe !== 'function' || /^\.*$/.test(name) || name.includes('\0'))
        return sendProblem(reply, 'body_invalid');
      const folder = music.uploadFolder(randomUUID());
      try {
        mkdirSync(folder, { mode: 0o700 });
        await pipeline(source, bounded, createWriteStream(path.join(folder, name), { flags: 'wx', mode: 0o600 }));
      } catch (error) {
        rmSync(folder, { recursive: true, force: true });
        if (error === TOO_LARGE) return sendProblem(reply, 'body_too_large');
        if (error instanceof Error && 'code' in error && error.code === 'ENOSPC')
          return sendProblem(reply, 'disk_full');
        throw error;
      }
      music.take(path.join(folder, name));
      return { file: name };
    }),
  );
}

const TOO_LARGE = new Error('too large');

async function* bounded(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const part of source) {
    bytes += part.length;
    if (bytes > limits.musicBytesMax) throw TOO_LARGE;
    yield part;
  }
}
