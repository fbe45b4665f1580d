import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildCloud, verifyBatch } from '../../control-plane/app.ts';
import { buildTestCloud, type TestCloud } from '../support/cloud.ts';
import { admin, floorEvents, newClub, newOpenNode, push, writeLog } from './signing-node.ts';

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await buildTestCloud();
});
afterAll(() => cloud.close());

test('the administration is shut without the token, and says no more than that', async () => {
  for (const headers of [{}, { authorization: 'Bearer wrong' }, { authorization: `Basic ${cloud.adminToken}` }]) {
    const response = await cloud.app.inject({ method: 'GET', url: '/api/v1/clubs/c1-1/nights', headers });
    expect(response.statusCode).toBe(401);
    expect(response.headers).toMatchObject({
      'www-authenticate': 'Bearer',
      'content-type': 'application/problem+json',
    });
    expect(response.json()).toEqual({
      type: 'urn:clubops:problem:not_signed_in',
      title: 'Sign in first',
      status: 401,
      code: 'not_signed_in',
    });
  }
});

test('a field that nobody asked for is refused, a wrong type is not bent into the right one', async () => {
  expect(await admin(cloud, 'POST', '/orgs', { name: 'A', admin: true })).toMatchObject({
    status: 400,
    body: { code: 'invalid_request' },
  });
  expect(await admin(cloud, 'POST', '/orgs', { name: 7 })).toMatchObject({
    status: 400,
    body: { code: 'invalid_request' },
  });
  expect(await admin(cloud, 'POST', '/orgs', { name: '' })).toMatchObject({
    status: 400,
    body: { code: 'invalid_request' },
  });
  expect(await admin(cloud, 'POST', '/orgs', { name: 'nul\u0000' })).toMatchObject({
    status: 400,
    body: { code: 'invalid_request' },
  });
});

test('what does not exist has a code of its own', async () => {
  const { clubId } = await newClub(cloud);
  expect((await admin(cloud, 'POST', '/clubs', { orgId: 'o999999', name: 'A' })).body.code).toBe('org_unknown');
  expect((await admin(cloud, 'POST', '/clubs/c999999-1/enrolment-codes')).body.code).toBe('club_unknown');
  expect((await admin(cloud, 'GET', '/clubs/c999999-1/nights')).body.code).toBe('club_unknown');
  expect((await admin(cloud, 'GET', `/clubs/${clubId}/log`)).body.code).toBe('log_unknown');
  expect((await admin(cloud, 'POST', `/clubs/${clubId}/node/revoke`)).body.code).toBe('node_unknown');
  expect((await admin(cloud, 'GET', '/nothing')).body.code).toBe('not_found');
});

test("a club's log says how far it is and how far behind the node it is", async () => {
  const node = await newOpenNode(cloud, 'log-x');
  const written = writeLog(node, 'log-x', floorEvents(30));
  await push(cloud, node, written, { from: 1, to: 20 });
  expect((await admin(cloud, 'GET', `/clubs/${node.clubId}/log`)).body).toEqual({
    logId: 'log-x',
    state: 'open',
    acked: 20,
    headHash: written.hashes[20]?.toString('hex'),
    behind: 10,
    unprojected: 0,
    quarantined: 0,
    salvageWaits: false,
  });
});

test('nights come newest first, a page at a time', async () => {
  const node = await newOpenNode(cloud, 'log-nights');
  const events = ['d1', 'd2', 'd3'].map((day) => ({ type: 'day.opened', day, body: {} }));
  await push(cloud, node, writeLog(node, 'log-nights', events), { from: 1, to: 3 });
  const days = async (query: string) =>
    (await admin(cloud, 'GET', `/clubs/${node.clubId}/nights${query}`)).body.nights.map(
      ({ day }: { day: string }) => day,
    );
  expect(await days('')).toEqual(['d3', 'd2', 'd1']);
  expect(await days('?limit=1')).toEqual(['d3']);
  expect(await days('?limit=5&before=d3')).toEqual(['d2', 'd1']);
});

test('it is alive, ready, and describes its API', async () => {
  expect((await cloud.app.inject('/healthz')).json()).toEqual({ ok: true });
  expect((await cloud.app.inject('/readyz')).json()).toEqual({ ok: true });
  const openapi = (await cloud.app.inject('/api/v1/openapi.json')).json();
  expect(openapi.openapi).toBe('3.1.0');
  expect(Object.keys(openapi.paths)).toContain('/api/v1/clubs/{clubId}/nights');
});

test('a broken program inside answers with a code and no word about its inside', async () => {
  const broken = await buildTestCloud({
    verifyBatch: () => {
      throw new Error('secret detail');
    },
  });
  const node = await newOpenNode(broken, 'log-z');
  const { status, body } = await push(broken, node, writeLog(node, 'log-z', floorEvents(1)), { from: 1, to: 1 });
  expect([status, body]).toEqual([
    500,
    { type: 'urn:clubops:problem:internal', title: 'Something broke on our side', status: 500, code: 'internal' },
  ]);
  await broken.close();
});

test('a second replica on the same database shares its keys, and gives the same receipts', async () => {
  const random = (bytes: number) => Buffer.alloc(bytes, 7);
  const replica = await buildCloud({
    database: cloud.pool,
    clock: () => cloud.time.now,
    random,
    verifyBatch,
    adminToken: 'other',
    logger: false,
  });
  const jwks = '/.well-known/jwks.json';
  expect((await replica.app.inject(jwks)).json()).toEqual((await cloud.app.inject(jwks)).json());
  expect((await replica.app.inject('/healthz')).headers['clubops-nonce']).toBe(
    (await cloud.app.inject('/healthz')).headers['clubops-nonce'],
  );
  await replica.close();
  expect((await cloud.app.inject('/readyz')).statusCode).toBe(200);
});
