import { createLocalJWKSet, compactVerify } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inTenant } from '../../control-plane/db/tenant.ts';
import { buildTestCloud, type TestCloud } from '../support/cloud.ts';
import { admin, DAY, floorEvents, newOpenNode, orgOf, push, writeLog, type TestNode } from './signing-node.ts';

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await buildTestCloud();
});
afterAll(() => cloud.close());

async function storedLines(node: TestNode): Promise<string[]> {
  return inTenant(cloud.pool, orgOf(node), async ({ client }) => {
    const { rows } = await client.query<{ line: string }>('SELECT line FROM event ORDER BY log, seq');
    return rows.map(({ line }) => line);
  });
}

async function nights(node: TestNode) {
  return (await admin(cloud, 'GET', `/clubs/${node.clubId}/nights`)).body.nights;
}

test('a batch is stored byte for byte and acknowledged with the hash that the node has', async () => {
  const node = await newOpenNode(cloud, 'log-a');
  const written = writeLog(node, 'log-a', floorEvents(50));
  const { status, body } = await push(cloud, node, written, { from: 1, to: 50 });
  expect(status).toBe(200);
  expect(body).toMatchObject({ s: 'ok', acked: 50, hash: written.hashes[50]?.toString('hex'), cloudEpoch: 1 });
  expect(await storedLines(node)).toEqual(written.lines);
});

test('the receipt is a signature over the head that anyone can check with the public keys', async () => {
  const node = await newOpenNode(cloud, 'log-r');
  const written = writeLog(node, 'log-r', floorEvents(3));
  const { body } = await push(cloud, node, written, { from: 1, to: 3 });
  const jwks = (await cloud.app.inject('/.well-known/jwks.json')).json();
  const { payload } = await compactVerify('receipt' in body ? body.receipt : '', createLocalJWKSet(jwks));
  expect(JSON.parse(Buffer.from(payload).toString())).toEqual({
    log: 'log-r',
    acked: 3,
    hash: written.hashes[3]?.toString('hex'),
    timeMs: cloud.time.now,
  });
  expect(JSON.stringify(jwks)).not.toContain('"d"');
});

test('a line with spaces, a carriage return, doubled keys and letters of any script keeps its bytes', async () => {
  const node = await newOpenNode(cloud, 'log-bytes');
  const opened = writeLog(node, 'log-bytes', []);
  const lines = [
    '{ "v":1,  "seq":1, "type":"a.b", "day":null, "day":null, "body":{"name":"Zoë 🦊 \\u2028", "big":1.000e2} }\r',
    '{"v":1,"seq":2,"type":"a.b","day":null,"body":{"nul":"\\u0000","half":"\\ud800"}}',
  ];
  expect((await push(cloud, node, { ...opened, lines }, { from: 1, to: 2 })).body.s).toBe('ok');
  expect(await storedLines(node)).toEqual(lines);
});

test('what overlaps is stored once and counted once, however the batches are cut', async () => {
  const node = await newOpenNode(cloud, 'log-b');
  const written = writeLog(node, 'log-b', floorEvents(100));
  for (const [from, to] of [
    [1, 40],
    [1, 40],
    [21, 60],
    [10, 20],
    [60, 100],
    [1, 100],
  ] as const) {
    const { body } = await push(cloud, node, written, { from, to });
    expect(body.s).toBe('ok');
  }
  expect(await storedLines(node)).toEqual(written.lines);
  expect(await nights(node)).toEqual([
    {
      day: DAY,
      totalsCents: { cash_drawer: 20_000, dancer: -20_000 },
      counts: { 'house_fee.paid': 10, 'rotation.called': 90 },
    },
  ]);
});

test('one batch that is delivered 20 times at once is stored once', async () => {
  const node = await newOpenNode(cloud, 'log-c');
  const written = writeLog(node, 'log-c', floorEvents(200));
  const answers = await Promise.all(Array.from({ length: 20 }, () => push(cloud, node, written, { from: 1, to: 200 })));
  expect(answers.map(({ body }) => ('acked' in body ? [body.s, body.acked] : body))).toEqual(
    Array(20).fill(['ok', 200]),
  );
  expect(await storedLines(node)).toEqual(written.lines);
  expect((await nights(node))[0].counts).toEqual({ 'house_fee.paid': 20, 'rotation.called': 180 });
});

test('a batch beyond the cursor is a gap, and names where to go on', async () => {
  const node = await newOpenNode(cloud, 'log-d');
  const written = writeLog(node, 'log-d', floorEvents(30));
  await push(cloud, node, written, { from: 1, to: 10 });
  const { status, body } = await push(cloud, node, written, { from: 12, to: 30 });
  expect(status).toBe(409);
  expect(body).toEqual({ s: 'gap', acked: 10, hash: written.hashes[10]?.toString('hex'), cloudEpoch: 1 });
});

test('one changed byte below, across or at the cursor is a fork, and nothing of the batch is stored', async () => {
  const node = await newOpenNode(cloud, 'log-e');
  const written = writeLog(node, 'log-e', floorEvents(30));
  await push(cloud, node, written, { from: 1, to: 20 });
  const changed = {
    ...written,
    lines: written.lines.with(11, (written.lines[11] ?? '').replace('"away":2', '"away":3')),
  };
  for (const [from, to] of [
    [10, 15],
    [10, 20],
    [10, 30],
  ] as const) {
    expect((await push(cloud, node, changed, { from, to })).body).toMatchObject({ s: 'fork', acked: 20 });
  }
  const prev = '00'.repeat(32);
  expect((await push(cloud, node, written, { from: 21, to: 30, header: { prev } })).body).toMatchObject({
    s: 'fork',
    acked: 20,
  });
  expect(await storedLines(node)).toEqual(written.lines.slice(0, 20));
});
