import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { DancerAnswer } from '#shared/contract/roster-api.ts';
import { pngOf } from '../support/images.ts';
import { newKey } from '../support/key.ts';
import { openClub, type Club } from '../support/night.ts';
import type { Tablet } from '../support/tablet.ts';
import { linesOf, replayOf, tablesOf } from '../support/verify-log.ts';

const PNG = pngOf({ inside: 'PIXELS OF HER FACE'.repeat(500) });

let club: Club | null = null;
afterEach(async () => {
  await club?.close();
  club = null;
});
const openNight = async (): Promise<Club> => (club = await openClub());
const folderOf = ({ folder }: Club) => path.join(folder, 'images');
const filesOf = (one: Club) => (existsSync(folderOf(one)) ? readdirSync(folderOf(one)) : []);

type Sent = { readonly bytes?: Buffer; readonly type?: string; readonly key?: string };
async function send(
  { url }: Club,
  by: Tablet,
  to: string,
  { bytes = PNG, type = 'image/png', key = newKey() }: Sent = {},
) {
  const response = await fetch(`${url}/api/v1${to}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${by.token}`, 'content-type': type, 'idempotency-key': key },
    body: new Uint8Array(bytes),
  });
  return {
    status: response.status,
    body: (await response.json()) as { readonly image?: string; readonly code?: string },
  };
}
const show = ({ url }: Club, by: Tablet, image: string) =>
  fetch(`${url}/api/v1/images/${image}`, { headers: { authorization: `Bearer ${by.token}` } });
const imagesOf = async (by: Tablet, dancer: string) =>
  (await by.ask<DancerAnswer>('GET', `/api/v1/dancers/${dancer}`)).body.images;

test('a photo and a copy of a paper are kept sealed in files named by their hash, and the log has hash, size and type', async () => {
  const one = await openNight();
  const { owner } = one;
  const [dancer = ''] = one.dancers;
  const paper = { dancer, kind: 'training', issuer: 'Club', verified: true, expiresOn: null } as const;
  const credential = await owner.must('credential.add', paper);
  const photo = await send(one, await one.tablet('Dora'), `/dancers/${dancer}/photo`);
  const copy = await send(one, owner, `/credentials/${credential}/image`);
  expect([photo.status, copy.status]).toEqual([200, 200]);
  expect((await imagesOf(owner, dancer)).toSorted((a) => (a.credential === null ? -1 : 1))).toMatchObject([
    { image: photo.body.image, credential: null, bytes: PNG.length, type: 'image/png' },
    { image: copy.body.image, credential },
  ]);
  const files = filesOf(one).map((name) => ({ name, bytes: readFileSync(path.join(folderOf(one), name)) }));
  expect(files).toHaveLength(2);
  for (const { name, bytes } of files) {
    expect(`${createHash('sha256').update(bytes).digest('hex')}.sealed`).toBe(name);
    expect(bytes.includes('PIXELS')).toBe(false);
  }
  const lines = JSON.stringify(linesOf(one.edge.sqlite));
  expect(files.filter(({ name }) => !lines.includes(name.replace('.sealed', '')))).toEqual([]);
  expect(replayOf(one.edge.sqlite)).toEqual(tablesOf(one.edge.sqlite));
});

test('only managers look at an image, it comes back as it was, and that somebody looked is in the log', async () => {
  const one = await openNight();
  const { owner } = one;
  const [dancer = ''] = one.dancers;
  const { body } = await send(one, owner, `/dancers/${dancer}/photo`);
  const image = body.image ?? '';
  const door = await one.tablet('Dora');
  const before = one.edge.log.head().seq;
  expect((await show(one, door, image)).status).toBe(403);
  expect((await show(one, owner, 'nothing')).status).toBe(404);
  expect(one.edge.log.head().seq).toBe(before);
  const shown = await show(one, owner, image);
  expect(Buffer.from(await shown.arrayBuffer()).equals(PNG)).toBe(true);
  const heads = ['content-type', 'cache-control', 'x-content-type-options'].map((name) => shown.headers.get(name));
  expect(heads).toEqual(['image/png', 'no-store', 'nosniff']);
  expect(one.edge.log.linesFrom(one.edge.log.head().seq, 1).join()).toContain('"image.opened"');
});

test('with her key destroyed no image of hers is read, and none is taken', async () => {
  const one = await openNight();
  const { owner } = one;
  const [dancer = ''] = one.dancers;
  const { body } = await send(one, owner, `/dancers/${dancer}/photo`);
  one.edge.sqlite.prepare('DELETE FROM data_key WHERE subject = ?').run(dancer);
  expect((await show(one, owner, body.image ?? '')).status).toBe(409);
  expect((await send(one, owner, `/dancers/${dancer}/photo`)).body.code).toBe('record_erased');
  expect(filesOf(one)).toHaveLength(1);
});

test('a repeat gets the first answer and leaves one file; a file that is lost or altered shows nothing', async () => {
  const one = await openNight();
  const { owner } = one;
  const [dancer = ''] = one.dancers;
  const key = newKey();
  const first = await send(one, owner, `/dancers/${dancer}/photo`, { key });
  const again = await send(one, owner, `/dancers/${dancer}/photo`, { key });
  expect([again.body, filesOf(one).length]).toEqual([first.body, 1]);
  expect((await imagesOf(owner, dancer)).length).toBe(1);
  const shown = async () => {
    const reply = await show(one, owner, first.body.image ?? '');
    return [reply.status, ((await reply.json()) as { readonly code: string }).code];
  };
  writeFileSync(path.join(folderOf(one), filesOf(one)[0] ?? ''), 'altered');
  expect(await shown()).toEqual([404, 'image_gone']);
  rmSync(folderOf(one), { recursive: true });
  expect(await shown()).toEqual([404, 'image_gone']);
});

test('what is no image, is too large, or belongs to nobody is refused and leaves no file', async () => {
  const one = await openNight();
  const { owner } = one;
  const [dancer = ''] = one.dancers;
  const to = `/dancers/${dancer}/photo`;
  const dj = await one.tablet('DJ');
  const before = one.edge.log.head().seq;
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>');
  const codes = [
    await send(one, owner, to, { bytes: svg }),
    await send(one, owner, to, { bytes: PNG.subarray(0, 1_000) }),
    await send(one, owner, to, { bytes: pngOf({ width: 65_000, height: 65_000 }) }),
    await send(one, owner, to, { bytes: Buffer.concat([PNG, Buffer.alloc(4 * 1024 * 1024)]) }),
    await send(one, owner, to, { bytes: Buffer.from('{}'), type: 'application/json' }),
    await send(one, owner, to, { key: 'no-key' }),
    await send(one, owner, '/dancers/nobody/photo'),
    await send(one, owner, '/credentials/nothing/image'),
    await send(one, dj, to),
  ];
  expect(codes.map(({ body }) => body.code)).toEqual([
    'image_invalid',
    'image_invalid',
    'image_invalid',
    'body_too_large',
    'image_invalid',
    'key_missing',
    'dancer_unknown',
    'credential_unknown',
    'not_allowed',
  ]);
  expect([filesOf(one), one.edge.log.head().seq]).toEqual([[], before]);
});
