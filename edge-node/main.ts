import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { buildEdge, type EdgeNode, type NodeParts } from './app.ts';
import { openAssets } from './assets.ts';
import { setClock, systemClock, type Clock } from './clock.ts';
import { openDataFolder, type DataFolder } from './data-folder.ts';
import { DEMO_EVENTS_MIN, DEMO_PAIRING_CODE, DEMO_STAFF, seedDemoClub, seedDemoEvening } from './demo.ts';
import type { Edge } from './edge.ts';
import { limits } from './limits.ts';
import { intakeMain, type IntakeTask } from './music/intake-main.ts';
import { readTagsMain } from './music/tags-main.ts';
import { VERSION } from './open-edge.ts';
import { sqliteBinding } from './sqlite-binding.ts';
import { enrol } from './sync/enrol.ts';
import { nodeKey } from './sync/node-identity.ts';

export { intakeMain, readTagsMain, VERSION, type IntakeTask };

export type Environment = Readonly<Record<string, string | undefined>>;

/** Starts a club's node from its environment and runs until it is told to stop. */
export async function main(env: Environment): Promise<void> {
  // Whatever this process makes is its owner's alone.
  process.umask(0o077);
  const dataFolder = path.resolve(env['CLUBOPS_DATA'] ?? '.data/edge');
  const assets = openAssets();
  const binding = sqliteBinding(assets, path.resolve(env['CLUBOPS_RUNTIME'] ?? path.join(dataFolder, 'runtime')));
  const data = openDataFolder(dataFolder, randomBytes, binding);
  const demo = env['CLUBOPS_DEMO'] !== undefined;
  const host = env['CLUBOPS_HOST'] ?? '127.0.0.1';
  const node = await buildEdge({
    file: data.database,
    assets,
    binding,
    clock: env['CLUBOPS_CLOCK'] === 'parent' ? await parentClock() : systemClock(),
    random: randomBytes,
    clubKey: data.clubKey,
    demoCode: demo ? DEMO_PAIRING_CODE : null,
    key: nodeKey(data.nodeKeyPem),
    nodeId: data.node.nodeId,
    ...(await enrolledCloud(data, env)),
    mirror: mirrorOf(env, dataFolder),
    hosts: ['localhost', '127.0.0.1', '[::1]', ...(env['CLUBOPS_HOSTS']?.split(',') ?? [])],
    logLevel: 'warn',
    music: musicOf(env, dataFolder),
  });
  if (demo && node.edge.log.head().seq < DEMO_EVENTS_MIN) await seedDemo(node.edge, env['CLUBOPS_DEMO'] === 'evening');
  const url = await node.app.listen({ host, port: Number(env['CLUBOPS_PORT'] ?? 8080) });
  stopOnSignals(node, data);
  announce(node, url, demo);
}

async function seedDemo(edge: Edge, evening: boolean): Promise<void> {
  await seedDemoClub(edge);
  if (evening) await seedDemoEvening(edge);
}

/** The cloud that this node belongs to: from an earlier enrolment, or by the code that it was started with. */
async function enrolledCloud(
  data: DataFolder,
  env: Environment,
): Promise<Pick<NodeParts, 'cloudUrl' | 'clubId' | 'receiptKeys' | 'replaces'>> {
  const url = env['CLUBOPS_CLOUD_URL'];
  if (data.node.cloud) {
    const { url: known, clubId, receiptKeys = [] } = data.node.cloud;
    return { cloudUrl: url ?? known, clubId, receiptKeys, replaces: data.node.replaces ?? null };
  }
  const code = env['CLUBOPS_ENROL_CODE'];
  if (url === undefined || code === undefined) {
    return { cloudUrl: null, clubId: null, receiptKeys: [], replaces: data.node.replaces ?? null };
  }
  const { publicJwk } = nodeKey(data.nodeKeyPem);
  const { nodeId } = data.node;
  const answer = await enrol(url, { code, nodeId, publicKey: publicJwk, version: VERSION });
  const { clubId, orgId, receiptKeys } = answer;
  const replaces = answer.replaces ? { mirror: null } : null;
  data.saveNode({ nodeId, cloud: { url, clubId, orgId, receiptKeys }, ...(replaces && { replaces }) });
  return { cloudUrl: url, clubId, receiptKeys, replaces };
}

/** The second copy: a folder on another disk; `sync` where an answer waits for it. */
function mirrorOf(env: Environment, apartFrom: string): NodeParts['mirror'] {
  const folder = env['CLUBOPS_MIRROR'];
  if (folder === undefined) return null;
  return { folder: path.resolve(folder), mode: env['CLUBOPS_MIRROR_MODE'] === 'sync' ? 'sync' : 'async', apartFrom };
}

/** The library beside the club's data; what is dropped into `CLUBOPS_MUSIC`, or the folder `drop` there, is taken in. */
function musicOf(env: Environment, dataFolder: string): NodeParts['music'] {
  const folder = path.resolve(env['CLUBOPS_MUSIC'] ?? path.join(dataFolder, 'drop'));
  const runtime = path.resolve(env['CLUBOPS_RUNTIME'] ?? path.join(dataFolder, 'runtime'));
  return { home: path.join(dataFolder, 'music'), folder, runtime, env };
}

/** Tells whoever started it, and where no office device is paired, how to pair the first. */
function announce({ edge, music }: EdgeNode, url: string, demo: boolean): void {
  const hasOffice = edge.reads.club.devices().some(({ ceiling, revoked }) => ceiling === 'office' && !revoked);
  const code = hasOffice ? null : edge.pairing.make('office').code;
  process.send?.({ ready: true, url, code, demo: demo ? { code: DEMO_PAIRING_CODE, staff: DEMO_STAFF } : null });
  const says = music.status().says;
  if (says !== null) process.stdout.write(`${says}\n`);
  const hint = code === null ? '' : `; pair the first device with ${code} within five minutes`;
  process.stdout.write(`ClubOps edge node ${VERSION} on ${url}${hint}\n`);
}

function stopOnSignals(node: EdgeNode, data: DataFolder): void {
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), limits.shutdownMs).unref();
    void node.close().then(() => {
      data.release();
      process.exit(0);
    });
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  process.on('disconnect', stop);
}

/** A night that is played: the parent process moves the clock over IPC and is told when it has moved. */
async function parentClock(): Promise<Clock> {
  const first = new Promise<{ readonly wall: number; readonly mono: number }>((resolve) => {
    process.once('message', (message) => resolve(clockIn(message)));
  });
  process.send?.({ clock: 'wanted' });
  const clock = setClock(await first, `b_${randomBytes(6).toString('hex')}`);
  process.on('message', (message) => {
    const at = clockIn(message);
    clock.set(at);
    process.send?.({ clock: at.wall });
  });
  return clock;
}

function clockIn(message: unknown): { readonly wall: number; readonly mono: number } {
  if (typeof message === 'object' && message !== null && 'wall' in message && 'mono' in message) {
    return { wall: Number(message.wall), mono: Number(message.mono) };
  }
  throw new Error('The parent sent something that is not a time.');
}

if (import.meta.main) await main(process.env);
