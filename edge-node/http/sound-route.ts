import { closeSync, createReadStream, fstatSync, openSync } from 'node:fs';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { CopyKind } from '#shared/domain/track-events.ts';
import type { Edge } from '../edge.ts';
import type { Music } from '../music/music.ts';
import { reader } from './reading.ts';

const tags = ['music'];
const Track = { type: 'string', pattern: '^[0-9a-f]{64}$' } as const;
export const ofTrack = { type: 'object', properties: { track: Track } } as const;

/** What a deck plays. */
export function soundRoute(app: FastifyInstance, edge: Edge, music: Music): void {
  const as = reader(edge);
  app.get(
    '/api/v1/tracks/:track/audio',
    {
      schema: {
        tags,
        summary: 'Its sound as it is played (AAC or FLAC, as the club wants); parts of it by Range',
        params: ofTrack,
      },
    },
    as((_who, request, reply) => {
      const { track } = request.params as { readonly track: string };
      // Between the two looks it may have been made again as the other kind.
      const copy = music.shelf.track(track) && (openCopy(music, track) ?? openCopy(music, track));
      return copy ? sendSound(request, reply, copy) : null;
    }),
  );
}

const RANGE = /^bytes=(\d*)-(\d*)$/;

type OpenCopy = { readonly handle: number; readonly kind: CopyKind };

/** Opened before anything is said of it, as another one may take its place at any moment. */
function openCopy(music: Music, track: string): OpenCopy | null {
  const copy = music.copyOf(track);
  if (copy === null) return null;
  try {
    return { handle: openSync(copy.file, 'r'), kind: copy.kind };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

/**
 * One range of the file, as RFC 9110 section 14 has it; Safari asks for two bytes first. A copy that was made again is another one
 * under the same address, so a browser asks whether what it keeps is still it, and gets no part of two.
 */
function sendSound(request: FastifyRequest, reply: FastifyReply, { handle, kind }: OpenCopy): FastifyReply {
  const { size, mtimeMs } = fstatSync(handle);
  const etag = `"${size.toString(36)}-${mtimeMs.toString(36)}"`;
  void reply.headers({ 'accept-ranges': 'bytes', 'cache-control': 'private, no-cache', etag });
  if (request.headers['if-none-match'] === etag) {
    closeSync(handle);
    return reply.code(304).send();
  }
  void reply.type(kind === 'flac' ? 'audio/flac' : 'audio/mp4');
  const condition = request.headers['if-range'];
  const range = RANGE.exec((condition === undefined || condition === etag ? request.headers.range : null) ?? '');
  const [, first = '', last = ''] = range ?? [];
  if (!range || (first === '' && last === ''))
    return reply.header('content-length', size).send(createReadStream('', { fd: handle }));
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(size - 1, Number(last));
  if (start > end) {
    closeSync(handle);
    return reply.code(416).header('content-range', `bytes */${size}`).type('text/plain').send('No such part.');
  }
  void reply.code(206).headers({ 'content-range': `bytes ${start}-${end}/${size}`, 'content-length': end - start + 1 });
  return reply.send(createReadStream('', { fd: handle, start, end }));
}
