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
