import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { UPLINK_PATHS } from '#shared/contract/uplink.ts';
import { inTenant, inTenantOfNode } from '../../control-plane/db/tenant.ts';
import { buildTestCloud, type TestCloud } from '../support/cloud.ts';
import { shareEverything } from './feed-node.ts';
import {
  floorEvents,
  hello,
  newOpenNode,
  openLog,
  orgOf,
  placeIn,
  postJson,
  push,
  writeLog,
  type TestNode,
  type Written,
} from './signing-node.ts';

let cloud: TestCloud;
let nodes: TestNode[];
let tables: string[];
const REGISTERED = { dancer: 'dn_1', stageName: 'Amber', engagement: 'lease' };
const org = (node: TestNode | undefined): number => (node ? orgOf(node) : 0);

beforeAll(async () => {
  cloud = await buildTestCloud();
  nodes = [await newOpenNode(cloud, 'one'), await newOpenNode(cloud, 'two')];
  for (const [index, node] of nodes.entries()) {
    const logId = ['one', 'two'][index] ?? '';
    const registered = { type: 'dancer.registered', tv: 1, day: null, body: REGISTERED };
    const unreadable = { type: 'dancer.noted', tv: 1, day: null, body: {} };
    const written = writeLog(node, logId, [
      ...floorEvents(20),
      { type: '?', day: null, body: {} },
      registered,
      unreadable,
    ]);
    await push(cloud, node, written, { from: 1, to: 20 });
    await push(cloud, node, written, { from: 21, to: 23 });
    await shareEverything(cloud, node);
    await leaveTraces(node, written);
  }
  await cloud.project();
  const { rows } = await cloud.pool.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
     WHERE table_schema = 'public' AND column_name = 'org' AND table_type = 'BASE TABLE' ORDER BY 1`,
  );
  tables = rows.map(({ name }) => name);
});
afterAll(() => cloud.close());

/** A mark, an alert, a status and a wrapped key. */
async function leaveTraces(node: TestNode, written: Written): Promise<void> {
  const { seq } = placeIn(written, written.lines.length);
  const long = writeLog(node, `${written.logId}-2`, floorEvents(300), placeIn(written, seq));
  await openLog(cloud, node, long.logId, placeIn(written, seq));
  await push(cloud, node, long, { from: 1, to: 300 });
  await hello(cloud, node, written, { seq });
  await postJson(cloud, node, UPLINK_PATHS.keys, { put: [{ subject: 'd1', wrapped: 'abc' }], get: null });
}

const countIn = async (client: pg.ClientBase, table: string): Promise<number> =>
  Number((await client.query<{ n: string }>(`SELECT count(*) AS n FROM ${table}`)).rows[0]?.n);

test('every table that is not of the program itself belongs to a tenant', async () => {
  const { rows } = await cloud.pool.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm') ORDER BY 1`,
  );
  const own = ['cloud_state', 'migration', 'node_directory', 'signing_key'];
  expect(rows.map(({ name }) => name)).toEqual([...tables, ...own].toSorted());
  expect(tables).toHaveLength(25);
});

test('a query that forgot its tenant sees no row of any table, even as the owner of the tables', async () => {
  const client = new pg.Client({ connectionString: cloud.databaseUrl });
  await client.connect();
  for (const table of tables) expect([table, await countIn(client, table)]).toEqual([table, 0]);
  await client.query('SET ROLE clubops_app');
  for (const table of tables) expect([table, await countIn(client, table)]).toEqual([table, 0]);
  await client.end();
});

test('a query without any condition sees the rows of its own tenant, and all of them are its own', async () => {
  for (const node of nodes) {
    await inTenant(cloud.pool, org(node), async ({ client }) => {
      for (const table of tables) {
        const { rows } = await client.query<{ org: number }>(`SELECT DISTINCT org FROM ${table}`);
        expect([table, rows]).toEqual([table, [{ org: org(node) }]]);
      }
    });
  }
});

test("asking for another tenant's rows by name finds none", async () => {
  await inTenant(cloud.pool, org(nodes[0]), async ({ client }) => {
    for (const table of tables) {
      expect([table, (await client.query(`SELECT FROM ${table} WHERE org = $1`, [org(nodes[1])])).rowCount]).toEqual([
        table,
        0,
      ]);
    }
  });
});

test('the directory of nodes shows the one that is named, and no list', async () => {
  const seen = async (settings: string) =>
    inTenant(cloud.pool, org(nodes[0]), async ({ client }) => {
      await client.query(settings);
      return (await client.query<{ home_org: number }>('SELECT home_org FROM node_directory')).rows;
    });
  expect(await seen('SELECT 1')).toEqual([]);
  expect(await seen(`SET LOCAL app.node = '${nodes[1]?.nodeId}'`)).toEqual([{ home_org: org(nodes[1]) }]);
  expect(await inTenantOfNode(cloud.pool, `' OR '1'='1`, async () => 'inside')).toBe(null);
});

test('writing a row into another tenant is an error of the database', async () => {
  const foreign = inTenant(cloud.pool, org(nodes[0]), ({ client }) =>
    client.query(`INSERT INTO event VALUES ($1, 1, 999, '{}')`, [org(nodes[1])]),
  );
  await expect(foreign).rejects.toThrow(/row-level security/);
});

test('what is stored in the log can be neither changed nor deleted by the program', async () => {
  for (const sql of [
    `UPDATE event SET line = '{}'`,
    'DELETE FROM event',
    'TRUNCATE event',
    'UPDATE quarantine SET seq = 1',
    'DELETE FROM quarantine',
    'DELETE FROM sealed_key',
    'UPDATE log_mark SET seq = 1',
    'DELETE FROM edge_log',
  ]) {
    await expect(inTenant(cloud.pool, org(nodes[0]), ({ client }) => client.query(sql))).rejects.toThrow(
      /permission denied/,
    );
  }
});

test("the program's role can't read the keys, switch the policies off, or become another role", async () => {
  for (const sql of [
    'SELECT * FROM signing_key',
    'SELECT * FROM cloud_state',
    'ALTER TABLE event DISABLE ROW LEVEL SECURITY',
  ]) {
    await expect(inTenant(cloud.pool, org(nodes[0]), ({ client }) => client.query(sql))).rejects.toThrow(
      /permission denied|must be owner/,
    );
  }
  const off = inTenant(cloud.pool, org(nodes[0]), async ({ client }) => {
    await client.query('SET LOCAL row_security = off');
    return client.query('SELECT * FROM event');
  });
  await expect(off).rejects.toThrow(/row-level security/);
});

test('the event log has its natural key and no other index', async () => {
  const { rows } = await cloud.pool.query(`SELECT indexdef FROM pg_indexes WHERE tablename = 'event'`);
  expect(rows).toEqual([{ indexdef: 'CREATE UNIQUE INDEX event_pkey ON public.event USING btree (org, log, seq)' }]);
});

test('reading a batch back goes by the key, with row-level security on', async () => {
  await inTenant(cloud.pool, org(nodes[0]), async ({ client }) => {
    await client.query('SET LOCAL enable_seqscan = off');
    const { rows } = await client.query(
      'EXPLAIN (FORMAT JSON) SELECT line FROM event WHERE log = 1 AND seq BETWEEN 1 AND 500 ORDER BY seq',
    );
    expect(JSON.stringify(rows)).toMatch(/Index Cond.*org = .*log = 1.*seq >= 1/);
  });
});
