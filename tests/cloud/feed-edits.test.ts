import { afterAll, beforeAll, expect, test } from 'vitest';
import { inTenant } from '../../control-plane/db/tenant.ts';
import { buildTestCloud, type TestCloud } from '../support/cloud.ts';
import { followAll, hqOf } from './feed-node.ts';
import { admin, newOpenNode, orgOf, push, writeLog, type TestNode } from './signing-node.ts';

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await buildTestCloud();
});
afterAll(() => cloud.close());

const ACTOR = { kind: 'staff', id: 'st_1', dev: 'dv_1', auth: 'pin' };
const EDIT = { coll: 'dancer', id: 'dn_1', field: 'stage_name', edit: 'ed_1', baseFv: 0, after: null, value: 'Luna' };
const edited = (over: object = {}) => ({
  type: 'shared_field.edited',
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
const quarantined = (node: TestNode) =>
  inTenant(
    cloud.pool,
    orgOf(node),
    async ({ client }) =>
      (await client.query<{ seq: string; reason: string }>('SELECT seq, reason FROM quarantine ORDER BY seq')).rows,
  );

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
  const node = await upWith('poison', [
    edited({ baseFv: -1 }),
    { ...edited({ coll: 'price_template', value: 'x' }) },
    {
      type: 'dancer.restricted',
      day: null,
      actor: ACTOR,
      body: { restriction: 'rs_1', dancer: 'dn_1', kind: 'banned', reason: 'a\u0000b', origin: 'floor', by: 'st_1' },
    },
    edited(),
  ]);
  expect(await quarantined(node)).toEqual([
    { seq: '1', reason: 'edit_unreadable' },
    { seq: '3', reason: 'edit_not_taken_22021' },
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
    day: null,
    actor: ACTOR,
    body: { restriction, dancer: 'dn_1', kind: 'banned', reason: 'Fight', origin, by: 'st_1' },
  });
  const lift = (restriction: string) => ({
    type: 'dancer.restriction_lifted',
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
  expect(await quarantined(node)).toEqual([]);
  expect((await admin(cloud, 'GET', `/clubs/${node.clubId}/log`)).body).toMatchObject({ acked: 1 });
});
