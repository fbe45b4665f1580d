import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { genesisHash, nextHash } from '#shared/log/chain.ts';
import { readSegment, segmentRows } from '#shared/log/segment.ts';
import { buildCloud, verifyBatch } from '../../control-plane/app.ts';
import { buildTestCloud, type TestCloud } from '../support/cloud.ts';
import {
  admin,
  floorEvents,
  hashHex,
  hello,
  neighbourOf,
  newClub,
  newNode,
  newOpenNode,
  openLog,
  orgOf,
  placeIn,
  push,
  replaceNode,
  STATUS,
  writeLog,
  type TestNode,
} from './signing-node.ts';

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await buildTestCloud();
});
afterAll(() => cloud.close());

const alerts = async ({ clubId }: TestNode) => (await admin(cloud, 'GET', `/clubs/${clubId}/alerts`)).body.alerts;

test('S8: whoever speaks of a log that its box left is taken for a clone, once for each log, until a person closes it', async () => {
  const node = await newOpenNode(cloud, 'left');
  const log = writeLog(node, 'left', floorEvents(9));
  await push(cloud, node, log, { from: 1, to: 6 });
  await openLog(cloud, node, 'left-2', placeIn(log, 6));
  expect(await alerts(node)).toEqual([]);
  await push(cloud, node, log, { from: 7, to: 9 });
  const [raised] = await alerts(node);
  expect(raised).toMatchObject({
    kind: 'clone_suspected',
    about: 'left',
    detail: { nodeId: node.nodeId, sealedAt: 6 },
    closedAt: null,
  });
  await hello(cloud, node, log, { seq: 9 });
  await openLog(cloud, node, 'left', null);
  await openLog(cloud, node, 'left-other', placeIn(log, 6));
  expect(await alerts(node)).toHaveLength(1);
  const close = (id: number) => admin(cloud, 'POST', `/clubs/${node.clubId}/alerts/${id}/close`, { why: 'seen to' });
  cloud.time.now += 1_000;
  expect((await close(raised.id)).status).toBe(204);
  expect(await alerts(node)).toEqual([
    { ...raised, closedAt: new Date(cloud.time.now).toISOString(), closedWhy: 'seen to' },
  ]);
  expect((await close(raised.id)).body.code).toBe('alert_unknown');
  expect((await close(999_999)).body.code).toBe('alert_unknown');
});

test.each([
  ['says hello for', (node: TestNode) => hello(cloud, node, writeLog(node, 'said', floorEvents(2)), { seq: 2 })],
  ['opens', (node: TestNode) => openLog(cloud, node, 'said')],
  [
    'goes on from',
    (node: TestNode) => openLog(cloud, node, 'other', placeIn(writeLog(node, 'said', floorEvents(2)), 2)),
  ],
])('S8: a clone is suspected as well when a box %s a log that it left', async (_how, speak) => {
  const own = await buildTestCloud();
  const asked = cloud;
  cloud = own;
  try {
    const node = await newOpenNode(own, 'said');
    const log = writeLog(node, 'said', floorEvents(2));
    await push(own, node, log, { from: 1, to: 2 });
    await openLog(own, node, 'said-2', placeIn(log, 2));
    await speak(node);
    expect(await alerts(node)).toMatchObject([{ kind: 'clone_suspected', about: 'said' }]);
  } finally {
    cloud = asked;
    await own.close();
  }
});

test('a box that was replaced is no clone, and a log that it left by being replaced raises nothing', async () => {
  const old = await newOpenNode(cloud, 'no-clone');
  const log = writeLog(old, 'no-clone', floorEvents(3));
  await push(cloud, old, log, { from: 1, to: 2 });
  const { node: fresh } = await replaceNode(cloud, old);
  await openLog(cloud, fresh, 'no-clone-2', placeIn(log, 2));
  await push(cloud, old, log, { from: 3, to: 3 });
  await hello(cloud, old, log, { seq: 3 });
  expect(await alerts(fresh)).toEqual([]);
});

test('a fork is seen by hello and by push, and is one alert', async () => {
  const node = await newOpenNode(cloud, 'forked');
  const log = writeLog(node, 'forked', floorEvents(9));
  await push(cloud, node, log, { from: 1, to: 6 });
  await hello(cloud, node, log, { seq: 4, hash: hashHex(log, 5) });
  await push(cloud, node, log, { from: 7, to: 9, header: { prev: '22'.repeat(32) } });
  expect(await alerts(node)).toMatchObject([{ kind: 'fork_seen', about: 'forked', detail: { seq: 4, acked: 6 } }]);
  const pushed = await newOpenNode(cloud, 'forked-push');
  await push(cloud, pushed, log, { from: 7, to: 9 });
  const own = writeLog(pushed, 'forked-push', floorEvents(1));
  await push(cloud, pushed, own, { from: 1, to: 1, header: { prev: '22'.repeat(32) } });
  expect(await alerts(pushed)).toMatchObject([{ about: 'forked-push', detail: { seq: 1, acked: 0 } }]);
});

