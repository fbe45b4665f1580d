import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aggregateOf } from '../../control-plane/features/ingest/projection.ts';
import { inTenant } from '../../control-plane/db/tenant.ts';
import { buildTestCloud, type TestCloud } from '../support/cloud.ts';
import {
  admin,
  DAY,
  floorEvents,
  newNode,
  newOpenNode,
  openLog,
  orgOf,
  placeIn,
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

type HeldEvent = {
  readonly log: string;
  readonly seq: number;
  readonly reason: string;
  readonly aggregate: string | null;
};
const page = async ({ clubId }: TestNode, query = '') =>
  (await admin(cloud, 'GET', `/clubs/${clubId}/quarantine${query}`)).body.events as (HeldEvent & {
    readonly line: string;
    readonly why: string | null;
  })[];
const held = async (node: TestNode) => (await page(node)).map(({ seq, reason }) => [seq, reason]);
const counts = async ({ clubId }: TestNode) =>
  (await admin(cloud, 'GET', `/clubs/${clubId}/nights`)).body.nights[0]?.counts;
const clubLog = async ({ clubId }: TestNode) => (await admin(cloud, 'GET', `/clubs/${clubId}/log`)).body;
const decide = (node: TestNode, how: 'release' | 'drop', log: string, seq: number) =>
  admin(cloud, 'POST', `/clubs/${node.clubId}/quarantine/${how}`, { log, seq, why: 'looked at it' });

const vip = (step: string, session: string, postings?: unknown) => ({
  type: `room_session.${step}`,
  day: DAY,
  body: { session, ...(postings === undefined ? {} : { postings }) },
});
const money = (cents: number) => [
  { account: 'cash_drawer:front', cents },
  { account: 'dancer:d1', cents: -cents },
];

/** A club whose VIP session `s1` can't be counted from its second event on, beside another session that can. */
async function withPoison(logId: string): Promise<{ node: TestNode; log: Written }> {
  const node = await newOpenNode(cloud, logId);
  const log = writeLog(node, logId, [
    vip('quoted', 's1'),
    vip('quoted', 's2'),
    vip('started', 's1', 'all of it'),
    vip('started', 's2', money(500)),
    vip('ended', 's1'),
    vip('settled', 's1', money(900)),
    vip('ended', 's2'),
    ...floorEvents(3),
    vip('tipped', 's1'),
    ...floorEvents(2),
  ]);
  await push(cloud, node, log, { from: 1, to: 7 });
  await cloud.project();
  return { node, log };
}

/** Makes the next addition to the drawer's total of the night overflow, or puts it right again. */
async function drawerIsFull(node: TestNode, cents: bigint): Promise<void> {
  await inTenant(cloud.pool, orgOf(node), ({ client }) =>
    client.query(
      `INSERT INTO night_total SELECT org, club, $1, 'cash_drawer', $2::bigint FROM club
       ON CONFLICT (org, club, day, class) DO UPDATE SET cents = excluded.cents`,
      [DAY, cents.toString()],
    ),
  );
}

describe('S14: poison event', () => {
  test('it is stored and acknowledged, the next thousand count, and the quarantine has 1', async () => {
    const node = await newOpenNode(cloud, 'poison');
    const poison = { type: 'house_fee.paid', day: DAY, body: { postings: 'all of it' } };
    const log = writeLog(node, 'poison', [...floorEvents(10), poison, ...floorEvents(1_000)]);
    expect((await push(cloud, node, log, { from: 1, to: 20 })).body).toMatchObject({ s: 'ok', acked: 20 });
    expect((await push(cloud, node, log, { from: 21, to: 1_011 })).body).toMatchObject({ s: 'ok', acked: 1_011 });
    expect(await cloud.project()).toBe(1_011);
    expect(await held(node)).toEqual([[11, 'postings_unreadable']]);
    expect(await clubLog(node)).toMatchObject({ acked: 1_011, unprojected: 0, quarantined: 1 });
    expect(await counts(node)).toEqual({ 'house_fee.paid': 101, 'rotation.called': 909 });
  });

  test('what hangs together with it is held behind it, and nothing else', async () => {
    const { node, log } = await withPoison('held');
    expect(await page(node)).toMatchObject([
      { log: 'held', seq: 3, aggregate: 's1', reason: 'postings_unreadable', line: log.lines[2] },
      { log: 'held', seq: 5, aggregate: 's1', reason: 'aggregate_held' },
      { log: 'held', seq: 6, aggregate: 's1', reason: 'aggregate_held' },
    ]);
    expect(await counts(node)).toEqual({
      'room_session.quoted': 2,
      'room_session.started': 1,
      'room_session.ended': 1,
    });
  });

  test('while something is held, batches are stored at once and counted in order; after it, as they come in', async () => {
    const { node, log } = await withPoison('order');
    expect((await push(cloud, node, log, { from: 8, to: 11 })).body).toMatchObject({ s: 'ok', acked: 11 });
    expect(await clubLog(node)).toMatchObject({ unprojected: 4 });
    await cloud.project();
    expect((await held(node)).map(([seq]) => seq)).toEqual([3, 5, 6, 11]);
    await decide(node, 'drop', 'order', 3);
    expect(await held(node)).toEqual([]);
    await push(cloud, node, log, { from: 12, to: 13 });
    expect(await clubLog(node)).toMatchObject({ acked: 13, unprojected: 0 });
  });

  test('dropped, it never counts, its line stays, and those behind it are counted in order', async () => {
    const { node, log } = await withPoison('dropped');
    expect(await decide(node, 'drop', 'dropped', 3)).toEqual({ status: 200, body: { held: [] } });
    expect(await counts(node)).toEqual({
      'room_session.quoted': 2,
      'room_session.started': 1,
      'room_session.ended': 2,
      'room_session.settled': 1,
    });
    expect(await page(node, '?state=dropped')).toMatchObject([{ seq: 3, why: 'looked at it', line: log.lines[2] }]);
    expect((await page(node, '?state=released')).map(({ seq, why }) => [seq, why])).toEqual([
      [5, 'looked at it'],
      [6, 'looked at it'],
    ]);
    expect(await clubLog(node)).toMatchObject({ quarantined: 0 });
    for (const how of ['drop', 'release'] as const)
      expect((await decide(node, how, 'dropped', 3)).body.code).toBe('quarantine_unknown');
    await cloud.project();
    expect(await counts(node)).toMatchObject({ 'room_session.ended': 2, 'room_session.settled': 1 });
  });

  test('released too early, it is still held, and so is what is behind it', async () => {
    const { node } = await withPoison('early');
    expect((await decide(node, 'release', 'early', 3)).body).toEqual({
      held: [
        { log: 'early', seq: 3, aggregate: 's1', reason: 'postings_unreadable' },
        { log: 'early', seq: 5, aggregate: 's1', reason: 'aggregate_held' },
        { log: 'early', seq: 6, aggregate: 's1', reason: 'aggregate_held' },
      ],
    });
    expect(await counts(node)).toMatchObject({ 'room_session.started': 1, 'room_session.ended': 1 });
    expect(await decide(node, 'release', 'early', 5)).toMatchObject({ status: 409, body: { code: 'earlier_held' } });
    expect(await decide(node, 'drop', 'early', 6)).toMatchObject({ status: 409, body: { code: 'earlier_held' } });
  });

  test('released when it can be counted, it is, with those behind it, up to the next that still can’t be', async () => {
    const node = await newOpenNode(cloud, 'full');
    await drawerIsFull(node, 2n ** 63n - 1_000n);
    const log = writeLog(node, 'full', [
      vip('started', 's1', money(2_000)),
      vip('extended', 's1', money(100)),
      vip('settled', 's1', 'broken'),
      vip('tipped', 's1'),
      vip('started', 's2', money(100)),
    ]);
    await push(cloud, node, log, { from: 1, to: 5 });
    await cloud.project();
    expect(await held(node)).toEqual([
      [1, 'not_addable_22003'],
      [2, 'aggregate_held'],
      [3, 'postings_unreadable'],
      [4, 'aggregate_held'],
    ]);
    expect((await decide(node, 'release', 'full', 1)).body.held).toHaveLength(4);
    await drawerIsFull(node, 0n);
    expect((await decide(node, 'release', 'full', 1)).body).toEqual({
      held: [
        { log: 'full', seq: 3, aggregate: 's1', reason: 'postings_unreadable' },
        { log: 'full', seq: 4, aggregate: 's1', reason: 'aggregate_held' },
      ],
    });
    expect((await admin(cloud, 'GET', `/clubs/${node.clubId}/nights`)).body.nights[0]).toMatchObject({
      totalsCents: { cash_drawer: 2_100 },
      counts: { 'room_session.started': 2, 'room_session.extended': 1 },
    });
  });

  test('one that hangs together with nothing holds up nobody', async () => {
    const node = await newOpenNode(cloud, 'alone');
    const bad = { type: 'a.b', day: DAY, body: { postings: 7 } };
    const log = writeLog(node, 'alone', [bad, { type: 'a.b', day: DAY, body: {} }, bad, ...floorEvents(5)]);
    await push(cloud, node, log, { from: 1, to: 4 });
    await cloud.project();
    expect(await held(node)).toEqual([
      [1, 'postings_unreadable'],
      [3, 'postings_unreadable'],
    ]);
    await push(cloud, node, log, { from: 5, to: 8 });
    expect(await clubLog(node)).toMatchObject({ unprojected: 0, quarantined: 2 });
    expect((await decide(node, 'drop', 'alone', 3)).body).toEqual({ held: [] });
    expect(await held(node)).toEqual([[1, 'postings_unreadable']]);
  });

  test('a session that goes on in the next log is held there too, and released over both', async () => {
    const { node, log } = await withPoison('over');
    const parent = placeIn(log, 7);
    await openLog(cloud, node, 'over-2', parent);
    const next = writeLog(node, 'over-2', [vip('tipped', 's1'), vip('tipped', 's2')], parent);
    await push(cloud, node, next, { from: 1, to: 2 });
    await cloud.project();
    expect((await page(node)).map(({ log: logId, seq }) => [logId, seq])).toEqual([
      ['over', 3],
      ['over', 5],
      ['over', 6],
      ['over-2', 1],
    ]);
    expect(await clubLog(node)).toMatchObject({ logId: 'over-2', unprojected: 0, quarantined: 4 });
    expect((await decide(node, 'release', 'over-2', 1)).body.code).toBe('earlier_held');
    expect((await decide(node, 'drop', 'over', 3)).body).toEqual({ held: [] });
    expect(await counts(node)).toMatchObject({ 'room_session.tipped': 2 });
  });

  test('a log that begins while the one before is not counted yet waits for it', async () => {
    const node = await newOpenNode(cloud, 'turn');
    const log = writeLog(node, 'turn', [vip('started', 's1', 'broken')]);
    await push(cloud, node, log, { from: 1, to: 1 });
    const parent = placeIn(log, 1);
    await openLog(cloud, node, 'turn-2', parent);
    const next = writeLog(node, 'turn-2', [vip('ended', 's1'), vip('ended', 's2')], parent);
    await push(cloud, node, next, { from: 1, to: 2 });
    expect(await counts(node)).toBeUndefined();
    await inTenant(cloud.pool, orgOf(node), async ({ client }) => {
      // Another replica is at the first one: the second is not taken before it.
      await client.query(`SELECT FROM edge_log WHERE log_id = 'turn' FOR UPDATE`);
      await cloud.project();
    });
    expect(await counts(node)).toBeUndefined();
    await cloud.project();
    expect((await page(node)).map(({ log: logId, reason }) => [logId, reason])).toEqual([
      ['turn', 'postings_unreadable'],
      ['turn-2', 'aggregate_held'],
    ]);
    expect(await counts(node)).toEqual({ 'room_session.ended': 1 });
  });

  test('the list comes page by page in the order of the logs, and only to the administrator of that club', async () => {
    const node = await newOpenNode(cloud, 'pages');
    const bad = { type: 'a.b', day: DAY, body: { postings: 7 } };
    const log = writeLog(node, 'pages', Array(70).fill(bad));
    await push(cloud, node, log, { from: 1, to: 70 });
    await cloud.project();
    const first = await page(node);
    expect(first.map(({ seq }) => seq)).toEqual(Array.from({ length: 50 }, (_none, at) => at + 1));
    expect((await page(node, '?after=pages:50')).map(({ seq }) => seq)).toEqual(
      Array.from({ length: 20 }, (_none, at) => at + 51),
    );
    expect(await page(await newNode(cloud))).toEqual([]);
    expect((await admin(cloud, 'GET', '/clubs/c999999-1/quarantine')).body.code).toBe('club_unknown');
    expect((await decide({ ...node, clubId: 'c999999-1' }, 'drop', 'pages', 1)).body.code).toBe('club_unknown');
    expect((await decide(await newNode(cloud), 'drop', 'pages', 1)).body.code).toBe('quarantine_unknown');
    const silent = await admin(cloud, 'POST', `/clubs/${node.clubId}/quarantine/drop`, {
      log: 'pages',
      seq: 1,
      why: ' ',
    });
    expect(silent.body.code).toBe('invalid_request');
  });

  test('what an event hangs together with is read from its body, and nothing but an id is one', () => {
    expect(aggregateOf({ body: { session: 's', fee: 'f' } })).toBe('s');
    expect(aggregateOf({ body: { session: null, drawerSession: 'd', entry: 'e' } })).toBe('d');
    expect(aggregateOf({ body: { attendance: 'a', fee: 'f' } })).toBe('a');
    expect(aggregateOf({ body: { fee: 'f', entry: 'e' } })).toBe('f');
    expect(aggregateOf({ body: { entry: 'e' } })).toBe('e');
    for (const none of [null, 7, {}, { body: null }, { body: { session: 7 } }, { body: { session: 'x'.repeat(200) } }])
      expect(aggregateOf(none)).toBeNull();
  });
});
