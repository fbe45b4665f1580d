import { afterAll, beforeAll, expect, test } from 'vitest';
import { FEED_ITEMS_MAX } from '#shared/contract/feed.ts';
import { UPLINK_PATHS } from '#shared/contract/uplink.ts';
import { buildCloud, verifyBatch } from '../../control-plane/app.ts';
import { buildTestCloud, type TestCloud } from '../support/cloud.ts';
import { askFeed, askSnapshot, followAll, hqOf } from './feed-node.ts';
import { newNode, postJson, signedPost, type TestNode } from './signing-node.ts';

const CONNECTIONS = 5;
const WAIT_MS = 25_000;
let cloud: TestCloud;
beforeAll(async () => {
  cloud = await buildTestCloud({ connections: CONNECTIONS });
});
afterAll(() => cloud.close());

const by = 'Hanna of HQ';
const rename = (node: TestNode, value: string | null, over: object = {}) =>
  hqOf(cloud, node)('PUT', '/shared-fields', {
    coll: 'dancer',
    id: 'dn_1',
    field: 'stage_name',
    baseFv: 0,
    value,
    by,
    ...over,
  });
const message = { cmd: 'message.post', args: { text: 'Hello' }, lifeMs: 60_000, by };

test('a new club has an empty feed, and a cursor that goes on from it', async () => {
  const node = await newNode(cloud);
  const { status, body } = await askFeed(cloud, node, null);
  expect(status).toBe(200);
  expect(body).toMatchObject({ s: 'feed', from: 0, to: 0, items: [], cloudEpoch: 1 });
  await rename(node, 'Nova');
  if (body.s !== 'feed') throw new Error(body.s);
  expect((await askFeed(cloud, node, body.cursor)).body).toMatchObject({
    s: 'feed',
    feed: body.feed,
    from: 0,
    to: 1,
    items: [
      { rev: 1, op: 'set', coll: 'dancer', id: 'dn_1', fields: { stage_name: { value: 'Nova', fv: 1, edit: null } } },
    ],
  });
});

test('polls that wait all hear of the news', async () => {
  const node = await newNode(cloud);
  const { cursor } = await followAll(cloud, node, null);
  const polls = Array.from({ length: CONNECTIONS * 3 }, () => askFeed(cloud, node, cursor, WAIT_MS));
  expect((await rename(node, 'Nova')).status).toBe(200);
  const answers = await Promise.all(polls);
  expect(answers.map(({ body }) => body.s === 'feed' && body.items.length)).toEqual(polls.map(() => 1));
});

test('news that another replica made is found by looking again', async () => {
  const node = await newNode(cloud);
  const { cursor } = await followAll(cloud, node, null);
  const replica = await buildCloud({
    database: cloud.pool,
    clock: () => cloud.time.now,
    random: (bytes) => Buffer.alloc(bytes, 9),
    verifyBatch,
    adminToken: cloud.adminToken,
    logger: false,
  });
  const poll = askFeed(cloud, node, cursor, WAIT_MS);
  await hqOf({ ...cloud, app: replica.app }, node)('POST', '/commands', message);
  expect((await poll).body).toMatchObject({ s: 'feed', items: [{ op: 'cmd' }] });
  await replica.close();
});

test(`an answer carries ${FEED_ITEMS_MAX} revisions at most, and the next one goes on from there`, async () => {
  const node = await newNode(cloud);
  const wanted = FEED_ITEMS_MAX * 2 + 30;
  for (let at = 0; at < wanted; at += 1)
    await hqOf(cloud, node)('POST', '/notes', { dancer: 'dn_1', text: `${at}`, by });
  const { body } = await askFeed(cloud, node, null);
  expect(body).toMatchObject({ s: 'feed', from: 0, to: FEED_ITEMS_MAX });
  const { items } = await followAll(cloud, node, null);
  expect(items.map(({ rev }) => rev)).toEqual(Array.from({ length: wanted }, (_none, at) => at + 1));
});

test('a club sees its own feed and no other, also of the same name', async () => {
  const [mine, other] = [await newNode(cloud), await newNode(cloud)];
  await rename(other, 'Nova');
  const theirs = await followAll(cloud, other, null);
  expect((await followAll(cloud, mine, null)).items).toEqual([]);
  expect((await askFeed(cloud, mine, theirs.cursor)).body).toMatchObject({ s: 'feed_gone' });
  expect((await askFeed(cloud, mine, theirs.cursor)).body).not.toMatchObject({ feed: theirs.feed });
  const page = await askSnapshot(cloud, mine, null);
  expect(page.body).toMatchObject({ s: 'snapshot', lines: [] });
});

