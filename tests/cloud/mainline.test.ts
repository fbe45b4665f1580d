import { hash as hashOf } from 'node:crypto';
import { compactVerify, createLocalJWKSet } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { UPLINK_PATHS, type MainlineSegment } from '#shared/contract/uplink.ts';
import { buildTestCloud, type TestCloud } from '../support/cloud.ts';
import {
  admin,
  DAY,
  floorEvents,
  hashHex,
  hello,
  neighbourOf,
  newNode,
  newOpenNode,
  openLog,
  placeIn,
  postJson,
  push,
  writeLog,
  type TestNode,
  type Written,
} from './signing-node.ts';

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await buildTestCloud();
});
afterAll(() => cloud.close());

/** A club whose first log is in the cloud, all of it. */
async function clubWith(logId: string, events: number): Promise<{ node: TestNode; first: Written }> {
  const node = await newOpenNode(cloud, logId);
  const first = writeLog(node, logId, floorEvents(events));
  if (events > 0) await push(cloud, node, first, { from: 1, to: events });
  return { node, first };
}

const mainline = async (node: TestNode): Promise<readonly MainlineSegment[]> => {
  const { body } = await postJson(cloud, node, UPLINK_PATHS.mainline, { proto: 1 });
  if (body.s !== 'mainline') throw new Error(`The cloud said ${body.s}`);
  return body.segments;
};
const hashes = (node: TestNode, logId: string, seqs: readonly number[]) =>
  postJson(cloud, node, UPLINK_PATHS.hashes(logId), { seqs });
const lines = (node: TestNode, logId: string, from: number, to: number) =>
  postJson(cloud, node, UPLINK_PATHS.lines(logId), { from, to });

test('a log that grows from the end of the last one is opened, and the last one is sealed there', async () => {
  const { node, first } = await clubWith('grow-1', 12);
  const parent = placeIn(first, 12);
  const second = writeLog(node, 'grow-2', floorEvents(5), parent);
  expect((await openLog(cloud, node, 'grow-2', parent)).body).toMatchObject({
    s: 'ok',
    acked: 0,
    hash: hashHex(second, 0),
  });
  const more = writeLog(node, 'grow-1', floorEvents(13));
  expect((await push(cloud, node, more, { from: 13, to: 13 })).body).toEqual({
    s: 'sealed',
    acked: 12,
    hash: hashHex(first, 12),
    cloudEpoch: 1,
  });
  expect((await push(cloud, node, second, { from: 1, to: 5 })).body).toMatchObject({ s: 'ok', acked: 5 });
  expect((await admin(cloud, 'GET', `/clubs/${node.clubId}/log`)).body).toMatchObject({ logId: 'grow-2', acked: 5 });
  expect((await admin(cloud, 'GET', `/clubs/${node.clubId}/nights`)).body.nights).toMatchObject([
    { day: DAY, counts: { 'house_fee.paid': 3, 'rotation.called': 14 } },
  ]);
});

test.each([
  ['short of the end', (first: Written) => placeIn(first, 11)],
  ['beyond the end', (first: Written) => ({ ...placeIn(first, 12), seq: 13 })],
  ['at the end with another hash', (first: Written) => ({ ...placeIn(first, 12), hash: hashHex(first, 11) })],
  ['on a log that nobody knows', (first: Written) => ({ ...placeIn(first, 12), logId: 'nowhere' })],
  ['at nothing, as if it were the first', () => null],
])('a log that begins %s is a bad parent, and seals nothing', async (name, parentOf) => {
  const logId = `bad-parent-${name.length}`;
  const { node, first } = await clubWith(logId, 12);
  expect(await openLog(cloud, node, `${logId}-2`, parentOf(first))).toEqual({
    status: 409,
    body: { s: 'bad_parent', cloudEpoch: 1 },
    nonce: expect.any(String),
  });
  const more = writeLog(node, logId, floorEvents(13));
  expect((await push(cloud, node, more, { from: 13, to: 13 })).body).toMatchObject({ s: 'ok', acked: 13 });
});

test('of ten openings at once from one place one wins, and the mainline goes on in that one', async () => {
  const { node, first } = await clubWith('race', 4);
  const parent = placeIn(first, 4);
  const names = Array.from({ length: 10 }, (_none, at) => `race-child-${at}`);
  const answers = await Promise.all(names.map((name) => openLog(cloud, node, name, parent)));
  expect(answers.map(({ body }) => body.s).toSorted()).toEqual([...Array(9).fill('bad_parent'), 'ok']);
  const winner = names[answers.findIndex(({ body }) => body.s === 'ok')];
  expect((await mainline(node)).map(({ logId }) => logId)).toEqual(['race', winner]);
});

