import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { UPLINK_PATHS, type KeysRequest, type SalvagedRequest } from '#shared/contract/uplink.ts';
import { buildTestCloud, type TestCloud } from '../support/cloud.ts';
import {
  admin,
  enrol,
  floorEvents,
  hashHex,
  hello,
  newKey,
  newNode,
  newOpenNode,
  openLog,
  orgOf,
  placeIn,
  postJson,
  push,
  replaceNode,
  writeLog,
  type TestNode,
  type Written,
} from './signing-node.ts';

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await buildTestCloud();
});
afterAll(() => cloud.close());

type Replaced = { readonly old: TestNode; readonly fresh: TestNode; readonly log: Written };

/** A box that had 30 events, 20 of them in the cloud, when another took its place. */
async function replacedAt20(logId: string): Promise<Replaced> {
  const old = await newOpenNode(cloud, logId);
  const log = writeLog(old, logId, floorEvents(30));
  await push(cloud, old, log, { from: 1, to: 20 });
  return { old, fresh: (await replaceNode(cloud, old)).node, log };
}

const salvaged = (node: TestNode, taken: SalvagedRequest['taken'] = []) =>
  postJson(cloud, node, UPLINK_PATHS.salvaged, { taken });
const keys = (node: TestNode, request: KeysRequest) => postJson(cloud, node, UPLINK_PATHS.keys, request);
const mainline = (node: TestNode) => postJson(cloud, node, UPLINK_PATHS.mainline, { proto: 1 });
const nights = async ({ clubId }: TestNode) => (await admin(cloud, 'GET', `/clubs/${clubId}/nights`)).body.nights;
const clubLog = async ({ clubId }: TestNode) => (await admin(cloud, 'GET', `/clubs/${clubId}/log`)).body;

test('a code that replaces is good for a quarter of an hour, and the box hears that there is a history', async () => {
  const old = await newNode(cloud);
  const codes = `/clubs/${old.clubId}/enrolment-codes`;
  const late = (await admin(cloud, 'POST', codes, { replace: true })).body;
  expect(Date.parse(late.expiresAt) - cloud.time.now).toBe(15 * 60_000);
  cloud.time.now += 15 * 60_000;
  expect((await enrol(cloud, late.code, newKey().publicKey)).body.code).toBe('code_expired');
  expect((await admin(cloud, 'POST', codes, { replace: 'yes' })).body.code).toBe('invalid_request');

  const empty = await replaceNode(cloud, old);
  expect(empty.answer).toMatchObject({ s: 'enrolled', clubId: old.clubId, replaces: false });
  await openLog(cloud, empty.node, 'code-log');
  const { answer } = await replaceNode(cloud, old);
  expect(answer).toMatchObject({ s: 'enrolled', replaces: true });
  const { keys: jwks } = (await cloud.app.inject('/.well-known/jwks.json')).json();
  const published = jwks.map(({ kty, crv, x, kid }: Record<string, string>) => ({ kty, crv, x, kid }));
  expect(answer.receiptKeys).toEqual(published);
});

test('without `replace` a club keeps its box; an answer that was lost comes again until the box is replaced itself', async () => {
  const old = await newOpenNode(cloud, 'keeps');
  const plain = (await admin(cloud, 'POST', `/clubs/${old.clubId}/enrolment-codes`, { replace: false })).body.code;
  expect((await enrol(cloud, plain, newKey().publicKey)).body.code).toBe('club_has_node');
  const { code } = (await admin(cloud, 'POST', `/clubs/${old.clubId}/enrolment-codes`, { replace: true })).body;
  const { publicKey } = newKey();
  const first = await enrol(cloud, code, publicKey, 'keeps-box-2');
  expect(first.body).toMatchObject({ s: 'enrolled', replaces: true });
  expect(await enrol(cloud, code, publicKey, 'keeps-box-2')).toEqual(first);
  expect((await enrol(cloud, code, newKey().publicKey)).body.code).toBe('code_used');
  await replaceNode(cloud, old);
  expect((await enrol(cloud, code, publicKey, 'keeps-box-2')).body.code).toBe('code_used');
});

