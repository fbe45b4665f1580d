import type { Server } from 'node:http';
import path from 'node:path';
import swagger from '@fastify/swagger';
import fastify, { LogController, type FastifyError, type FastifyInstance } from 'fastify';
import { openBooth, type Booth } from './booth/booth.ts';
import { openChoosing } from './booth/choose.ts';
import { concernsBooth } from './booth/facts.ts';
import { CHECKS } from './checks.ts';
import { openCloudSide, type CloudSide } from './cloud-side.ts';
import type { Edge } from './edge.ts';
import { nodeActor } from './give.ts';
import { boothRoutes } from './http/booth-routes.ts';
import { boxRoutes } from './http/box-routes.ts';
import { cashRoutes } from './http/cash-routes.ts';
import { commandRoutes } from './http/command-routes.ts';
import { musicRoutes } from './http/music-routes.ts';
import { imageRoutes } from './http/image-routes.ts';
import { guard, isOurs, waitForHistory } from './http/guard.ts';
import { sendProblem } from './http/problems.ts';
import { inspectionRoutes } from './http/inspection-routes.ts';
import { trackRoutes } from './http/track-routes.ts';
import { deskRoutes } from './http/desk-routes.ts';
import { onboardingRoutes } from './http/onboarding-routes.ts';
import { enforceRights } from './http/rights.ts';
import { policyRoutes } from './http/policy-routes.ts';
import { readRoutes } from './http/read-routes.ts';
import { scheduleRoutes } from './http/schedule-routes.ts';
import { statementRoutes } from './http/statement-routes.ts';
import { rosterRoutes } from './http/roster-routes.ts';
import { roomRoutes } from './http/room-routes.ts';
import { rotationRoutes } from './http/rotation-routes.ts';
import { safetyRoutes } from './http/safety-routes.ts';
import { signInRoutes } from './http/sign-in-routes.ts';
import { yearRoutes } from './http/year-routes.ts';
import { webRoutes } from './http/web-routes.ts';
import { limits } from './limits.ts';
import { liveSockets } from './live/socket.ts';
import { isFull } from './log/command-queue.ts';
import { openMusic, type Music } from './music/music.ts';
import { editedRow } from './music/edited-row.ts';
import { openShelf } from './music/shelf.ts';
import { openEdge, VERSION, type EdgeParts } from './open-edge.ts';
import type { NodeKey } from './sync/node-identity.ts';
import type { ReceiptKeys } from './sync/receipts.ts';

export type NodeParts = Omit<EdgeParts, 'cloud' | 'committed' | 'node' | 'broken' | 'checks'> & {
  readonly key: NodeKey;
  readonly nodeId: string;
  /** Where the cloud is; null for a club without one. */
  readonly cloudUrl: string | null;
  /** The club's name there; null where it is not enrolled, and nothing comes down. */
  readonly clubId: string | null;
  /** By which that cloud signs; empty where none are known. */
  readonly receiptKeys: ReceiptKeys;
  /** Names by which tablets may call the node. */
  readonly hosts: readonly string[];
  readonly logLevel: 'silent' | 'warn' | 'info';
  readonly music: MusicPlace;
};
/** The library's folder, the watched one (null for none), and what tools are looked for by. */
export type MusicPlace = {
  readonly home: string;
  readonly folder: string | null;
  readonly runtime: string;
  readonly env: Readonly<Record<string, string | undefined>>;
};
export type EdgeNode = {
  readonly app: FastifyInstance;
  readonly edge: Edge;
  readonly music: Music;
  readonly close: () => Promise<void>;
};

/** What is opened later than those who need it. */
type Now = { cloud: CloudSide | null; booth: Booth | null; edge: Edge | null };

function newServer({ logLevel }: NodeParts): FastifyInstance {
  return fastify({
    logger: logLevel === 'silent' ? false : { level: logLevel, redact: ['req.headers', 'req.body'] },
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: limits.bodyBytesMax,
    forceCloseConnections: true,
    // An address that can't be read comes past no hook and no error handler.
    frameworkErrors: (_error, _request, reply) => void sendProblem(reply, 'route_unknown'),
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false, useDefaults: false } },
  });
}

