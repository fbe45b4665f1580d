import { execFileSync, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { buildCloud, startEmbeddedPostgres, verifyBatch } from '../../control-plane/app.ts';
import { canReach } from '../../control-plane/db/os-user.ts';
import { isAlive } from '../../control-plane/db/postmaster.ts';
import { endWithThisProcess, temporaryHome, type TestCloud } from '../support/cloud.ts';
import { admin, floorEvents, newOpenNode, push, writeLog } from './signing-node.ts';

async function start(home: string) {
  const server = await startEmbeddedPostgres({ dir: join(home, 'postgres'), port: 0, settings: {} });
  endWithThisProcess(server.pid, home);
  onTestFinished(() => server.stop());
  return server;
}

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

test('a server that runs is adopted, one that was stopped starts again with its data', async () => {
  const home = temporaryHome();
  const first = await start(home);
  await ask(first.url, 'CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)');
  const again = await start(home);
  expect(again).toMatchObject({ pid: first.pid, port: first.port, adopted: true });
  await again.stop();
  expect(isAlive(first.pid)).toBe(false);
  const restarted = await start(home);
  expect(restarted.adopted).toBe(false);
  expect(await ask(restarted.url, 'TABLE kept')).toEqual([{ n: 7 }]);
});

test('two that start on one new folder at once get the same server', async () => {
  const home = temporaryHome();
  const [one, two] = await Promise.all([start(home), start(home)]);
  expect(one.pid).toBe(two.pid);
  expect([one, two].filter(({ adopted }) => adopted)).toHaveLength(1);
});

test('after kill -9 of the server every acknowledged event is there, and the log goes on', async () => {
  const home = temporaryHome();
  let server = await start(home);
  const time = { now: Date.UTC(2026, 10, 22) };
  const open = async (url: string): Promise<TestCloud> => {
    const deps = { clock: () => time.now, random: randomBytes, verifyBatch, adminToken: 'admin', logger: false };
    return {
      ...(await buildCloud({ database: { url, connections: 4 }, ...deps })),
      adminToken: 'admin',
      databaseUrl: url,
      ownerUrl: url,
      time,
    };
  };
  let cloud = await open(server.url);
  const node = await newOpenNode(cloud, 'log-k');
  const written = writeLog(node, 'log-k', floorEvents(600));
  let acked = 0;
  for (let round = 0; round < 3; round += 1) {
    for (let batch = 0; batch < 5; batch += 1) {
      const { body } = await push(cloud, node, written, { from: acked + 1, to: acked + 20 });
      if (body.s === 'ok') acked = body.acked;
    }
    const late = push(cloud, node, written, { from: acked + 1, to: acked + 20 });
    process.kill(server.pid, 'SIGKILL');
    const { body } = await late;
    if ('s' in body && body.s === 'ok') acked = body.acked;
    await cloud.close();
    server = await start(home);
    expect(server.adopted).toBe(false);
    cloud = await open(server.url);
    const { body: log } = await admin(cloud, 'GET', `/clubs/${node.clubId}/log`);
    expect(log.acked).toBeGreaterThanOrEqual(acked);
    expect(log.headHash).toBe(written.hashes[log.acked]?.toString('hex'));
    acked = log.acked;
  }
  expect((await push(cloud, node, written, { from: 1, to: 600 })).body).toMatchObject({ s: 'ok', acked: 600 });
  expect((await admin(cloud, 'GET', `/clubs/${node.clubId}/nights`)).body.nights[0].counts).toEqual({
    'house_fee.paid': 60,
    'rotation.called': 540,
  });
  await cloud.close();
});

test('a half-made data folder is never opened, and is cleared away', async () => {
  const home = temporaryHome();
  const half = join(home, 'postgres', 'data.init-999999999');
  mkdirSync(half, { recursive: true });
  writeFileSync(join(half, 'PG_VERSION'), '18');
  const server = await start(home);
  expect(await ask(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  expect(readdirSync(join(home, 'postgres')).filter((name) => name.startsWith('data.'))).toEqual([]);
});

test("a data folder of another major version is refused, and so is the superuser's login without its password", async () => {
  const home = temporaryHome();
  const server = await start(home);
  await expect(ask(server.url.replace(/:[^:@]+@/, ':wrong@'), 'SELECT 1')).rejects.toThrow(/password/);
  await server.stop();
  writeFileSync(join(home, 'postgres', 'data', 'PG_VERSION'), '17');
  await expect(start(home)).rejects.toThrow(/written by PostgreSQL 17/);
});

test('the login is no superuser, and only its own user may read the files', async () => {
  const home = temporaryHome();
  const server = await start(home);
  expect(await ask(server.url, 'SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user')).toEqual([
    { rolsuper: false, rolbypassrls: false },
  ]);
  expect(await ask(server.url, `SHOW fsync`)).toEqual([{ fsync: 'on' }]);
  expect(statSync(join(home, 'postgres')).mode & 0o777).toBe(0o700);
  expect(statSync(join(home, 'postgres', 'password')).mode & 0o777).toBe(0o600);
});

test('who may pass through a folder is judged by the folders above it too', () => {
  const nobody = { uid: 65_534, gid: 65_534, name: 'nobody' };
  const home = temporaryHome();
  mkdirSync(join(home, 'shut', 'open'), { recursive: true, mode: 0o755 });
  expect(canReach(nobody, join(home, 'shut', 'open'))).toBe(true);
  execFileSync('chmod', ['0700', join(home, 'shut')]);
  expect(canReach(nobody, join(home, 'shut', 'open'))).toBe(false);
  expect(canReach(null, join(home, 'shut', 'open'))).toBe(true);
  execFileSync('rm', ['-r', home]);
});

test('the program starts on an empty folder, says where it is, and leaves nothing running', async () => {
  const home = temporaryHome();
  const main = join(import.meta.dirname, '../../control-plane/main.ts');
  const env = { ...process.env, CLUBOPS_CLOUD_DATA: join(home, 'cloud'), CLUBOPS_CLOUD_PORT: '0', NODE_OPTIONS: '' };
  const child = fork(main, { env, execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const [message] = (await once(child, 'message')) as [{ ready: boolean; url: string; adminToken: string }];
  expect(message.ready).toBe(true);
  const headers = { authorization: `Bearer ${message.adminToken}`, 'content-type': 'application/json' };
  const made = await fetch(`${message.url}/api/v1/orgs`, { method: 'POST', headers, body: '{"name":"A"}' });
  expect([made.status, await made.json()]).toEqual([201, { orgId: 'o1', name: 'A' }]);
  const pidFile = join(home, 'cloud/postgres/data/postmaster.pid');
  expect(existsSync(pidFile)).toBe(true);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
  expect(existsSync(pidFile)).toBe(false);
  execFileSync('rm', ['-r', home]);
});