test('alerts of a club are of that club, and an unknown one has none', async () => {
  const { clubId } = await newClub(cloud);
  expect((await admin(cloud, 'GET', `/clubs/${clubId}/alerts`)).body).toEqual({ alerts: [] });
  expect((await admin(cloud, 'GET', '/clubs/c999999-1/alerts')).body.code).toBe('club_unknown');
  const node = await newOpenNode(cloud, 'whose');
  const neighbour = await neighbourOf(cloud, node, 'next-door');
  await hello(cloud, node, writeLog(node, 'whose', []), { seq: 0, hash: '33'.repeat(32) });
  const [{ id }] = await alerts(node);
  const elsewhere = await admin(cloud, 'POST', `/clubs/${clubId}/alerts/${id}/close`, { why: 'not mine' });
  expect(elsewhere.body.code).toBe('alert_unknown');
  const nextDoor = await admin(cloud, 'POST', `/clubs/${neighbour.clubId}/alerts/${id}/close`, { why: 'not mine' });
  expect(nextDoor.body.code).toBe('alert_unknown');
  expect(await alerts(neighbour)).toEqual([]);
});

test('the status is the newest word of the live box, told also before it opened a log and while its backlog waits', async () => {
  const node = await newNode(cloud);
  const status = async () => (await admin(cloud, 'GET', `/clubs/${node.clubId}/status`)).body;
  expect((await status()).code).toBe('box_silent');
  const log = writeLog(node, 'status', floorEvents(50));
  await hello(cloud, node, log, { seq: 0, status: { ...STATUS, secondCopy: 'whole' } });
  const told = { version: '1.0.0', logId: 'status', head: 0, waiting: 0, oldestMs: null, secondCopy: 'whole' };
  expect(await status()).toEqual({ ...told, toldAt: new Date(cloud.time.now).toISOString(), log: null });

  await openLog(cloud, node, 'status');
  await push(cloud, node, log, { from: 1, to: 10 });
  cloud.time.now += 60_000;
  const behind = { version: '1.0.1', waiting: 40, oldestMs: 7_200_000, secondCopy: 'lost' } as const;
  await hello(cloud, node, log, { seq: 50, status: behind });
  const { node: fresh } = await replaceNode(cloud, node);
  await hello(cloud, node, log, { seq: 50, status: { ...STATUS, version: 'fenced' } });
  expect(await status()).toMatchObject({
    ...behind,
    head: 50,
    toldAt: new Date(cloud.time.now).toISOString(),
    log: { logId: 'status', state: 'salvage', acked: 10, behind: 40 },
  });
  await hello(cloud, fresh, writeLog(fresh, 'status-2', []), { seq: 0 });
  expect(await status()).toMatchObject({ version: '1.0.0', logId: 'status-2', waiting: 0 });
});

test('a cloud that was restored says so in every answer from then on, above every epoch that it ever said', async () => {
  const own = await buildTestCloud();
  const node = await newOpenNode(own, 'epoch');
  const log = writeLog(node, 'epoch', floorEvents(5));
  const epochs = async () => {
    const { node: next, answer } = await replaceNode(own, node);
    const answers = [
      await push(own, node, log, { from: 1, to: 5 }),
      await hello(own, next, writeLog(next, 'epoch-2', []), { seq: 0 }),
      await openLog(own, next, 'epoch-none', placeIn(log, 4)),
    ];
    return new Set([answer.cloudEpoch, ...answers.map(({ body }) => ('cloudEpoch' in body ? body.cloudEpoch : null))]);
  };
  expect(await epochs()).toEqual(new Set([1]));
  expect((await admin(own, 'POST', '/cloud/restored', {})).body.code).toBe('invalid_request');
  const first = (await admin(own, 'POST', '/cloud/restored', { why: 'disk burnt' })).body.epoch;
  expect(first).toBeGreaterThan(1);
  expect(await epochs()).toEqual(new Set([first]));
  const second = (await admin(own, 'POST', '/cloud/restored', { why: 'again' })).body.epoch;
  expect(second).toBe(first + 1);
  // The next backup is from before: the database counts from 1 again, and another process starts on it later.
  await own.pool.query('UPDATE cloud_state SET epoch = 1');
  own.time.now += 5_000;
  const replica = await buildCloud({
    database: own.pool,
    clock: () => own.time.now,
    random: (bytes) => Buffer.alloc(bytes, 7),
    verifyBatch,
    adminToken: own.adminToken,
    logger: false,
  });
  const third = (await admin({ ...own, ...replica }, 'POST', '/cloud/restored', { why: 'third' })).body.epoch;
  expect(third).toBeGreaterThan(second);
  await replica.close();
  await own.close();
});

