import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { expect, test } from 'vitest';
import { openDatabase } from '../../control-plane/db/open.ts';
import { buildTestCloud } from '../support/cloud.ts';

test('a database that is newer than the program is refused, and so is one whose migration was edited', async () => {
  const cloud = await buildTestCloud();
  const open = async () => (await openDatabase({ url: cloud.databaseUrl, connections: 1 })).end();
  await cloud.pool.query(`INSERT INTO migration VALUES (9999, '9999_future.sql', '')`);
  await expect(open()).rejects.toThrow(/version 9999.*start the newer program/);
  await cloud.pool.query('DELETE FROM migration WHERE version = 9999');
  await open();
  await cloud.pool.query(`UPDATE migration SET sha256 = 'other'`);
  await expect(open()).rejects.toThrow(/edited after it ran/);
  await cloud.close();
});

test('ten replicas that start at once on an empty database migrate it once', async () => {
  const cloud = await buildTestCloud();
  const name = `race_${Date.now()}`;
  await cloud.pool.query(`CREATE DATABASE ${name}`);
  const url = cloud.databaseUrl.replace(/\/[^/]+$/, `/${name}`);
  const pools = await Promise.all(Array.from({ length: 10 }, () => openDatabase({ url, connections: 1 })));
  const seen = await Promise.all(pools.map((pool) => pool.query('SELECT version FROM migration')));
  const { length } = seen[0]?.rows ?? [];
  const once = Array.from({ length }, (_none, at) => ({ version: at + 1 }));
  expect(length).toBeGreaterThan(0);
  expect(seen.map(({ rows }) => rows)).toEqual(Array(10).fill(once));
  await Promise.all(pools.map((pool) => pool.end()));
  await cloud.pool.query(`DROP DATABASE ${name} WITH (FORCE)`);
  await cloud.close();
});

test('a club of the first version has its last log as the end of its mainline after the upgrade', async () => {
  const cloud = await buildTestCloud();
  const name = `upgrade_${Date.now()}`;
  await cloud.pool.query(`CREATE DATABASE ${name}`);
  const url = cloud.databaseUrl.replace(/\/[^/]+$/, `/${name}`);
  const file = '0001_tenants_and_event_log.sql';
  const sql = readFileSync(join(import.meta.dirname, '../../control-plane/db/migrations', file), 'utf8');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`BEGIN; ${sql}; COMMIT`);
  await client.query(
    'CREATE TABLE migration (version int PRIMARY KEY, name text NOT NULL, sha256 text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())',
  );
  await client.query('INSERT INTO migration VALUES (1, $1, $2)', [file, hash('sha256', sql, 'hex')]);
  await client.query(`BEGIN; SET LOCAL ROLE clubops_app; SET LOCAL app.org = '1';
    INSERT INTO org VALUES (1, 'o', now()); INSERT INTO club (org, name, created_at) VALUES (1, 'with', now()), (1, 'without', now());
    INSERT INTO node (org, club, node_id, key_x, thumbprint, version, enrolled_at) VALUES (1, 1, 'n', 'x', 't', '1', now());
    INSERT INTO edge_log (org, log_id, club, node, genesis, hash, opened_at) VALUES (1, 'l', 1, 1, '', '', now()); COMMIT`);
  await (await openDatabase({ url, connections: 1 })).end();
  await client.query(`SET app.org = '1'; SET ROLE clubops_app`);
  expect((await client.query('SELECT name, active_log FROM club ORDER BY club')).rows).toEqual([
    { name: 'with', active_log: 1 },
    { name: 'without', active_log: null },
  ]);
  await client.end();
  await cloud.pool.query(`DROP DATABASE ${name} WITH (FORCE)`);
  await cloud.close();
});
