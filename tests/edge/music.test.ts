import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MusicStatus, TrackRow } from '#shared/contract/music-api.ts';
import { MUSIC_UNSET } from '#shared/domain/track.ts';
import { buildTestEdge, type TestEdge } from '../support/edge.ts';
import { makeSound } from '../support/make-sound.ts';
import type { Tablet } from '../support/tablet.ts';

let edge: TestEdge;
let dj: Tablet;
let song: string;
beforeAll(async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'clubops-edge-'));
  song = await makeSound(path.join(folder, 'a song.mp3'), { seconds: 8, tone: 262, title: 'Señorita', artist: 'Zoë' });
  const music = { home: path.join(folder, 'music'), folder: null, runtime: folder, env: process.env };
  edge = await buildTestEdge({ folder, music });
  dj = await edge.tablet('DJ');
});
afterAll(() => edge.close());

const send = (name: string, bytes: Buffer, token = dj.token) =>
  fetch(`${edge.url}/api/v1/music/uploads?name=${encodeURIComponent(name)}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' },
    body: new Uint8Array(bytes),
  });
const status = async () => (await dj.ask<MusicStatus>('GET', '/api/v1/music')).body;
const found = async (q: string) => (await dj.ask<readonly TrackRow[]>('GET', `/api/v1/tracks?q=${q}&limit=5`)).body;
const sound = (track: string, range?: string) =>
  fetch(`${edge.url}/api/v1/tracks/${track}/audio`, {
    headers: { authorization: `Bearer ${dj.token}`, ...(range && { range }) },
  });

test('a file that a browser sends is a track that is found without its marks, and sounds in whole and in part', async () => {
  expect((await send('a song.mp3', readFileSync(song))).status).toBe(200);
  await expect.poll(async () => (await found('senorita')).length, { timeout: 20_000 }).toBe(1);
  const [row] = await found('zoe%20sen');
  const track = row?.track ?? '';
  expect(row).toMatchObject({ title: 'Señorita', artist: 'Zoë' });
  expect(track).toBe(createHash('sha256').update(readFileSync(song)).digest('hex'));
  const whole = Buffer.from(await (await sound(track)).arrayBuffer());
  expect(whole.subarray(4, 8).toString()).toBe('ftyp');
  for (const [range, from, to] of [
    ['bytes=0-1', 0, 2],
    ['bytes=100-199', 100, 200],
    ['bytes=-10', whole.length - 10, whole.length],
    [`bytes=${whole.length - 5}-`, whole.length - 5, whole.length],
  ] as const) {
    const part = await sound(track, range);
    expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes ${from}-${to - 1}/${whole.length}`]);
    expect(Buffer.from(await part.arrayBuffer())).toEqual(whole.subarray(from, to));
  }
  expect((await sound(track, `bytes=${whole.length}-`)).status).toBe(416);
  const peaks = await fetch(`${edge.url}/api/v1/tracks/${track}/peaks`, {
    headers: { authorization: `Bearer ${dj.token}` },
  });
  expect((await peaks.arrayBuffer()).byteLength).toBeGreaterThan(2 * 50 * 7);
});

test('where the club wants FLAC it is sent as such, and no browser takes what it keeps for it', async () => {
  const [row] = await found('senorita');
  const track = row?.track ?? '';
  const before = await sound(track);
  await before.arrayBuffer();
  const etag = before.headers.get('etag') ?? '';
  expect([before.headers.get('content-type'), before.headers.get('cache-control')]).toEqual([
    'audio/mp4',
    'private, no-cache',
  ]);
  const headers = { authorization: `Bearer ${dj.token}` };
  const ask = (more: Record<string, string>) =>
    fetch(`${edge.url}/api/v1/tracks/${track}/audio`, { headers: { ...headers, ...more } });
  expect((await ask({ 'if-none-match': etag })).status).toBe(304);
  const owner = await edge.tablet('Olivia');
  await owner.must('music.configure', { ...MUSIC_UNSET, copy: 'flac' });
  await expect
    .poll(async () => (await ask({ range: 'bytes=0-3' })).headers.get('content-type'), { timeout: 20_000 })
    .toBe('audio/flac');
  const whole = Buffer.from(await (await ask({ 'if-none-match': etag })).arrayBuffer());
  expect(whole.subarray(0, 4).toString()).toBe('fLaC');
  const part = await ask({ range: 'bytes=100-199' });
  expect([part.status, Buffer.from(await part.arrayBuffer())]).toEqual([206, whole.subarray(100, 200)]);
  // A part of the old copy is wanted: the new one comes whole.
  const other = await ask({ range: 'bytes=100-199', 'if-range': etag });
  expect([other.status, (await other.arrayBuffer()).byteLength]).toEqual([200, whole.length]);
});

