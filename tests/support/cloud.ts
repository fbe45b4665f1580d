import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { buildCloud, startEmbeddedPostgres, verifyBatch } from '../../control-plane/app.ts';
import type { Cloud, CloudDeps } from '../../control-plane/cloud.ts';
import type { EmbeddedPostgres } from '../../control-plane/db/embedded-postgres.ts';
import { openDatabase } from '../../control-plane/db/open.ts';

export type TestCloud = Cloud & {
  readonly adminToken: string;
  /** The program's own login: no superuser, owner of the tables. */
  readonly databaseUrl: string;
  /** A superuser's way to the same database: past row-level security, as whoever restores a backup. */
  readonly ownerUrl: string;
  /** The test's clock: epoch milliseconds, set it to move time. */
  readonly time: { now: number };
};

export type TestCloudOptions = Partial<Pick<CloudDeps, 'clock' | 'random' | 'verifyBatch' | 'logger'>> & {
  readonly connections?: number;
};

/** A real control plane on a fresh, empty database of a server that this process's tests share. Close it: that drops the database. */
export async function buildTestCloud(options: TestCloudOptions = {}): Promise<TestCloud> {
  const server = await testServer();
  const name = `t_${randomBytes(6).toString('hex')}`;
  await asOwner(server, `CREATE DATABASE ${name} TEMPLATE migrated STRATEGY wal_log`);
  const databaseUrl = server.url.replace(/\/clubops$/, `/${name}`);
  const time = { now: Date.UTC(2026, 10, 22, 20, 0, 0) };
  const cloud = await buildCloud({
    database: { url: databaseUrl, connections: options.connections ?? 5 },
    clock: options.clock ?? (() => time.now),
    random: options.random ?? randomBytes,
    verifyBatch: options.verifyBatch ?? verifyBatch,
    adminToken: 'admin-of-the-tests',
    logger: options.logger ?? false,
  });
  const close = async () => {
    await cloud.close();
    await asOwner(server, `DROP DATABASE ${name} WITH (FORCE)`);
  };
  return {
    ...cloud,
    close,
    adminToken: 'admin-of-the-tests',
    databaseUrl,
    ownerUrl: databaseUrl.replace('//clubops:', '//postgres:'),
    time,
  };
}

const shared: { server?: Promise<EmbeddedPostgres> } = {};

function testServer(): Promise<EmbeddedPostgres> {
  shared.server ??= startTestServer();
  return shared.server;
}

async function startTestServer(): Promise<EmbeddedPostgres> {
  const home = temporaryHome();
  const server = await startEmbeddedPostgres({
    dir: join(home, 'postgres'),
    port: 0,
    settings: { fsync: 'off', full_page_writes: 'off' },
  });
  endWithThisProcess(server.pid, home);
  await asOwner(server, 'CREATE DATABASE migrated');
  const pool = await openDatabase({ url: server.url.replace(/\/clubops$/, '/migrated'), connections: 1 });
  await pool.end();
  return server;
}

/** A new temporary folder that PostgreSQL's user may pass through, as mkdtemp alone would let only us in. */
export function temporaryHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'clubops-cloud-'));
  chmodSync(home, 0o711);
  return home;
}

/** However this process ends, its end of the pipe closes, and a small shell then stops the server and clears up. */
export function endWithThisProcess(pid: number, home: string): void {
  const script = 'cat; kill -QUIT "$1"; while kill -0 "$1"; do sleep 0.1; done; rm -rf "$2"';
  const keeper = spawn('sh', ['-c', script, 'sh', String(pid), home], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  keeper.unref();
  if (keeper.stdin instanceof Socket) keeper.stdin.unref();
}

async function asOwner(server: EmbeddedPostgres, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