test('the history of a club is a file that proves itself, log after log, with no end of a fenced box in it', async () => {
  const old = await newOpenNode(cloud, 'file');
  const log = writeLog(old, 'file', floorEvents(2_500));
  await push(cloud, old, log, { from: 1, to: 2_000 });
  await push(cloud, old, log, { from: 2_001, to: 2_400 });
  const { node } = await replaceNode(cloud, old);
  await push(cloud, old, log, { from: 2_401, to: 2_500 });
  const parent = placeIn(log, 2_400);
  const next = writeLog(node, 'file-2', floorEvents(7), parent);
  await openLog(cloud, node, 'file-2', parent);
  await push(cloud, node, next, { from: 1, to: 7 });
  await openLog(cloud, node, 'file-3', placeIn(next, 7));

  const url = `/api/v1/clubs/${node.clubId}/history`;
  const headers = { authorization: `Bearer ${cloud.adminToken}` };
  const response = await cloud.app.inject({ url, headers });
  expect(response.headers['content-type']).toBe('application/x-ndjson');
  const { stretches, goodTo } = readSegment(response.rawPayload, null);
  // The last log has no event yet: all that is behind the last mark is its head.
  expect(response.rawPayload.subarray(goodTo).toString()).toMatch(
    /^\{"clubops":"segment\.v1","genesis":\{"logId":"file-3".*\n$/,
  );
  expect(stretches.map(({ genesis, from, lines }) => [genesis.logId, from, lines.length])).toEqual([
    ['file', 1, 2_400],
    ['file-2', 1, 7],
  ]);
  expect(stretches.flatMap(({ lines }) => lines)).toEqual([...log.lines.slice(0, 2_400), ...next.lines]);
  for (const { genesis, hash, lines } of stretches)
    expect(lines.reduce((last, line) => nextHash(last, line), genesisHash(genesis)).toString('hex')).toBe(hash);
  const marks = [...segmentRows(response.rawPayload)].flatMap((row) => (row.kind === 'mark' ? [row.mark] : []));
  expect(marks.map(({ seq, hash, mac, each }) => [seq, hash, mac, each.length])).toEqual([
    [2_000, hashHex(log, 2_000), null, 16_000],
    [2_400, hashHex(log, 2_400), null, 3_200],
    [7, hashHex(next, 7), null, 56],
  ]);
  expect(stretches[1]?.genesis).toEqual({
    logId: 'file-2',
    parent,
    nodeId: node.nodeId,
    keyThumbprint: node.thumbprint,
  });
  expect((await cloud.app.inject({ url })).statusCode).toBe(401);
  const { clubId } = await newClub(cloud);
  expect((await admin(cloud, 'GET', `/clubs/${clubId}/history`)).body.code).toBe('log_unknown');
});

test('a history whose lines were changed beneath the cloud breaks off instead of ending well', async () => {
  const node = await newOpenNode(cloud, 'rotten');
  await push(cloud, node, writeLog(node, 'rotten', floorEvents(20)), { from: 1, to: 20 });
  const owner = new pg.Client({ connectionString: cloud.ownerUrl });
  await owner.connect();
  await owner.query(`UPDATE event SET line = replace(line, '"away":2', '"away":3') WHERE org = $1 AND seq = 7`, [
    orgOf(node),
  ]);
  await owner.end();
  const headers = { authorization: `Bearer ${cloud.adminToken}` };
  const asked = cloud.app.inject({ url: `/api/v1/clubs/${node.clubId}/history`, headers });
  await expect(asked).rejects.toThrow(/response destroyed before completion/i);
});

test('more requests than the database can serve are sent away for a while, each for another one', async () => {
  const own = await buildTestCloud({ connections: 1 });
  const node = await newOpenNode(own, 'busy');
  const log = writeLog(node, 'busy', floorEvents(1));
  const client = await own.pool.connect();
  const crowd = Array.from({ length: 130 }, () => own.pool.query('SELECT 1'));
  const waits = new Set<number>();
  for (let round = 0; round < 5; round += 1) {
    const { status, body } = await push(own, node, log, { from: 1, to: 1 });
    expect([status, body.s]).toEqual([429, 'slow']);
    if (body.s === 'slow') waits.add(body.retryMs);
  }
  expect(waits.size).toBeGreaterThan(1);
  expect([...waits].every((ms) => ms >= 2_000 && ms < 10_000)).toBe(true);
  client.release();
  await Promise.all(crowd);
  expect((await push(own, node, log, { from: 1, to: 1 })).body).toMatchObject({ s: 'ok', next: { minMs: 0 } });
  await own.close();
});

test('while others wait for the database, a node is asked to pause between its pushes', async () => {
  const own = await buildTestCloud({ connections: 1 });
  const node = await newOpenNode(own, 'pause');
  const log = writeLog(node, 'pause', floorEvents(1));
  const pushing = Array.from({ length: 12 }, () => push(own, node, log, { from: 1, to: 1 }));
  const pauses = (await Promise.all(pushing)).map(({ body }) => (body.s === 'ok' ? body.next.minMs : -1));
  expect(Math.min(...pauses)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...pauses)).toBeGreaterThanOrEqual(250);
  await own.close();
});
