import { afterAll, beforeAll, expect, test } from 'vitest';
import { UPLINK_PATHS } from '#shared/contract/uplink.ts';
import { genesisHash } from '#shared/log/chain.ts';
import { renumbered } from '#shared/log/line.ts';
import { buildTestCloud, type TestCloud } from '../support/cloud.ts';
import { askFeed, followAll, hqOf } from './feed-node.ts';
import { admin, enrol, newKey, newOpenNode, postJson, push, writeLog, type TestNode } from './signing-node.ts';

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await buildTestCloud();
});
afterAll(() => cloud.close());

const ACTOR = { kind: 'staff', id: 'st_1', dev: 'dv_1', auth: 'pin' };
const EDIT = { coll: 'dancer', id: 'dn_1', field: 'stage_name', edit: 'ed_1', baseFv: 0, after: null, value: 'Luna' };
const edited = (over: object = {}) => ({
  type: 'shared_field.edited',
  tv: 1,
  day: null,
  actor: ACTOR,
  body: { ...EDIT, editedAt: cloud.time.now, ...over },
});

/** Pushes these events as a log and lets the cloud take what they say. */
async function upWith(name: string, events: readonly object[]): Promise<TestNode> {
  const node = await newOpenNode(cloud, name);
  const { body } = await push(cloud, node, writeLog(node, name, events), { from: 1, to: events.length });
  expect(body.s).toBe('ok');
  await cloud.project();
  return node;
}
const feedOf = async (node: TestNode) => (await followAll(cloud, node, null)).items;
const fieldsOf = async (node: TestNode, coll = 'dancer') =>
  (await hqOf(cloud, node)('GET', `/shared-fields?coll=${coll}`)).body.fields;
const aside = async (node: TestNode) => (await hqOf(cloud, node)('GET', '/edits-aside')).body.edits;

test('an edit that comes again under the same event id, as in a log that it was carried into, has no second effect', async () => {
  const node = await upWith('twice', [
    { ...edited(), id: 'ev_1' },
    { ...edited({ edit: 'ed_2', after: 'ed_1', value: 'Lotus' }), id: 'ev_2' },
    { ...edited(), id: 'ev_1' },
  ]);
  expect(await fieldsOf(node)).toMatchObject([{ fv: 2, value: 'Lotus', origin: 'floor', by: 'st_1' }]);
  expect((await feedOf(node)).length).toBe(2);
});

test('edits are taken once, by however many replicas at a time, and also where the nights can’t read their log', async () => {
  const node = await newOpenNode(cloud, 'replicas');
  const events = [
    { type: 'Not A Type', day: 'd', body: {} },
    edited(),
    edited({ edit: 'ed_2', after: 'ed_1', value: 'Lotus' }),
  ];
  await push(cloud, node, writeLog(node, 'replicas', events), { from: 1, to: 3 });
  await Promise.all([cloud.project(), cloud.project(), cloud.project()]);
  await cloud.project();
  expect(await fieldsOf(node)).toMatchObject([{ fv: 2, value: 'Lotus' }]);
});

test('an edit that can’t be read is set aside with its reason, and those behind it are taken', async () => {
  const newer = { ...edited(), tv: 99 };
  const node = await upWith('poison', [
    edited({ baseFv: -1 }),
    { ...edited({ coll: 'price_template', value: 'x' }) },
    {
      type: 'dancer.restricted',
      tv: 1,
      day: null,
      actor: ACTOR,
      body: { restriction: 'rs_1', dancer: 'dn_1', kind: 'banned', reason: 'a\u0000b', origin: 'floor', by: 'st_1' },
    },
    newer,
    edited(),
  ]);
  expect(await aside(node)).toEqual([
    { logId: 'poison', seq: 1, reason: 'unreadable' },
    { logId: 'poison', seq: 3, reason: 'not_taken_22021' },
    { logId: 'poison', seq: 4, reason: 'version_unknown' },
  ]);
  expect(await fieldsOf(node)).toMatchObject([{ fv: 1, value: 'Luna' }]);
});

test('the floor’s edit of what is headquarters’ is answered with a reason, and changes nothing', async () => {
  const node = await upWith('cloud-owned', [edited({ coll: 'flags', id: 'x', field: 'new_floor', value: 'on' })]);
  expect(await feedOf(node)).toMatchObject([
    { op: 'notice', coll: 'flags', edit: 'ed_1', outcome: 'refused', refusal: 'cloud_owned' },
  ]);
  expect(await fieldsOf(node, 'flags')).toEqual([]);
});

