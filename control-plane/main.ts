import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { buildCloud, startEmbeddedPostgres, verifyBatch } from './app.ts';
import type { Cloud } from './cloud.ts';
import { limits } from './limits.ts';

/** Reads the environment, starts the program, and ends it when asked to. */
async function main(): Promise<void> {
  const told = toldToStop();
  const data = resolve(process.env['CLUBOPS_CLOUD_DATA'] ?? '.data/cloud');
  const host = process.env['CLUBOPS_CLOUD_HOST'] ?? '127.0.0.1';
  const port = Number(process.env['CLUBOPS_CLOUD_PORT'] ?? 8090);
  const given = process.env['DATABASE_URL'];
  mkdirSync(data, { recursive: true, mode: 0o755 });
  const adminToken = process.env['CLUBOPS_CLOUD_ADMIN_TOKEN'] ?? keepAdminToken(data);
  const postgres =
    given === undefined ? await startEmbeddedPostgres({ dir: join(data, 'postgres'), port: 0, settings: {} }) : null;
  const url = given ?? postgres?.url ?? '';
  const cloud = await buildCloud({
    database: { url, connections: limits.poolConnectionsDefault },
    clock: Date.now,
    random: randomBytes,
    verifyBatch,
    adminToken,
    logger: process.env['CLUBOPS_CLOUD_LOG'] === 'on',
  });
  const stopping = new AbortController();
  const projecting = keepProjecting(cloud, stopping.signal);
  const address = await cloud.app.listen({ host, port });
  process.stdout.write(`ClubOps control plane on ${address}, data in ${data}\n`);
  process.send?.({ ready: true, url: address, adminToken });
  await told;
  stopping.abort();
  await projecting;
  await cloud.close();
  await postgres?.stop();
  // An open channel to our parent would keep this process alive.
  if (process.connected) process.disconnect();
}

/** A signal, or the end of the parent that started us. Asked for first of all, so that a start that is cut short still stops its database. */
function toldToStop(): Promise<void> {
  return new Promise((end) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'disconnect']) process.on(signal, () => end());
  });
}

async function keepProjecting(cloud: Cloud, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await cloud.project().catch((error: unknown) => cloud.app.log.error({ err: error }, 'projection failed'));
    await pause(limits.projectEveryMs, undefined, { signal }).catch(() => undefined);
  }
}

function keepAdminToken(data: string): string {
  const file = join(data, 'admin-token');
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString('base64url'), { mode: 0o600, flag: 'wx' });
  return readFileSync(file, 'utf8').trim();
}

await main();