test('a push and an opening at once: whichever comes first, nothing that was acknowledged is off the mainline', async () => {
  for (let round = 0; round < 10; round += 1) {
    const { node, first } = await clubWith(`both-${round}`, 4);
    const more = writeLog(node, first.logId, floorEvents(5));
    const [pushed, opened] = await Promise.all([
      push(cloud, node, more, { from: 5, to: 5 }),
      openLog(cloud, node, `both-${round}-2`, placeIn(first, 4)),
    ]);
    const pushFirst = pushed.body.s === 'ok';
    expect([pushed.body.s, opened.body.s]).toEqual(pushFirst ? ['ok', 'bad_parent'] : ['sealed', 'ok']);
    expect((await mainline(node))[0]?.upto).toBe(pushFirst ? 5 : 4);
  }
});

test('opening a log again with the same parent is no error, with another parent it is a bad one', async () => {
  const { node, first } = await clubWith('again', 3);
  const parent = placeIn(first, 3);
  await openLog(cloud, node, 'again-2', parent);
  const second = writeLog(node, 'again-2', floorEvents(2), parent);
  await push(cloud, node, second, { from: 1, to: 2 });
  expect((await openLog(cloud, node, 'again-2', parent)).body).toMatchObject({ s: 'ok', acked: 2 });
  for (const other of [null, placeIn(first, 2)])
    expect((await openLog(cloud, node, 'again-2', other)).body.s).toBe('bad_parent');
  await openLog(cloud, node, 'again-3', placeIn(second, 2));
  expect((await openLog(cloud, node, 'again-2', parent)).body).toMatchObject({ s: 'sealed', acked: 2 });
});

test('hello says ok, behind or fork by the hash at the place that the node names', async () => {
  const { node } = await clubWith('hello', 0);
  const log = writeLog(node, 'hello', floorEvents(700));
  await push(cloud, node, log, { from: 1, to: 600 });
  const stands = { acked: 600, hash: hashHex(log, 600), cloudEpoch: 1 };
  const said = async (seq: number, hash: string) => (await hello(cloud, node, log, { seq, hash })).body;
  expect(await said(600, hashHex(log, 600))).toMatchObject({ s: 'ok', ...stands });
  expect(await said(700, hashHex(log, 700))).toMatchObject({ s: 'ok', ...stands });
  for (const seq of [0, 1, 255, 256, 599])
    expect(await said(seq, hashHex(log, seq))).toEqual({ s: 'behind', ...stands });
  for (const seq of [0, 1, 256, 599, 600]) expect(await said(seq, hashHex(log, 601))).toEqual({ s: 'fork', ...stands });
  expect((await postJson(cloud, node, UPLINK_PATHS.hello('hello'), { proto: 0, seq: 0 })).body).toEqual({
    s: 'bad_batch',
    why: 'request_invalid',
  });
});

test('a node whose log is not known hears where the mainline ends, and null where there is none', async () => {
  const fresh = await newNode(cloud);
  const nothing = writeLog(fresh, 'not-open', floorEvents(2));
  const unknown = { s: 'unknown_log', active: null, salvage: false, cloudEpoch: 1 };
  expect(await hello(cloud, fresh, nothing, { seq: 2 })).toMatchObject({ status: 404, body: unknown });
  expect((await push(cloud, fresh, nothing, { from: 1, to: 2 })).body).toEqual(unknown);
  const { node, first } = await clubWith('ends-here', 8);
  const other = writeLog(node, 'elsewhere', floorEvents(1));
  const ends = { s: 'unknown_log', active: placeIn(first, 8), salvage: false, cloudEpoch: 1 };
  expect((await hello(cloud, node, other, { seq: 1 })).body).toEqual(ends);
  expect((await push(cloud, node, other, { from: 1, to: 1 })).body).toEqual(ends);
});

test('the mainline names each log, how far it counts, and what its node spoke of; the manifest signs it', async () => {
  const { node, first } = await clubWith('chapters', 5);
  await hello(cloud, node, writeLog(node, 'chapters', floorEvents(9)), { seq: 9 });
  const second = writeLog(node, 'chapters-2', floorEvents(4), placeIn(first, 5));
  await openLog(cloud, node, 'chapters-2', placeIn(first, 5));
  await push(cloud, node, second, { from: 1, to: 3 });
  const { body } = await postJson(cloud, node, UPLINK_PATHS.mainline, { proto: 1 });
  const writer = { nodeId: node.nodeId, keyThumbprint: node.thumbprint };
  const segments = [
    { logId: 'chapters', parent: null, ...writer, upto: 5, hash: hashHex(first, 5), heardOf: 9 },
    { logId: 'chapters-2', parent: placeIn(first, 5), ...writer, upto: 3, hash: hashHex(second, 3), heardOf: 4 },
  ];
  expect(body).toEqual({ s: 'mainline', segments, manifest: expect.any(String), cloudEpoch: 1 });
  const jwks = (await cloud.app.inject('/.well-known/jwks.json')).json();
  const { payload, protectedHeader } = await compactVerify(
    'manifest' in body ? body.manifest : '',
    createLocalJWKSet(jwks),
  );
  expect(protectedHeader).toMatchObject({ alg: 'EdDSA', typ: 'clubops-manifest' });
  expect(JSON.parse(Buffer.from(payload).toString())).toEqual({
    clubId: node.clubId,
    mainlineSha256: hashOf('sha256', JSON.stringify(segments)),
    cloudEpoch: 1,
    timeMs: cloud.time.now,
  });
  expect((await postJson(cloud, await newNode(cloud), UPLINK_PATHS.mainline, { proto: 1 })).body).toMatchObject({
    segments: [],
  });
  expect((await postJson(cloud, node, UPLINK_PATHS.mainline, { proto: 0 })).body).toEqual({ s: 'proto_old', min: 1 });
});