test('of two boxes that take one place at once the later one has it, and the other is fenced', async () => {
  const old = await newOpenNode(cloud, 'two-at-once');
  const [one, two] = await Promise.all([replaceNode(cloud, old), replaceNode(cloud, old)]);
  expect([one.answer.s, two.answer.s]).toEqual(['enrolled', 'enrolled']);
  const said = await Promise.all([mainline(one.node), mainline(two.node), mainline(old)]);
  expect(said.map(({ body }) => body.s).toSorted()).toEqual(['fenced', 'fenced', 'mainline']);
  expect(said[2]?.body.s).toBe('fenced');
});

test('the new box goes on from where the cloud has the old log; the old one is fenced', async () => {
  const { old, fresh, log } = await replacedAt20('goes-on');
  expect((await mainline(fresh)).body).toMatchObject({
    segments: [{ logId: 'goes-on', nodeId: old.nodeId, upto: 20, hash: hashHex(log, 20), heardOf: 30 }],
  });
  expect(await clubLog(fresh)).toMatchObject({ logId: 'goes-on', state: 'salvage', acked: 20 });
  expect(await hello(cloud, old, log, { seq: 30 })).toMatchObject({
    status: 403,
    body: { s: 'fenced', acked: 20, hash: hashHex(log, 20), cloudEpoch: 1 },
  });
  expect((await mainline(old)).body.s).toBe('fenced');
  expect((await salvaged(old)).body.s).toBe('fenced');
  expect((await postJson(cloud, old, UPLINK_PATHS.lines('goes-on'), { from: 1, to: 2 })).body.s).toBe('fenced');
  expect((await postJson(cloud, old, UPLINK_PATHS.hashes('goes-on'), { seqs: [20] })).body).toMatchObject({
    hashes: [hashHex(log, 20)],
  });

  expect((await openLog(cloud, fresh, 'goes-on-2', placeIn(log, 19))).body.s).toBe('bad_parent');
  expect((await openLog(cloud, fresh, 'goes-on-2', placeIn(log, 20))).body).toMatchObject({ s: 'ok', acked: 0 });
  const next = writeLog(fresh, 'goes-on-2', floorEvents(5), placeIn(log, 20));
  expect((await push(cloud, fresh, next, { from: 1, to: 5 })).body).toMatchObject({ s: 'ok', salvage: false });
  expect((await nights(fresh))[0].counts).toEqual({ 'house_fee.paid': 3, 'rotation.called': 22 });
});

test('what the old box still has is stored as salvage, named to the new one until it took it, and counts in no night', async () => {
  const { old, fresh, log } = await replacedAt20('tail');
  const late = (to: number) => ({ status: 403, body: { s: 'fenced', acked: to, hash: hashHex(log, to) } });
  expect(await push(cloud, old, log, { from: 21, to: 25 })).toMatchObject(late(25));
  expect((await salvaged(fresh)).body).toEqual({
    s: 'salvaged',
    tails: [{ logId: 'tail', from: 21, prev: hashHex(log, 20), upto: 25, hash: hashHex(log, 25) }],
    cloudEpoch: 1,
  });
  await openLog(cloud, fresh, 'tail-2', placeIn(log, 20));
  const next = writeLog(fresh, 'tail-2', floorEvents(1), placeIn(log, 20));
  expect((await push(cloud, fresh, next, { from: 1, to: 1 })).body).toMatchObject({ s: 'ok', salvage: true });
  expect(await clubLog(fresh)).toMatchObject({ salvageWaits: true });
  const lines = await postJson(cloud, fresh, UPLINK_PATHS.lines('tail'), { from: 21, to: 25 });
  expect(lines.body).toMatchObject({ lines: log.lines.slice(20, 25) });

  expect((await salvaged(fresh, [{ logId: 'tail', upto: 23 }])).body).toMatchObject({
    tails: [{ logId: 'tail', from: 24, prev: hashHex(log, 23), upto: 25 }],
  });
  expect((await salvaged(fresh, [{ logId: 'tail', upto: 999 }])).body).toMatchObject({ tails: [] });
  expect((await hello(cloud, fresh, next, { seq: 1 })).body).toMatchObject({ s: 'ok', salvage: false });

  expect(await push(cloud, old, log, { from: 26, to: 30 })).toMatchObject(late(30));
  expect(await push(cloud, old, log, { from: 26, to: 30 })).toMatchObject(late(30));
  expect((await hello(cloud, fresh, next, { seq: 1 })).body).toMatchObject({ s: 'ok', salvage: true });
  expect((await salvaged(fresh)).body).toMatchObject({ tails: [{ from: 26, upto: 30, hash: hashHex(log, 30) }] });
  expect((await mainline(fresh)).body).toMatchObject({ segments: [{ upto: 20 }, { upto: 1 }] });
  await cloud.project();
  expect((await nights(fresh))[0].counts).toEqual({ 'house_fee.paid': 3, 'rotation.called': 18 });
});

