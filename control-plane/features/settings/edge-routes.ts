import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { Static, TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { FEED_STATUS, FeedRequest, SnapshotRequest, type FeedAnswer } from '#shared/contract/feed.ts';
import { UPLINK_PATHS } from '#shared/contract/uplink.ts';
import { limits } from '../../limits.ts';
import { signedBy, type Caller } from '../../node-auth/signed-request.ts';
import type { Settings } from './feed-log.ts';
import { follow } from './follow.ts';
import { snapshot } from './snapshot.ts';

const feedBody = Compile(FeedRequest);
const snapshotBody = Compile(SnapshotRequest);

/** What nodes ask of the feed. Bodies stay bytes until the signature over them is verified. */
export function feedRoutes(cloud: Settings): FastifyPluginAsync {
  return async (app) => {
    keepBodiesAsBytes(app);
    const stopping = new AbortController();
    // Those who wait are answered first, or a stop would wait for them.
    app.addHook('preClose', async () => {
      stopping.abort();
      cloud.bell.close();
    });
    const options = { schema: { hide: true }, bodyLimit: limits.edgeJsonBytesMax };
    app.post(UPLINK_PATHS.feed, options, async (request, reply) => {
      const gone = AbortSignal.any([stopping.signal, leaving(reply)]);
      const said = await answer(cloud, request, feedBody, (caller, body) => follow(cloud, caller, body, gone));
      // A connection that goes idle after the stop began would hold it up until it times out.
      if (stopping.signal.aborted) reply.header('connection', 'close');
      return send(reply, said);
    });
    app.post(UPLINK_PATHS.snapshot, options, async (request, reply) =>
      send(reply, await answer(cloud, request, snapshotBody, (caller, body) => snapshot(cloud, caller, body))),
    );
  };
}

function keepBodiesAsBytes(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
}

/** Tells when the asker hung up, or has the answer. */
function leaving({ raw }: FastifyReply): AbortSignal {
  const left = new AbortController();
  raw.once('close', () => left.abort());
  return left.signal;
}

async function answer<T extends TSchema>(
  cloud: Settings,
  request: FastifyRequest,
  schema: Validator<Record<never, never>, T>,
  act: (caller: Caller, body: Static<T>) => Promise<FeedAnswer>,
): Promise<FeedAnswer> {
  const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  await cloud.lookAtEpoch();
  const caller = await signedBy(cloud, request, bytes);
  if (typeof caller === 'string') return { s: caller };
  if (caller.isReplaced) return { s: 'fenced' };
  const body = parsed(bytes);
  return schema.Check(body) ? act(caller, body) : { s: 'bad_batch', why: 'request_invalid' };
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function send(reply: FastifyReply, said: FeedAnswer): FastifyReply {
  if (said.s === 'slow') reply.header('retry-after', Math.ceil(said.retryMs / 1000));
  return reply.code(FEED_STATUS[said.s]).send(said);
}