/** The whole node, ready to listen. */
export async function buildEdge(parts: NodeParts): Promise<EdgeNode> {
  const app = newServer(parts);
  const now: Now = { cloud: null, booth: null, edge: null };
  const broken = (what: string) => (error: unknown) => app.log.error(error, `${what} broke`);
  const shelf = openShelf({
    edited: (row) => editedRow(row, now.edge?.reads),
    came: () => now.booth?.look(),
  });
  const isBinary = parts.assets.home === 'binary';
  const wanted = () => now.edge?.reads.tracks.musicSetting() ?? null;
  const music = openMusic({ ...parts.music, isBinary, shelf, wanted, broken: broken('taking music in') });
  const off = { link: 'off', waiting: 0, oldestMs: null } as const;
  const edge = openEdge({
    ...parts,
    checks: CHECKS,
    node: { nodeId: parts.nodeId, keyThumbprint: parts.key.thumbprint },
    cloud: () => now.cloud?.state() ?? off,
    committed: (written) => {
      music.floorWorked();
      for (const { event: one } of written) if (one.type === 'track.edited') music.shelf.edited(one.body.track);
      now.cloud?.wake();
      // After a joined history all may be another.
      if (written.length === 0 || written.some(({ event: one }) => concernsBooth(one))) now.booth?.look();
    },
    broken: (error, what) => broken(what)(error),
  });
  now.edge = edge;
  now.cloud = openCloudSide(edge, parts);
  // Without a cloud there is no history to wait for: all comes from the second copy.
  if (!now.cloud && edge.recovering.wantsHistory()) edge.recovering.historyIsHere([]);
  const booth = openBooth({
    edge,
    shelf,
    propose: openChoosing(edge, shelf),
    file: path.join(path.dirname(parts.file), 'booth.json'),
    newId: () => parts.random(16).toString('hex'),
    node: nodeActor(parts.nodeId),
    broken: broken('writing down what played'),
  });
  now.booth = booth;
  await addRoutes(app, { edge, booth, music }, parts);
  const live = liveSockets(app.server as Server, edge, (request) => isOurs(request, parts.hosts));
  return {
    app,
    edge,
    music,
    close: async () => {
      live.close();
      await music.close();
      await now.cloud?.close();
      await app.close();
      // Pages may beat until the last answer is out.
      await booth.close();
      await edge.close();
    },
  };
}

async function addRoutes(
  app: FastifyInstance,
  { edge, booth, music }: Pick<EdgeNode, 'edge' | 'music'> & { readonly booth: Booth },
  { hosts, assets, key }: NodeParts,
): Promise<void> {
  await app.register(swagger, { openapi: { info: { title: 'ClubOps edge node', version: VERSION } } });
  guard(app, hosts);
  waitForHistory(app, edge);
  app.setErrorHandler<FastifyError>((error, _request, reply) => {
    if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') return sendProblem(reply, 'body_too_large');
    if (error.statusCode !== undefined && error.statusCode < 500)
      return sendProblem(reply, 'body_invalid', { detail: error.message });
    if (isFull(error)) return sendProblem(reply, 'disk_full');
    app.log.error(error);
    return sendProblem(reply, 'box_fault');
  });
  app.setNotFoundHandler((_request, reply) => sendProblem(reply, 'route_unknown'));
  await app.register(async (routes) => {
    enforceRights(routes, edge);
    commandRoutes(routes, edge);
    boxRoutes(routes, edge);
    signInRoutes(routes, edge);
    readRoutes(routes, edge);
    safetyRoutes(routes, edge);
    rotationRoutes(routes, edge);
    boothRoutes(routes, edge, booth);
    cashRoutes(routes, edge);
    policyRoutes(routes, edge);
    statementRoutes(routes, edge);
    yearRoutes(routes, edge);
    roomRoutes(routes, edge);
    onboardingRoutes(routes, edge);
    deskRoutes(routes, edge);
    trackRoutes(routes, edge);
    scheduleRoutes(routes, edge);
    inspectionRoutes(routes, edge, key);
    rosterRoutes(routes, edge);
    await imageRoutes(routes, edge);
    await musicRoutes(routes, edge, music);
    routes.get('/api/v1/openapi.json', { schema: { hide: true } }, async () => app.swagger());
    routes.get('/healthz', { schema: { hide: true } }, async () => ({ status: 'ok', version: VERSION }));
    routes.get('/readyz', { schema: { hide: true } }, async () => ({ status: 'ok', head: edge.log.head().seq }));
    webRoutes(routes, assets);
  });
}