test('of a log that was not counted to its end when its box was replaced, what lies beside still counts nowhere', async () => {
  const old = await newOpenNode(cloud, 'uncounted');
  const poison = { type: 'a.b', day: null, body: { postings: 7 } };
  const log = writeLog(old, 'uncounted', [...floorEvents(11), poison, ...floorEvents(20)]);
  await push(cloud, old, log, { from: 1, to: 12 });
  const { node: fresh } = await replaceNode(cloud, old);
  await push(cloud, old, log, { from: 13, to: 32 });
  await cloud.project();
  expect((await nights(fresh))[0].counts).toEqual({ 'house_fee.paid': 2, 'rotation.called': 9 });
  expect(await clubLog(fresh)).toMatchObject({ unprojected: 0, quarantined: 1 });
});

test('salvage is verified like everything else: a gap, a fork and a bad batch are what they are', async () => {
  const { old, log } = await replacedAt20('proof');
  const stands = { acked: 20, hash: hashHex(log, 20) };
  expect((await push(cloud, old, log, { from: 23, to: 25 })).body).toMatchObject({ s: 'gap', ...stands });
  const prev = '11'.repeat(32);
  expect((await push(cloud, old, log, { from: 21, to: 25, header: { prev } })).body).toMatchObject({
    s: 'fork',
    ...stands,
  });
  const wrong = { ...log, lines: log.lines.with(20, '{"v":1,"seq":7}') };
  expect((await push(cloud, old, wrong, { from: 21, to: 21 })).body).toEqual({ s: 'bad_batch', why: 'seq_not_dense' });
});

test('what the old box forked goes into a log apart, from any common place or from none, and seals nothing', async () => {
  const { old, fresh, log } = await replacedAt20('apart');
  const forked = writeLog(old, 'apart-fork', floorEvents(4), placeIn(log, 15));
  expect((await openLog(cloud, old, 'apart-fork', { ...placeIn(log, 15), hash: hashHex(log, 14) })).body.s).toBe(
    'bad_parent',
  );
  expect((await openLog(cloud, old, 'apart-fork', placeIn(log, 15))).body).toMatchObject({
    s: 'fenced',
    acked: 0,
    hash: hashHex(forked, 0),
  });
  expect((await push(cloud, old, forked, { from: 1, to: 4 })).body).toMatchObject({ s: 'fenced', acked: 4 });
  const alone = writeLog(old, 'apart-alone', floorEvents(2));
  expect((await openLog(cloud, old, 'apart-alone')).body).toMatchObject({ s: 'fenced', acked: 0 });
  await push(cloud, old, alone, { from: 1, to: 2 });
  const unopened = writeLog(fresh, 'apart-2', [], placeIn(log, 20));
  expect((await hello(cloud, fresh, unopened, { seq: 0 })).body).toMatchObject({ s: 'unknown_log', salvage: true });
  expect((await hello(cloud, old, { ...unopened, logId: 'x' }, { seq: 0 })).body).toMatchObject({ salvage: false });
  expect((await salvaged(fresh)).body).toMatchObject({
    tails: [
      { logId: 'apart-fork', from: 1, prev: hashHex(forked, 0), upto: 4, hash: hashHex(forked, 4) },
      { logId: 'apart-alone', from: 1, prev: hashHex(alone, 0), upto: 2, hash: hashHex(alone, 2) },
    ],
  });
  expect((await openLog(cloud, fresh, 'apart-2', placeIn(log, 20))).body.s).toBe('ok');
  await cloud.project();
  expect((await nights(fresh))[0].counts).toEqual({ 'house_fee.paid': 2, 'rotation.called': 18 });
});

