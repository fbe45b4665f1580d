import { createPublicKey } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildTestCloud, type TestCloud } from '../support/cloud.ts';
import { admin, enrol, newClub, newCode, newKey, newNode, openLog } from './signing-node.ts';

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await buildTestCloud();
});
afterAll(() => cloud.close());

test('of 20 nodes that try one code at once exactly one is enrolled', async () => {
  const { clubId } = await newClub(cloud);
  const code = await newCode(cloud, clubId);
  const answers = await Promise.all(Array.from({ length: 20 }, () => enrol(cloud, code, newKey().publicKey)));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(answers.filter(({ body }) => body.code === 'code_used')).toHaveLength(19);
});

test('of two codes of one club that are tried at once one enrols a node', async () => {
  const { clubId } = await newClub(cloud);
  const codes = [await newCode(cloud, clubId), await newCode(cloud, clubId)];
  const answers = await Promise.all(codes.map((code) => enrol(cloud, code, newKey().publicKey)));
  expect(new Set(answers.map(({ body }) => body.code ?? body.s))).toEqual(new Set(['club_has_node', 'enrolled']));
});

test('a node that lost the answer gets it again with the same code and key', async () => {
  const { clubId } = await newClub(cloud);
  const code = await newCode(cloud, clubId);
  const { publicKey } = newKey();
  const first = await enrol(cloud, code, publicKey, 'box-1');
  expect(first.body).toMatchObject({ s: 'enrolled', nodeId: 'box-1', clubId, cloudEpoch: 1 });
  expect(await enrol(cloud, code, publicKey, 'box-1')).toEqual(first);
  expect((await enrol(cloud, code, publicKey, 'box-2')).body.code).toBe('code_used');
  expect((await enrol(cloud, code, newKey().publicKey, 'box-1')).body.code).toBe('code_used');
});

test('a node id is given a place once, in whichever organisation, and never again', async () => {
  const { clubId, nodeId, key } = await newNode(cloud);
  const x = createPublicKey(key).export({ format: 'jwk' });
  const elsewhere = await newCode(cloud, (await newClub(cloud)).clubId);
  expect(await enrol(cloud, elsewhere, x, nodeId)).toMatchObject({ status: 409, body: { code: 'node_id_taken' } });
  await admin(cloud, 'POST', `/clubs/${clubId}/node/revoke`);
  expect((await enrol(cloud, await newCode(cloud, clubId), x, nodeId)).body.code).toBe('node_id_taken');
  expect((await enrol(cloud, elsewhere, x)).body.s).toBe('enrolled');
});

test('a code may be typed in small letters, with blanks, and with O and I for 0 and 1', async () => {
  const { clubId } = await newClub(cloud);
  const typed = (await newCode(cloud, clubId)).replace(/-/, '+').toLowerCase().replaceAll('-', ' ').replace('+', '-');
  expect((await enrol(cloud, typed.replaceAll(/0(?!.*-)/g, 'o'), newKey().publicKey)).body.s).toBe('enrolled');
});

test('five wrong secrets end a code, and the answer never says which part was wrong', async () => {
  const { clubId } = await newClub(cloud);
  const code = await newCode(cloud, clubId);
  const wrong = code.replace(/.{4}$/, (end) => (end === '0000' ? '1111' : '0000'));
  for (let tries = 0; tries < 5; tries += 1) {
    expect(await enrol(cloud, wrong, newKey().publicKey)).toMatchObject({
      status: 403,
      body: { code: 'code_unknown' },
    });
  }
  expect((await enrol(cloud, code, newKey().publicKey)).body.code).toBe('code_unknown');
  expect((await enrol(cloud, '999-AAAA-BBBB-CCCC', newKey().publicKey)).body.code).toBe('code_unknown');
  expect((await enrol(cloud, 'not a code', newKey().publicKey)).body.code).toBe('code_unknown');
});

test('a code is good for a day', async () => {
  const { clubId } = await newClub(cloud);
  const code = await newCode(cloud, clubId);
  cloud.time.now += 24 * 3_600_000;
  expect(await enrol(cloud, code, newKey().publicKey)).toMatchObject({ status: 410, body: { code: 'code_expired' } });
});

test('a club has one live node: another is refused until the first is revoked, which then hears so', async () => {
  const first = await newNode(cloud);
  const code = await newCode(cloud, first.clubId);
  expect(await enrol(cloud, code, newKey().publicKey)).toMatchObject({ status: 409, body: { code: 'club_has_node' } });
  expect((await admin(cloud, 'POST', `/clubs/${first.clubId}/node/revoke`)).body).toEqual({ nodeId: first.nodeId });
  expect((await enrol(cloud, code, newKey().publicKey)).body.s).toBe('enrolled');
  expect(await openLog(cloud, first, 'after-the-end')).toMatchObject({ status: 403, body: { s: 'revoked' } });
});

test('a key that is none, and a field that nobody asked for, are refused', async () => {
  const code = await newCode(cloud, (await newClub(cloud)).clubId);
  const { publicKey } = newKey();
  expect((await enrol(cloud, code, { ...publicKey, x: 'AAAA' })).body.code).toBe('invalid_request');
  expect((await enrol(cloud, code, { ...publicKey, d: 'private!' })).body.code).toBe('invalid_request');
  expect((await enrol(cloud, code, publicKey)).body.s).toBe('enrolled');
});