test('what is not asked as described is refused, and nothing unsigned is answered', async () => {
  const node = await newNode(cloud);
  const ask = async (body: object) => (await postJson(cloud, node, UPLINK_PATHS.feed, body)).body;
  expect(await ask({ proto: 1, cursor: 'nonsense', waitMs: 0 })).toEqual({ s: 'bad_batch', why: 'cursor_unreadable' });
  expect(await ask({ proto: 1, cursor: null, waitMs: WAIT_MS + 1 })).toMatchObject({ s: 'bad_batch' });
  expect(await ask({ proto: 1, cursor: null, waitMs: 0, more: 1 })).toMatchObject({ s: 'bad_batch' });
  expect(await ask({ proto: 2, cursor: null, waitMs: 0 })).toEqual({ s: 'proto_old', min: 1 });
  const broken = { path: UPLINK_PATHS.feed, body: Buffer.from('{'), type: 'application/json' };
  expect((await signedPost(cloud, node, broken)).body).toMatchObject({ s: 'bad_batch' });
  const other = await newNode(cloud);
  const forged = { ...other, key: node.key };
  expect((await askFeed(cloud, forged, null)).body).toEqual({ s: 'not_signed' });
  await hqOf(cloud, node)('POST', '/node/revoke');
  expect((await askFeed(cloud, node, null)).body).toEqual({ s: 'revoked' });
  expect((await askSnapshot(cloud, node, null)).body).toEqual({ s: 'revoked' });
});

test('a snapshot names a club once for all its pages, signed over its lines, and is made anew after news', async () => {
  const node = await newNode(cloud);
  await rename(node, 'Nova');
  const { body } = await askSnapshot(cloud, node, null);
  if (body.s !== 'snapshot') throw new Error(body.s);
  const words: unknown = JSON.parse(Buffer.from(body.manifest.split('.')[1] ?? '', 'base64url').toString());
  expect(words).toMatchObject({ clubId: node.clubId, feed: body.feed, rev: 1, n: 1, cloudEpoch: 1 });
  expect(body).toMatchObject({ at: 0, page: null });
  await rename(node, 'Opal', { baseFv: 1 });
  await hqOf(cloud, node)('POST', '/feed/reset', {});
  expect((await askSnapshot(cloud, node, null)).body).toMatchObject({ s: 'snapshot', rev: 2 });
});

test('headquarters’ routes are shut without the token, name what is unknown, and refuse what was not asked for', async () => {
  const node = await newNode(cloud);
  const nowhere = { clubId: 'c999999-1' };
  const ban = { dancer: 'dn_1', kind: 'banned', reason: 'Fight', by };
  const shut = await cloud.app.inject({
    method: 'POST',
    url: `/api/v1/clubs/${node.clubId}/commands`,
    payload: message,
  });
  expect(shut.statusCode).toBe(401);
  expect((await hqOf(cloud, nowhere)('POST', '/commands', message)).body.code).toBe('club_unknown');
  expect((await hqOf(cloud, nowhere)('POST', '/restrictions', ban)).body.code).toBe('club_unknown');
  expect((await hqOf(cloud, nowhere)('POST', '/feed/reset', {})).body.code).toBe('club_unknown');
  expect((await hqOf(cloud, node)('POST', '/restrictions', { ...ban, kind: 'disliked' })).status).toBe(400);
  expect((await hqOf(cloud, node)('POST', '/restrictions', { ...ban, more: 1 })).status).toBe(400);
  expect((await hqOf(cloud, node)('POST', '/restrictions/rs_0/lift', { reason: 'x', by })).body.code).toBe(
    'restriction_unknown',
  );
  expect((await hqOf(cloud, node)('POST', '/reviews/rv_0/decision', { choice: 'hq', by, why: 'x' })).body.code).toBe(
    'review_unknown',
  );
  expect((await rename(node, 'x'.repeat(81))).body).toMatchObject({ code: 'not_yours_to_set', detail: 'body_invalid' });
  const paths = Object.keys((await cloud.app.inject('/api/v1/openapi.json')).json().paths);
  expect(paths).toContain('/api/v1/clubs/{clubId}/shared-fields');
});

test('headquarters on a stale base over a later value of the club is refused: it looks first', async () => {
  const node = await newNode(cloud);
  await rename(node, 'Nova');
  cloud.time.now -= 1_000;
  expect((await rename(node, 'Opal')).body.code).toBe('overridden');
  cloud.time.now += 1_000;
  expect(await rename(node, 'Opal', { baseFv: 1 })).toMatchObject({ status: 200, body: { fv: 2 } });
});
