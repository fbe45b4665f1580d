import { gzipSync } from 'node:zlib';
import { createLocalJWKSet, compactVerify } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EVENT_LINE_BYTES_MAX } from '#shared/contract/event-line.ts';
import { inTenant } from '../../control-plane/db/tenant.ts';
import { buildTestCloud, type TestCloud } from '../support/cloud.ts';
import {
  admin,
  batchText,
  DAY,
  floorEvents,
  newOpenNode,
  orgOf,
  push,
  pushBytes,
  writeLog,
  type TestNode,
} from './signing-node.ts';

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

test.each([
  ['a truncated gzip stream', (text: string) => [gzipSync(text).subarray(0, -9), 'gzip'], 'gzip_broken'],
  ['no gzip at all', (text: string) => [Buffer.from(text), 'gzip'], 'gzip_broken'],
  ['an unknown encoding', (text: string) => [Buffer.from(text), 'br'], 'encoding_unsupported'],
  ['a NUL byte', (text: string) => [Buffer.from(text.replace('"away":2', '"away":\0')), 'identity'], 'nul_byte'],
  [
    'invalid UTF-8',
    (text: string) => [Buffer.concat([Buffer.from(text), Buffer.from([0xc3, 0x28])]), 'identity'],
    'not_utf8',
  ],
  [
    'a line that is no JSON',
    (text: string) => [Buffer.from(text.replace('"away":2}', '"away":2')), 'identity'],
    'line_not_json',
  ],
  [
    'a missing line',
    (text: string) => [Buffer.from(text.split('\n').toSpliced(2, 1).join('\n')), 'identity'],
    'count_differs',
  ],
  [
    'lines in another order',
    (text: string) => [
      Buffer.from(
        text
          .split('\n')
          .with(1, text.split('\n')[2] ?? '')
          .join('\n'),
      ),
      'identity',
    ],
    'seq_not_dense',
  ],
  [
    'an unknown version',
    (text: string) => [Buffer.from(text.replace('{"v":1', '{"v":2')), 'identity'],
    'version_unknown',
  ],
  ['no header', (text: string) => [Buffer.from(text.slice(text.indexOf('\n') + 1)), 'identity'], 'header_invalid'],
  [
    'a seq of zero',
    (text: string) => [Buffer.from(text.replace('"from":1', '"from":0')), 'identity'],
    'header_invalid',
  ],
  [
    'a seq past 2^53',
    (text: string) => [Buffer.from(text.replace('"from":1', '"from":9007199254740993')), 'identity'],
    'header_invalid',
  ],
  [
    'nothing but a header',
    (text: string) => [Buffer.from(text.slice(0, text.indexOf('\n') + 1)), 'identity'],
    'no_events',
  ],
] as const)('%s is a bad batch and stores nothing', async (_name, spoil, why) => {
  const logId = `log-${why}-${_name.length}`;
  const node = await newOpenNode(cloud, logId);
  const [body, encoding] = spoil(batchText(writeLog(node, logId, floorEvents(5)), { from: 1, to: 5 }));
  const answer = await pushBytes(cloud, node, { logId: logId, body: body as Buffer, encoding: encoding as string });
  expect(answer).toMatchObject({ status: 400, body: { s: 'bad_batch', why } });
  expect(await storedLines(node)).toEqual([]);
});

test('a small body that inflates beyond the bound is too large', async () => {
  const node = await newOpenNode(cloud, 'log-bomb');
  const bomb = gzipSync(Buffer.alloc(200 * 1_048_576, 'a'));
  expect(bomb.length).toBeLessThan(1_000_000);
  const { status, body } = await pushBytes(cloud, node, { logId: 'log-bomb', body: bomb, encoding: 'gzip' });
  expect(status).toBe(413);
  expect(body).toMatchObject({ s: 'too_large', maxBytes: 1_048_576, maxEvents: 2_000 });
});

test('a body that is too large as sent is too large, and the answer says the bound', async () => {
  const node = await newOpenNode(cloud, 'log-large');
  const { body } = await pushBytes(cloud, node, {
    logId: 'log-large',
    body: Buffer.alloc(2 * 1_048_576, 'a'),
    encoding: 'identity',
  });
  expect(body).toMatchObject({ s: 'too_large', maxBytes: 1_048_576 });
});

test('a line of 64 KB goes in, a longer one does not', async () => {
  const node = await newOpenNode(cloud, 'log-long');
  const lineOf = (seq: number, bytes: number) => {
    const frame = `{"v":1,"seq":${seq},"type":"a.b","day":null,"body":{"t":""}}`;
    return frame.replace('""', `"${'x'.repeat(bytes - frame.length)}"`);
  };
  const opened = writeLog(node, 'log-long', []);
  const lines = [lineOf(1, EVENT_LINE_BYTES_MAX)];
  expect((await push(cloud, node, { ...opened, lines }, { from: 1, to: 1 })).body.s).toBe('ok');
  const longer = { ...opened, lines: [lineOf(1, EVENT_LINE_BYTES_MAX + 1)] };
  expect((await push(cloud, node, longer, { from: 1, to: 1 })).body).toEqual({ s: 'bad_batch', why: 'line_too_long' });
});