test('a file that is no music is refused with words, and leaves nothing behind', async () => {
  expect((await send('evil.mp3', Buffer.from('#EXTM3U\nfile:///etc/passwd\n'))).status).toBe(200);
  await expect
    .poll(async () => (await status()).files.map(({ file, outcome }) => [file, outcome]), { timeout: 20_000 })
    .toEqual([['evil.mp3', 'reject']]);
  expect((await status()).files[0]?.message).not.toBe('');
  await expect.poll(() => readdir(path.join(edge.folder, 'music', 'uploads')), { timeout: 5_000 }).toEqual([]);
});

test('a name that points elsewhere stays a name, and one that is none is refused', async () => {
  expect((await send('../../../../tmp/clubops-out.mp3', readFileSync(song))).status).toBe(200);
  await expect
    .poll(async () => (await status()).files.map(({ file, outcome }) => [file, outcome])[0], { timeout: 20_000 })
    .toEqual(['clubops-out.mp3', 'duplicate']);
  for (const name of ['..', '/', 'a\0b']) expect((await send(name, readFileSync(song))).status).toBe(400);
});

test('what came of files is told in pages of 200, the newest first, with counts of all, and of one outcome where it is asked for', async () => {
  const names = Array.from({ length: 203 }, (_none, at) => `none ${at}.mp3`);
  for (const name of names) expect((await send(name, Buffer.from('no music'))).status).toBe(200);
  await expect.poll(async () => (await status()).counts.reject, { timeout: 40_000 }).toBe(204);
  const page = async (query: string) => (await dj.ask<MusicStatus>('GET', `/api/v1/music?${query}`)).body;
  const newest = await status();
  expect(newest.counts).toEqual({ reject: 204, 'duplicate?': 0, duplicate: 1, 'accept-warn': 0, wait: 0 });
  expect(newest.files.length).toBe(200);
  expect(newest.files.every(({ code }) => code === 'NOT_AUDIO')).toBe(true);
  const times = newest.files.map(({ at }) => at);
  expect(times).toEqual(times.toSorted((one, other) => other - one));
  const rest = await page('skip=200');
  expect(rest.files.slice(-2).map(({ file }) => file)).toEqual(['clubops-out.mp3', 'evil.mp3']);
  const all = [...newest.files, ...rest.files].map(({ file }) => file);
  expect(all.toSorted()).toEqual([...names, 'clubops-out.mp3', 'evil.mp3'].toSorted());
  expect((await page('outcome=duplicate')).files.map(({ file }) => file)).toEqual(['clubops-out.mp3']);
  expect((await page('outcome=reject&skip=203')).files.map(({ file }) => file)).toEqual(['evil.mp3']);
  for (const query of ['outcome=accept', 'skip=10000', 'skip=-1', 'skip='])
    expect((await dj.ask('GET', `/api/v1/music?${query}`)).status).toBe(400);
});

test('the door neither hears nor sends music', async () => {
  const door = await edge.tablet('Dora');
  expect((await door.ask('GET', '/api/v1/tracks')).status).toBe(403);
  expect((await send('x.mp3', readFileSync(song), door.token)).status).toBe(403);
});