test('a box that was replaced before it opened a log, and twice in a row: the next one goes on all the same', async () => {
  const { old, log } = await replacedAt20('thrice');
  const { node: third } = await replaceNode(cloud, old);
  const next = writeLog(third, 'thrice-3', floorEvents(3), placeIn(log, 20));
  expect((await openLog(cloud, third, 'thrice-3', placeIn(log, 20))).body.s).toBe('ok');
  await push(cloud, third, next, { from: 1, to: 3 });
  const { node: fourth } = await replaceNode(cloud, old);
  expect((await openLog(cloud, fourth, 'thrice-4', placeIn(next, 3))).body.s).toBe('ok');
  expect((await mainline(fourth)).body).toMatchObject({
    segments: [
      { logId: 'thrice', upto: 20 },
      { logId: 'thrice-3', upto: 3 },
      { logId: 'thrice-4', upto: 0 },
    ],
  });
});

test('what a box took of a tail and kept to itself is named again to the box that replaces it', async () => {
  const { old, fresh, log } = await replacedAt20('taken');
  await push(cloud, old, log, { from: 21, to: 30 });
  await salvaged(fresh, [{ logId: 'taken', upto: 30 }]);
  const { node: third } = await replaceNode(cloud, old);
  expect((await salvaged(third)).body).toMatchObject({ tails: [{ logId: 'taken', from: 21, upto: 30 }] });
});

test('a revoked box stays revoked, and the next one needs no code that replaces', async () => {
  const old = await newOpenNode(cloud, 'revoked');
  const log = writeLog(old, 'revoked', floorEvents(4));
  await push(cloud, old, log, { from: 1, to: 4 });
  await admin(cloud, 'POST', `/clubs/${old.clubId}/node/revoke`);
  const { node: fresh, answer } = await replaceNode(cloud, old);
  expect(answer).toMatchObject({ replaces: true });
  expect(await hello(cloud, old, log, { seq: 4 })).toMatchObject({ status: 403, body: { s: 'revoked' } });
  expect((await openLog(cloud, fresh, 'revoked-2', placeIn(log, 4))).body).toMatchObject({ s: 'ok' });
  expect((await mainline(fresh)).body).toMatchObject({ segments: [{ upto: 4 }, { upto: 0 }] });
});

test('revoking takes the live box; those before it stay what they are', async () => {
  const { old, fresh, log } = await replacedAt20('revoke-live');
  expect((await admin(cloud, 'POST', `/clubs/${old.clubId}/node/revoke`)).body).toEqual({ nodeId: fresh.nodeId });
  expect((await hello(cloud, old, log, { seq: 30 })).body.s).toBe('fenced');
  expect((await mainline(fresh)).body.s).toBe('revoked');
});

test('a box whose place is taken while its request waits opens nothing on the mainline any more', async () => {
  const old = await newOpenNode(cloud, 'too-late');
  const log = writeLog(old, 'too-late', floorEvents(2));
  await push(cloud, old, log, { from: 1, to: 2 });
  const owner = new pg.Client({ connectionString: cloud.ownerUrl });
  await owner.connect();
  await owner.query('BEGIN');
  await owner.query('SELECT FROM club WHERE org = $1 FOR NO KEY UPDATE', [orgOf(old)]);
  const opening = openLog(cloud, old, 'too-late-2', placeIn(log, 2));
  const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  while ((await cloud.pool.query(waiting)).rowCount === 0);
  await owner.query('UPDATE node SET replaced_at = now() WHERE org = $1', [orgOf(old)]);
  await owner.query(`UPDATE edge_log SET state = 'salvage', sealed_at = acked WHERE org = $1`, [orgOf(old)]);
  await owner.query('COMMIT');
  await owner.end();
  expect((await opening).body).toMatchObject({ s: 'fenced', acked: 0 });
  expect(await clubLog(old)).toMatchObject({ logId: 'too-late', state: 'salvage' });
});

