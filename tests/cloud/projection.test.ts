import { afterAll, beforeAll, expect, test } from 'vitest';
import { inTenant } from '../../control-plane/db/tenant.ts';
import { buildTestCloud, type TestCloud } from '../support/cloud.ts';
import { admin, DAY, floorEvents, newOpenNode, orgOf, push, writeLog, type TestNode } from './signing-node.ts';

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await buildTestCloud();
});
afterAll(() => cloud.close());

const night = async (node: TestNode) => (await admin(cloud, 'GET', `/clubs/${node.clubId}/nights`)).body.nights[0];
const log = async (node: TestNode) => (await admin(cloud, 'GET', `/clubs/${node.clubId}/log`)).body;

async function quarantined(node: TestNode) {
  return inTenant(cloud.pool, orgOf(node), async ({ client }) => {
    return (await client.query<{ seq: string; reason: string }>('SELECT seq, reason FROM quarantine ORDER BY seq'))
      .rows;
  });
}

test('projecting again, or from many replicas at once, counts nothing twice', async () => {
  const node = await newOpenNode(cloud, 'again');
  const written = writeLog(node, 'again', [{ type: 'Not A Type', day: DAY, body: {} }, ...floorEvents(700)]);
  await push(cloud, node, written, { from: 1, to: 701 });
  await Promise.all([cloud.project(), cloud.project(), cloud.project()]);
  await cloud.project();
  await push(cloud, node, written, { from: 1, to: 701 });
  expect(await night(node)).toEqual({
    day: DAY,
    totalsCents: { cash_drawer: 140_000, dancer: -140_000 },
    counts: { 'house_fee.paid': 70, 'rotation.called': 630 },
  });
});

test('after the projector has caught up, batches are counted as they come in again', async () => {
  const node = await newOpenNode(cloud, 'caught-up');
  const written = writeLog(node, 'caught-up', [{ type: 'a.b', day: 7, body: {} }, ...floorEvents(20)]);
  await push(cloud, node, written, { from: 1, to: 11 });
  await cloud.project();
  await push(cloud, node, written, { from: 12, to: 21 });
  expect(await log(node)).toMatchObject({ unprojected: 0 });
  expect((await night(node)).counts).toEqual({ 'house_fee.paid': 2, 'rotation.called': 18 });
});

test.each([
  [
    'an amount that is no whole number',
    [
      { account: 'safe', cents: 0.5 },
      { account: 'over_short', cents: -0.5 },
    ],
    'postings_unreadable',
  ],
  [
    'an amount beyond belief',
    [
      { account: 'safe', cents: 1e15 },
      { account: 'over_short', cents: -1e15 },
    ],
    'cents_out_of_range',
  ],
  [
    'an account that nobody knows',
    [
      { account: 'swiss_bank', cents: 1 },
      { account: 'safe', cents: -1 },
    ],
    'account_unknown',
  ],
  ['an entry that does not balance', [{ account: 'safe', cents: 1 }], 'entry_unbalanced'],
])('%s goes into quarantine, never into the totals', async (name, postings, reason) => {
  const logId = `bad-${name.length}`;
  const node = await newOpenNode(cloud, logId);
  const written = writeLog(node, logId, [{ type: 'a.b', day: DAY, body: { postings } }, ...floorEvents(1)]);
  await push(cloud, node, written, { from: 1, to: 2 });
  await cloud.project();
  expect(await quarantined(node)).toEqual([{ seq: '1', reason }]);
  expect(await night(node)).toMatchObject({
    totalsCents: { cash_drawer: 2000, dancer: -2000 },
    counts: { 'house_fee.paid': 1 },
  });
});

test('an event that only the database can refuse is found by halving, alone', async () => {
  const node = await newOpenNode(cloud, 'overflow');
  const written = writeLog(node, 'overflow', floorEvents(31));
  const nearFull = (2n ** 63n - 2001n).toString();
  await inTenant(cloud.pool, orgOf(node), ({ client }) =>
    client.query('INSERT INTO night_total SELECT org, club, $1, $2, $3 FROM club', [DAY, 'cash_drawer', nearFull]),
  );
  expect((await push(cloud, node, written, { from: 1, to: 31 })).body).toMatchObject({ s: 'ok', acked: 31 });
  await cloud.project();
  expect(await quarantined(node)).toEqual(
    [11, 21, 31].map((seq) => ({ seq: String(seq), reason: 'not_addable_22003' })),
  );
});

test('an event outside any business day is stored and counted nowhere', async () => {
  const node = await newOpenNode(cloud, 'no-day');
  const written = writeLog(node, 'no-day', [{ type: 'node.started', day: null, body: { version: '1', boot: 'b' } }]);
  await push(cloud, node, written, { from: 1, to: 1 });
  expect(await log(node)).toMatchObject({ acked: 1, unprojected: 0 });
  expect((await admin(cloud, 'GET', `/clubs/${node.clubId}/nights`)).body).toEqual({ nights: [] });
});
