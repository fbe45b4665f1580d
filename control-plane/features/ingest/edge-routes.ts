import type {
  FastifyError,
  FastifyInstance,
  FastifyPluginAsync,
  FastifyReply,
  FastifyRequest,
  RouteShorthandOptions,
} from 'fastify';
import type { Static, TSchema } from 'typebox';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { Compile, type Validator } from 'typebox/compile';
import {
  HashesRequest,
  HelloRequest,
  KeysRequest,
  LinesRequest,
  MainlineRequest,
  OpenLogRequest,
  SalvagedRequest,
  UPLINK_PATHS,
  UPLINK_STATUS,
  type UplinkAnswer,
} from '#shared/contract/uplink.ts';
import type { CloudCore } from '../../cloud.ts';
import { limits } from '../../limits.ts';
import { signedBy, type Caller } from '../../node-auth/signed-request.ts';
import { overloaded } from './answers.ts';
import { hashes, lines, mainline } from './history.ts';
import { hello } from './hello.ts';
import { openLog } from './open-log.ts';
import { push } from './push.ts';
import { salvaged } from './salvage.ts';
import { keys } from './sealed-keys.ts';

const openLogBody = Compile(OpenLogRequest);
const helloBody = Compile(HelloRequest);
const mainlineBody = Compile(MainlineRequest);
const hashesBody = Compile(HashesRequest);
const linesBody = Compile(LinesRequest);
const salvagedBody = Compile(SalvagedRequest);
const keysBody = Compile(KeysRequest);
const zip = promisify(gzip);
/** An answer below this is sent as it is. */
const ZIP_BYTES_MIN = 2_048;
const LOG_ID = /^[A-Za-z0-9_-]{1,64}$/;
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
    historyRoutes(app, cloud, json);
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

/** The club's history, for a box that lacks some of it. */
function historyRoutes(app: FastifyInstance, cloud: CloudCore, options: RouteShorthandOptions): void {
  const ask = <T extends TSchema>(
    path: string,
    schema: Validator<Record<never, never>, T>,
    act: (caller: Caller, body: Static<T>, logId: string) => Promise<UplinkAnswer>,
  ): void => {
    const bodyLimit = path === UPLINK_PATHS.keys ? limits.keysBytesMax : limits.edgeJsonBytesMax;
    app.post(path, { ...options, bodyLimit }, async (request, reply) => {
      const { logId = '' } = request.params as { readonly logId?: string };
      const answer = await asCaller(cloud, request, (caller) =>
        withJson(schema, request, (body) => act(caller, body, logId)),
      );
      return sendZipped(reply, answer);
    });
  };
  ask(UPLINK_PATHS.mainline, mainlineBody, (caller, body) => mainline(cloud, caller, body));
  ask(UPLINK_PATHS.hashes(':logId'), hashesBody, (caller, body, logId) => hashes(cloud, caller, { ...body, logId }));
  ask(UPLINK_PATHS.lines(':logId'), linesBody, (caller, body, logId) => lines(cloud, caller, { ...body, logId }));
  ask(UPLINK_PATHS.salvaged, salvagedBody, (caller, body) => salvaged(cloud, caller, body));
  ask(UPLINK_PATHS.keys, keysBody, (caller, body) => keys(cloud, caller, body));
}

async function sendZipped(reply: FastifyReply, answer: UplinkAnswer): Promise<FastifyReply> {
  const text = JSON.stringify(answer);
  if (text.length < ZIP_BYTES_MIN) return send(reply, answer);
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
  return reply
    .code(UPLINK_STATUS[answer.s])
    .headers(headers)
    .send(await zip(text));
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
  const busy = overloaded(cloud);
  if (busy) return busy;
  const { logId = 'none' } = request.params as { readonly logId?: string };
  if (!LOG_ID.test(logId)) return { s: 'bad_batch', why: 'log_id_invalid' };
  await cloud.lookAtEpoch();
  const caller = await signedBy(cloud, request, bodyOf(request));
  return typeof caller === 'string' ? { s: caller } : act(caller);
}

async function withJson<T extends TSchema>(
  schema: Validator<Record<never, never>, T>,
  request: FastifyRequest,
  act: (body: Static<T>) => Promise<UplinkAnswer>,
): Promise<UplinkAnswer> {
  try {
    const text = bodyOf(request).toString('utf8');
    const value: unknown = JSON.parse(text);
    // PostgreSQL's text holds no NUL, in whichever field it comes.
    const fits = schema.Check(value) && !text.includes('\\u0000');
    return fits ? await act(value) : { s: 'bad_batch', why: 'request_invalid' };
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
