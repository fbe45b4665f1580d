import type { FastifyError, FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { Static, TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import {
  HelloRequest,
  OpenLogRequest,
  UPLINK_PATHS,
  UPLINK_STATUS,
  type UplinkAnswer,
} from '#shared/contract/uplink.ts';
import type { CloudCore } from '../../cloud.ts';
import { limits } from '../../limits.ts';
import { signedBy, type Caller } from '../../node-auth/signed-request.ts';
import { hello, openLog } from './open-log.ts';
import { push } from './push.ts';

const openLogBody = Compile(OpenLogRequest);
const helloBody = Compile(HelloRequest);
const NDJSON = 'application/x-ndjson';
const bytesMax = limits.pushBytesMax + limits.pushHeaderBytesMax;

type LogRequest = FastifyRequest<{ Params: { logId: string } }>;

/** What nodes ask. Bodies stay bytes until the signature over them is verified, and only then are looked at. */
export function edgeRoutes(cloud: CloudCore): FastifyPluginAsync {
  return async (app) => {
    keepBodiesAsBytes(app);
    app.setErrorHandler<FastifyError>(answerError);
    const hidden = { schema: { hide: true } };
    const json = { ...hidden, bodyLimit: limits.edgeJsonBytesMax };

    app.post(UPLINK_PATHS.logs, json, async (request, reply) => {
      const answer = await asCaller(cloud, request, (caller) =>
        withJson(openLogBody, request, (body) => openLog(cloud, caller, body)),
      );
      return send(reply, answer);
    });
    app.post(UPLINK_PATHS.hello(':logId'), json, async (request: LogRequest, reply) => {
      const { logId } = request.params;
      const answer = await asCaller(cloud, request, (caller) =>
        withJson(helloBody, request, (body) => hello(cloud, caller, { ...body, logId })),
      );
      return send(reply, answer);
    });
    app.post(UPLINK_PATHS.events(':logId'), { ...hidden, bodyLimit: bytesMax }, async (request: LogRequest, reply) => {
      const { logId } = request.params;
      const encoding = request.headers['content-encoding'] ?? 'identity';
      const ndjson = request.headers['content-type']?.startsWith(NDJSON) === true;
      const answer = await asCaller(cloud, request, async (caller) =>
        ndjson
          ? push(cloud, caller, { logId, body: bodyOf(request), encoding })
          : { s: 'bad_batch', why: 'not_ndjson' },
      );
      return send(reply, answer);
    });
  };
}

function keepBodiesAsBytes(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(['application/json', NDJSON], { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  );
}

const bodyOf = ({ body }: FastifyRequest): Buffer => (Buffer.isBuffer(body) ? body : Buffer.alloc(0));

async function asCaller(
  cloud: CloudCore,
  request: FastifyRequest,
  act: (caller: Caller) => Promise<UplinkAnswer>,
): Promise<UplinkAnswer> {
  const caller = await signedBy(cloud, request, bodyOf(request));
  return typeof caller === 'string' ? { s: caller } : act(caller);
}

async function withJson<T extends TSchema>(
  schema: Validator<Record<never, never>, T>,
  request: FastifyRequest,
  act: (body: Static<T>) => Promise<UplinkAnswer>,
): Promise<UplinkAnswer> {
  try {
    const value: unknown = JSON.parse(bodyOf(request).toString('utf8'));
    return schema.Check(value) ? await act(value) : { s: 'bad_batch', why: 'request_invalid' };
  } catch (error) {
    if (error instanceof SyntaxError) return { s: 'bad_batch', why: 'request_invalid' };
    throw error;
  }
}

function send(reply: FastifyReply, answer: UplinkAnswer): FastifyReply {
  if (answer.s === 'slow') reply.header('retry-after', Math.ceil(answer.retryMs / 1000));
  return reply.code(UPLINK_STATUS[answer.s]).send(answer);
}

function answerError(error: FastifyError, _request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return send(reply, { s: 'too_large', maxBytes: limits.pushBytesMax, maxEvents: limits.pushEventsMax });
  }
  // Everything else is for the handler of the whole program.
  throw error;
}