test('hashes at any places are those of the chain, however the batches were cut, and null beyond what is stored', async () => {
  const { node } = await clubWith('hashes', 0);
  const log = writeLog(node, 'hashes', floorEvents(3_100));
  for (const [from, to] of [
    [1, 200],
    [201, 257],
    [258, 258],
    [259, 2_258],
    [2_259, 3_000],
  ] as const)
    await push(cloud, node, log, { from, to });
  const seqs = [3_000, 0, 1, 200, 256, 257, 258, 2_257, 2_258, 2_999, 3_001, 700, 700];
  const { body } = await hashes(node, 'hashes', seqs);
  expect(body).toEqual({
    s: 'hashes',
    hashes: seqs.map((seq) => (seq > 3_000 ? null : hashHex(log, seq))),
    cloudEpoch: 1,
  });
  expect((await hashes(node, 'never-seen', [0, 1])).body).toMatchObject({ hashes: [null, null] });
  expect((await hashes(node, 'hashes', [])).body).toEqual({ s: 'bad_batch', why: 'request_invalid' });
  expect((await hashes(node, 'hashes', Array(65).fill(1))).body).toEqual({ s: 'bad_batch', why: 'request_invalid' });
  expect((await hashes(node, 'hashes', [-1])).body).toEqual({ s: 'bad_batch', why: 'request_invalid' });
});

test('lines come back byte for byte, at most 2,000 and one megabyte an answer', async () => {
  const { node } = await clubWith('lines', 0);
  const text = '🦊 \u2028'.repeat(3_000);
  const log = writeLog(node, 'lines', [
    ...floorEvents(2_100),
    ...Array.from({ length: 60 }, () => ({ type: 'a.b', day: null, body: { text } })),
  ]);
  for (const [from, to] of [
    [1, 1_500],
    [1_501, 2_100],
    [2_101, 2_140],
    [2_141, 2_160],
  ] as const)
    expect((await push(cloud, node, log, { from, to })).body.s).toBe('ok');
  expect((await lines(node, 'lines', 3, 5)).body).toEqual({
    s: 'lines',
    from: 3,
    lines: log.lines.slice(2, 5),
    cloudEpoch: 1,
  });
  expect((await lines(node, 'lines', 1, 9_999)).body).toMatchObject({ lines: log.lines.slice(0, 2_000) });
  const { body } = await lines(node, 'lines', 2_101, 2_160);
  const came = body.s === 'lines' ? body.lines : [];
  expect(came).toEqual(log.lines.slice(2_100, 2_100 + came.length));
  expect(Buffer.byteLength(came.join(''))).toBeLessThanOrEqual(1_048_576);
  expect(Buffer.byteLength(log.lines.slice(2_100, 2_101 + came.length).join(''))).toBeGreaterThan(1_048_576);
  expect((await lines(node, 'lines', 2_161, 2_170)).body).toMatchObject({ s: 'lines', lines: [] });
  expect((await lines(node, 'lines', 5, 3)).body).toEqual({ s: 'bad_batch', why: 'range_empty' });
});

test('nobody reads, opens or leaves a log of another club, not even of the same organisation', async () => {
  const { node, first } = await clubWith('mine', 5);
  const other = await neighbourOf(cloud, node, 'theirs');
  const active = placeIn(writeLog(other, 'theirs', []), 0);
  expect((await hashes(other, 'mine', [0, 5])).body).toMatchObject({ hashes: [null, null] });
  expect((await lines(other, 'mine', 1, 5)).body).toEqual({
    s: 'unknown_log',
    active,
    salvage: false,
    cloudEpoch: 1,
  });
  expect((await openLog(cloud, other, 'mine', null)).body.s).toBe('bad_parent');
  expect((await openLog(cloud, other, 'mine', active)).body.s).toBe('bad_parent');
  expect((await openLog(cloud, other, 'from-mine', placeIn(first, 5))).body.s).toBe('bad_parent');
  expect((await mainline(other)).map(({ logId }) => logId)).toEqual(['theirs']);
  expect((await mainline(node)).map(({ logId }) => logId)).toEqual(['mine']);
  expect((await lines(node, 'mine', 1, 5)).body).toMatchObject({ s: 'lines', from: 1 });
});
