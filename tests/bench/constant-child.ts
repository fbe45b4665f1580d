import { randomUUID } from 'node:crypto';
import fastify, { LogController } from 'fastify';
import { COMMAND_ROUTES } from '#shared/contract/api.ts';
import { limits } from '../../edge-node/limits.ts';
import { cpuUs, serve } from './child.ts';

/** The limit of the server itself: the node's own Fastify options and the same checks of one command, and an answer that costs nothing. */
const app = fastify({
  logger: false,
  logController: new LogController({ disableRequestLogging: true }),
  bodyLimit: limits.bodyBytesMax,
  forceCloseConnections: true,
  ajv: { customOptions: { removeAdditional: false, coerceTypes: false, useDefaults: false } },
});
const id = { type: 'string', minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9_-]+$' };
const schema = {
  params: { type: 'object', properties: { entry: id } },
  body: COMMAND_ROUTES['rotation.call'].body,
  response: {
    200: { type: 'object', properties: { from: { type: 'integer' }, to: { type: 'integer' }, id: { type: 'string' } } },
  },
};
const answer = { from: 12_345, to: 12_345, id: randomUUID() };
app.post(`/api/v1${COMMAND_ROUTES['rotation.call'].path}`, { schema }, async () => answer);
const url = await app.listen({ host: '127.0.0.1', port: 0 });

const tasks = {
  tablets: (count: number) => ({
    url,
    tokens: Array.from({ length: count }, () => randomUUID()),
    paths: Array.from({ length: 46 }, () => `/api/v1/rotation-entries/${randomUUID()}/call`),
  }),
  cpuUs,
};
export type ConstantTasks = typeof tasks;

serve(tasks, async () => app.close());