test('a push and a replacement at once: either the mainline has the batch or it is salvage, never both, never lost', async () => {
  for (let round = 0; round < 8; round += 1) {
    const old = await newOpenNode(cloud, `cut-${round}`);
    const log = writeLog(old, `cut-${round}`, floorEvents(6));
    const [pushed, { node: fresh }] = await Promise.all([
      push(cloud, old, log, { from: 1, to: 6 }),
      replaceNode(cloud, old),
    ]);
    if (pushed.body.s !== 'ok') await push(cloud, old, log, { from: 1, to: 6 });
    const { body } = await mainline(fresh);
    const upto = body.s === 'mainline' ? body.segments[0]?.upto : null;
    const { body: beside } = await salvaged(fresh);
    const tails = beside.s === 'salvaged' ? beside.tails.map(({ from, upto: end }) => [from, end]) : null;
    expect([upto, tails]).toEqual(pushed.body.s === 'ok' ? [6, []] : [0, [[1, 6]]]);
  }
});

test('wrapped keys come back in order, page by page; one that was destroyed never does', async () => {
  const node = await newNode(cloud);
  const put = Array.from({ length: 600 }, (_none, at) => ({
    subject: `s${String(at).padStart(4, '0')}`,
    wrapped: `w${at}`.padEnd(512, '.'),
  }));
  expect((await keys(node, { put: put.slice(0, 500), get: null })).body).toEqual({
    s: 'keys',
    keys: [],
    cloudEpoch: 1,
  });
  await keys(node, { put: put.slice(500), get: null });
  const page = async (after: string) => {
    const { body } = await keys(node, { put: [], get: { after } });
    return body.s === 'keys' ? body.keys : [];
  };
  expect(await page('')).toEqual(put.slice(0, 500));
  expect(await page('s0499')).toEqual(put.slice(500));
  expect(await page('s0599')).toEqual([]);

  await keys(node, {
    put: [
      { subject: 's0001', wrapped: null },
      { subject: 's0001', wrapped: 'again' },
    ],
    get: null,
  });
  await keys(node, {
    put: [
      { subject: 's0001', wrapped: 'again' },
      { subject: 's0000', wrapped: 'new' },
    ],
    get: null,
  });
  expect((await page('')).slice(0, 2)).toEqual([{ subject: 's0000', wrapped: 'new' }, put[2]]);
  expect((await keys(node, { put: [{ subject: '../x', wrapped: '' }], get: null })).body.s).toBe('bad_batch');
  expect((await keys(node, { put: [], get: { after: '\0' } })).body.s).toBe('bad_batch');
  expect((await keys(await newNode(cloud), { put: [], get: { after: '' } })).body).toMatchObject({ keys: [] });
});

test('a box that was replaced may add the keys of its salvage, and neither reads, changes nor destroys any', async () => {
  const { old, fresh } = await replacedAt20('keys');
  await keys(fresh, {
    put: [
      { subject: 'a', wrapped: 'live' },
      { subject: 'c', wrapped: null },
    ],
    get: null,
  });
  const put = ['a', 'b', 'c'].map((subject) => ({ subject, wrapped: 'old' }));
  expect((await keys(old, { put, get: { after: '' } })).body).toMatchObject({ s: 'keys', keys: [] });
  await keys(old, { put: [{ subject: 'b', wrapped: null }], get: null });
  expect((await keys(fresh, { put: [], get: { after: '' } })).body).toMatchObject({
    keys: [
      { subject: 'a', wrapped: 'live' },
      { subject: 'b', wrapped: 'old' },
    ],
  });
});
