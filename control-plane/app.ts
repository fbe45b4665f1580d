import swagger from '@fastify/swagger';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify, { type FastifyPluginAsync } from 'fastify';
import { Pool } from 'pg';
import { UPLINK_HEADERS } from '#shared/contract/uplink.ts';
import type { Cloud, CloudCore, CloudDeps } from './cloud.ts';
import { migrate } from './db/migrate.ts';
import { openDatabase } from './db/open.ts';
import { enrolmentCodeRoutes, enrolRoutes } from './features/enrolment/routes.ts';
import { clubRoutes, fleetRoutes } from './features/ingest/club-routes.ts';
import { edgeRoutes } from './features/ingest/edge-routes.ts';
import { projectBehind } from './features/ingest/projector.ts';
import { quarantineRoutes } from './features/ingest/quarantine-routes.ts';
import { openSettings } from './features/settings/open.ts';
import { tenantRoutes } from './features/tenants/routes.ts';
import { adminOnly } from './http/admin-only.ts';
import { answerErrors } from './http/errors.ts';
import { healthRoutes } from './http/health.ts';
import { limits } from './limits.ts';
import { keepEpoch } from './node-auth/epoch.ts';
import { keepCloudKeys } from './node-auth/keys.ts';
import { freshNonce } from './node-auth/nonce.ts';

export { startEmbeddedPostgres } from './db/embedded-postgres.ts';
export { verifyBatch } from './features/ingest/verify.ts';

/** Puts a control plane together on a database, which is migrated first. Listens nowhere: that is its caller's. */
export async function buildCloud(deps: CloudDeps): Promise<Cloud> {
  const { database } = deps;
  const borrowed = database instanceof Pool;
  const pool = borrowed ? database : await openDatabase(database);
  if (borrowed) await migrate(pool);
  const { clock, random, verifyBatch, adminToken, logger } = deps;
  const { epoch: first, ...keys } = await keepCloudKeys(pool, deps);
  const epoch = keepEpoch(pool, clock, first);
  const cloud: CloudCore = {
    pool,
    clock,
    random,
    verifyBatch,
    adminToken,
    ...keys,
    get epoch() {
      return epoch.now();
    },
    lookAtEpoch: epoch.look,
    raiseEpoch: epoch.raise,
  };
  const app = newApp(logger);
  answerErrors(app);
  app.addHook('onRequest', async (_request, reply) => {
    reply.header(UPLINK_HEADERS.nonce, freshNonce(cloud.nonceSecret, clock()));
  });
  await app.register(swagger, {
    openapi: { openapi: '3.1.0', info: { title: 'ClubOps control plane', version: '1' } },
  });
  healthRoutes(app, pool);
  app.get('/.well-known/jwks.json', { schema: { hide: true } }, () => ({
    keys: cloud.receiptKey.publicKeys.map((key) => ({ ...key, alg: 'EdDSA', use: 'sig' })),
  }));
  await app.register(enrolRoutes(cloud));
  await app.register(edgeRoutes(cloud));
  const settings = openSettings(cloud);
  await app.register(settings.forBoxes);
  await app.register(adminRoutes(cloud, settings.forHq), { prefix: '/api/v1' });
  await app.ready();
  return {
    app,
    pool,
    project: async () => (await projectBehind(cloud)) + (await settings.project()),
    close: async () => {
      await app.close();
      if (!borrowed) await pool.end();
    },
  };
}

/** Unknown fields are refused, not dropped, and nothing is coerced: what was meant is what was sent. */
function newApp(logger: boolean) {
  return fastify({
    logger,
    bodyLimit: limits.apiJsonBytesMax,
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false } },
    forceCloseConnections: 'idle',
  }).withTypeProvider<TypeBoxTypeProvider>();
}

function adminRoutes(cloud: CloudCore, forHq: FastifyPluginAsync) {
  return async (app: ReturnType<typeof newApp>) => {
    app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
    await app.register(async (admin) => {
      admin.addHook('onRequest', adminOnly(cloud.adminToken));
      await admin.register(tenantRoutes(cloud));
      await admin.register(enrolmentCodeRoutes(cloud));
      await admin.register(clubRoutes(cloud));
      await admin.register(forHq);
      await admin.register(fleetRoutes(cloud));
      await admin.register(quarantineRoutes(cloud));
    });
  };
}
