import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { UPLINK_PATHS } from '#shared/contract/uplink.ts';
import { buildTestCloud, type TestCloud } from '../support/cloud.ts';
import {
  batchText,
  floorEvents,
  freshNonce,
  hello,
  newKey,
  newNode,
  newOpenNode,
  openLog,
  postJson,
  push,
  signedPost,
  writeLog,
} from './signing-node.ts';

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await buildTestCloud();
});
afterAll(() => cloud.close());

test('a nonce is good for ten minutes, then it is stale and the answer carries a new one', async () => {
  const node = await newOpenNode(cloud, 'log-nonce');
  const hello = {
    path: UPLINK_PATHS.hello('log-nonce'),
    body: Buffer.from('{"proto":1,"seq":0,"hash":"bad"}'),
    type: 'application/json',
  };
  const nonce = await freshNonce(cloud);
  cloud.time.now += 10 * 60_000;
  expect((await signedPost(cloud, node, { ...hello, nonce })).body).toEqual({ s: 'bad_batch', why: 'request_invalid' });
  cloud.time.now += 60_000;
  const stale = await signedPost(cloud, node, { ...hello, nonce });
  expect(stale).toMatchObject({ status: 401, body: { s: 'nonce_stale' } });
  expect((await signedPost(cloud, node, { ...hello, nonce: stale.nonce })).body.s).toBe('bad_batch');
});

test('a nonce that the cloud did not give is stale, whatever it looks like', async () => {
  const node = await newNode(cloud);
  const real = await freshNonce(cloud);
  for (const nonce of ['', 'x', real.slice(0, -1), `${real}0`, real.replace(/^./, 'z'), '1e9.aaaa', 'ü'.repeat(40)]) {
    const answer = await signedPost(cloud, node, {
      path: UPLINK_PATHS.logs,
      body: Buffer.from('{}'),
      type: 'application/json',
      nonce: encodeURI(nonce),
    });
    expect(answer.body).toEqual({ s: 'nonce_stale' });
  }
});

test('another key, an unknown node and a body changed on its way are all not signed', async () => {
  const node = await newOpenNode(cloud, 'log-sign');
  const written = writeLog(node, 'log-sign', floorEvents(2));
  expect(await push(cloud, { ...node, key: newKey().key }, written, { from: 1, to: 2 })).toMatchObject({
    status: 401,
    body: { s: 'not_signed' },
  });
  for (const nodeId of ['', 'n1-00', 'n999999-00', '../../etc', `${node.nodeId}0`]) {
    expect((await push(cloud, { ...node, nodeId }, written, { from: 1, to: 2 })).body.s).toBe('not_signed');
  }
  const path = UPLINK_PATHS.events('log-sign');
  const response = await cloud.app.inject({
    method: 'POST',
    url: path,
    headers: {
      'content-type': 'application/x-ndjson',
      'clubops-node': node.nodeId,
      'clubops-nonce': await freshNonce(cloud),
      'clubops-signature': 'AAAA',
    },
    payload: batchText(written, { from: 1, to: 2 }),
  });
  expect(response.json()).toEqual({ s: 'not_signed' });
});

test("another club's log is as unknown as none, in the same organisation too", async () => {
  const mine = await newOpenNode(cloud, 'log-mine');
  const other = await newOpenNode(cloud, 'log-other');
  const written = writeLog(other, 'log-mine', floorEvents(2));
  expect(await push(cloud, other, written, { from: 1, to: 2 })).toMatchObject({
    status: 404,
    body: { s: 'unknown_log' },
  });
  expect((await hello(cloud, other, writeLog(other, 'log-mine', []), { seq: 0 })).body.s).toBe('unknown_log');
  const own = writeLog(mine, 'log-mine', floorEvents(2));
  expect((await push(cloud, mine, own, { from: 1, to: 2 })).body.s).toBe('ok');
});

test('a signed body is checked as sent: the same batch compressed otherwise needs its own signature', async () => {
  const node = await newOpenNode(cloud, 'log-zip');
  const text = batchText(writeLog(node, 'log-zip', floorEvents(2)), { from: 1, to: 2 });
  for (const [body, encoding] of [
    [gzipSync(text, { level: 1 }), 'gzip'],
    [Buffer.from(text), 'identity'],
  ] as const) {
    const answer = await signedPost(cloud, node, {
      path: UPLINK_PATHS.events('log-zip'),
      body,
      type: 'application/x-ndjson',
      encoding,
    });
    expect(answer.body).toMatchObject({ s: 'ok', acked: 2 });
  }
});

test('opening a log twice is no error, a second first log is a bad parent, another key a bad batch', async () => {
  const node = await newNode(cloud);
  const first = await openLog(cloud, node, 'log-1');
  const genesis = writeLog(node, 'log-1', []).hashes[0]?.toString('hex');
  expect(first.body).toMatchObject({ s: 'ok', acked: 0, hash: genesis });
  expect((await openLog(cloud, node, 'log-1')).body).toMatchObject({ s: 'ok', acked: 0, hash: genesis });
  expect(await openLog(cloud, node, 'log-2')).toMatchObject({ status: 409, body: { s: 'bad_parent' } });
  const other = { proto: 1, logId: 'log-1', parent: null, keyThumbprint: 'another' };
  expect((await postJson(cloud, node, UPLINK_PATHS.logs, other)).body).toEqual({
    s: 'bad_batch',
    why: 'key_thumbprint_differs',
  });
});

test('of ten openings at once of different logs one wins', async () => {
  const node = await newNode(cloud);
  const answers = await Promise.all(Array.from({ length: 10 }, (_, index) => openLog(cloud, node, `race-${index}`)));
  expect(answers.map(({ body }) => body.s).toSorted()).toEqual([...Array(9).fill('bad_parent'), 'ok']);
});