test('a legal name is never taken by itself: its ciphertext waits for a person, and the box hears who holds', async () => {
  const sealed = 'v1.c2VhbGVk';
  const legal = { ...edited({ field: 'legal_name', value: null }), pii: { dn_1: { legal_name: sealed } } };
  const node = await upWith('legal', [legal, edited({ field: 'legal_name', value: 'In Clear', edit: 'ed_2' })]);
  const [review, ...more] = (await hqOf(cloud, node)('GET', '/reviews')).body.reviews;
  expect(review).toMatchObject({ kind: 'review', field: 'legal_name', hqValue: null, floorValue: sealed });
  expect(more).toEqual([]);
  expect(await fieldsOf(node)).toEqual([]);
  const decide = { choice: 'floor', by: 'Carla of compliance', why: 'Seen the card' };
  await hqOf(cloud, node)('POST', `/reviews/${review.review}/decision`, decide);
  expect(await feedOf(node)).toMatchObject([
    { op: 'notice', edit: 'ed_1', outcome: 'review' },
    { op: 'notice', edit: 'ed_2', outcome: 'refused', refusal: 'needs_review' },
    { op: 'notice', edit: 'ed_1', outcome: 'accepted' },
  ]);
});

test('a floor’s lift clears what the floor set and nothing of headquarters’', async () => {
  const set = (restriction: string, origin: string) => ({
    type: 'dancer.restricted',
    tv: 1,
    day: null,
    actor: ACTOR,
    body: { restriction, dancer: 'dn_1', kind: 'banned', reason: 'Fight', origin, by: 'st_1' },
  });
  const lift = (restriction: string) => ({
    type: 'dancer.restriction_lifted',
    tv: 1,
    day: null,
    actor: ACTOR,
    body: { restriction, dancer: 'dn_1', reason: 'Talked', origin: 'floor', by: 'st_1' },
  });
  const node = await newOpenNode(cloud, 'lifts');
  const ban = { dancer: 'dn_1', kind: 'banned', reason: 'Fight', by: 'HQ' };
  const { restriction } = (await hqOf(cloud, node)('POST', '/restrictions', ban)).body;
  const events = [set('rs_floor', 'floor'), lift('rs_floor'), lift(restriction), lift('rs_nobody')];
  await push(cloud, node, writeLog(node, 'lifts', events), { from: 1, to: 4 });
  await cloud.project();
  const { restrictions } = (await hqOf(cloud, node)('GET', '/restrictions?dancer=dn_1')).body;
  const lifted = Object.fromEntries(
    restrictions.map((one: { restriction: string; lifted: object | null }) => [one.restriction, one.lifted !== null]),
  );
  expect(lifted).toEqual({ rs_floor: true, [restriction]: false });
});

test('a text of a person that looks like an edit is none', async () => {
  const node = await upWith('looks-like', [
    { type: 'house_fee.deferred', day: null, body: { reason: '"type":"shared_field.edited"' } },
  ]);
  expect(await feedOf(node)).toEqual([]);
  expect(await aside(node)).toEqual([]);
  expect((await admin(cloud, 'GET', `/clubs/${node.clubId}/log`)).body).toMatchObject({ acked: 1 });
});

test('what a box that was replaced still brings counts when the live box has carried it, and then once', async () => {
  const rename = (edit: string, value: string, after: string | null) => ({
    ...edited({ edit, value, after }),
    id: edit,
  });
  const old = await newOpenNode(cloud, 'old-box');
  const written = writeLog(old, 'old-box', [rename('ed_1', 'Luna', null), rename('ed_2', 'Lotus', 'ed_1')]);
  await push(cloud, old, written, { from: 1, to: 1 });
  const { code } = (await admin(cloud, 'POST', `/clubs/${old.clubId}/enrolment-codes`, { replace: true })).body;
  const { key, publicKey, thumbprint } = newKey();
  const { body: enrolled } = await enrol(cloud, code, publicKey);
  const fresh: TestNode = { ...old, key, thumbprint, nodeId: enrolled.nodeId };
  await push(cloud, old, written, { from: 2, to: 2 });
  await cloud.project();
  expect(await fieldsOf(fresh)).toMatchObject([{ fv: 1, value: 'Luna' }]);
  expect((await askFeed(cloud, old, null)).body).toEqual({ s: 'fenced' });

  const parent = { logId: 'old-box', seq: 1, hash: written.hashes[1]?.toString('hex') ?? '' };
  const opening = { proto: 1, logId: 'new-box', parent, keyThumbprint: thumbprint };
  expect((await postJson(cloud, fresh, UPLINK_PATHS.logs, opening)).body.s).toBe('ok');
  const genesis = genesisHash({ logId: 'new-box', parent, nodeId: fresh.nodeId, keyThumbprint: thumbprint });
  const lines = [1, 2].map((seq) => renumbered(written.lines[1] ?? '', seq));
  const carried = { logId: 'new-box', lines, hashes: [genesis] };
  expect((await push(cloud, fresh, carried, { from: 1, to: 2 })).body.s).toBe('ok');
  await cloud.project();
  expect(await fieldsOf(fresh)).toMatchObject([{ fv: 2, value: 'Lotus' }]);
});
