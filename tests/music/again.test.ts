import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { CopyWanted } from '#shared/domain/track-events.ts';
import { MUSIC_UNSET } from '#shared/domain/track.ts';
import type { Facts } from '../../edge-node/music/facts.ts';
import { openMusic, type Music } from '../../edge-node/music/music.ts';
import { openShelf } from '../../edge-node/music/shelf.ts';
import { makeSound } from '../support/make-sound.ts';
import { remeasure } from './songs.ts';
import { toolsHere } from './sounds.ts';

let made: string;
let folder: string;
let music: Music | null = null;
let wanted: CopyWanted = MUSIC_UNSET;
beforeAll(async () => {
  made = mkdtempSync(path.join(tmpdir(), 'clubops-sounds-'));
  await makeSound(path.join(made, 'one.mp3'), { seconds: 6, tone: 220, title: 'One', artist: 'Björk' });
  await makeSound(path.join(made, 'two.flac'), { seconds: 6, tone: 330, title: 'Two' });
});
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'clubops-again-'));
  wanted = MUSIC_UNSET;
});
afterEach(async () => {
  await music?.close();
  music = null;
  rmSync(folder, { recursive: true, force: true });
});

function open(): Music {
  const parts = { home: path.join(folder, 'music'), folder: path.join(folder, 'drop'), runtime: folder };
  const broken = (error: unknown) => {
    throw error;
  };
  music = openMusic({ ...parts, isBinary: false, env: process.env, shelf: openShelf(), wanted: () => wanted, broken });
  return music;
}
function drop(name: string, as = name): void {
  mkdirSync(path.join(folder, 'drop'), { recursive: true });
  copyFileSync(path.join(made, name), path.join(folder, 'drop', as));
}
const inside = (name: string): readonly string[] => readdirSync(path.join(folder, 'music', name)).toSorted();
const facts = (): readonly Facts[] =>
  inside('tracks')
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(path.join(folder, 'music', 'tracks', name), 'utf8')) as Facts);
const copies = (one: Music): readonly string[] => facts().map(({ sha256 }) => one.copyOf(sha256)?.file ?? '');
const isAll = (over: Partial<CopyWanted>) => (): boolean =>
  facts().every(
    ({ rendition: { targetLufs, copy } }) =>
      (over.targetLufs ?? targetLufs) === targetLufs && (over.copy ?? copy) === copy,
  );
const WAIT = { timeout: 20_000, interval: 20 };
const known = (): readonly unknown[] => facts().map(({ rendition: _rendition, ...rest }) => rest);

async function openWithBoth(): Promise<Music> {
  drop('one.mp3');
  drop('two.flac');
  const one = open();
  await expect.poll(() => one.shelf.size(), WAIT).toBe(2);
  return one;
}

test('another loudness makes every copy again, counts them down, and leaves all else that is known as it was', async () => {
  const one = await openWithBoth();
  const before = known();
  const playable = copies(one);
  wanted = { ...wanted, targetLufs: -10 };
  await expect.poll(() => one.status().again.left, WAIT).toBeGreaterThan(0);
  await expect
    .poll(() => {
      // What is there may be played at every moment.
      for (const file of playable) expect(statSync(file).size).toBeGreaterThan(10_000);
      return isAll({ targetLufs: -10 })();
    }, WAIT)
    .toBe(true);
  await expect.poll(() => one.status().again, WAIT).toEqual({ left: 0, failed: 0 });
  expect(known()).toEqual(before);
  expect(copies(one)).toEqual(playable);
  for (const { rendition, sha256 } of facts()) {
    const { lufs, peak } = remeasure(toolsHere(), one.home.rendition(sha256));
    expect([Math.abs(lufs + 10) <= 0.1, peak <= -1]).toEqual([true, true]);
    expect(statSync(one.home.rendition(sha256)).size).toBe(rendition.bytes);
  }
});

test('a copy that is gone or damaged at a start is made again, and a whole one is not', async () => {
  await (await openWithBoth()).close();
  const [gone, cut] = facts();
  const third = path.join(folder, 'third.mp3');
  await makeSound(third, { seconds: 5, tone: 500, title: 'Three' });
  copyFileSync(third, path.join(folder, 'drop', 'third.mp3'));
  const middle = open();
  await expect.poll(() => middle.shelf.size(), WAIT).toBe(3);
  await middle.close();
  const place = (one: Facts | undefined): string => middle.home.rendition(one?.sha256 ?? '');
  const whole = facts().find(({ title }) => title === 'Three');
  const wholeAt = statSync(place(whole)).mtimeMs;
  // As it was written before there was a choice.
  const { copy: _copy, ...older } = whole?.rendition ?? {};
  writeFileSync(middle.home.facts(whole?.sha256 ?? ''), JSON.stringify({ ...whole, rendition: older }));
  rmSync(place(gone));
  truncateSync(place(cut), 5_000);
  const again = open();
  await expect
    .poll(() => [gone, cut].map((one) => statSync(place(one), { throwIfNoEntry: false })?.size), WAIT)
    .toEqual([gone?.rendition.bytes, cut?.rendition.bytes]);
  await expect.poll(() => again.status().again.left, WAIT).toBe(0);
  expect(statSync(place(whole)).mtimeMs).toBe(wholeAt);
});

test('FLAC is made where the club wants it, and only then: 16 bits at the same loudness, and no other copy stays', async () => {
  const one = await openWithBoth();
  expect(inside('renditions').every((name) => name.endsWith('.m4a'))).toBe(true);
  wanted = { ...wanted, copy: 'flac' };
  await expect.poll(isAll({ copy: 'flac' }), WAIT).toBe(true);
  await expect.poll(() => inside('renditions').filter((name) => !name.endsWith('.flac')), WAIT).toEqual([]);
  for (const file of copies(one)) {
    const asked = ['-v', 'error', '-show_entries', 'stream=codec_name,sample_fmt,channels', '-of', 'csv=p=0', file];
    expect(execFileSync(toolsHere().ffprobe, asked, { encoding: 'utf8' }).trim()).toBe('flac,s16,2');
    const { lufs, peak } = remeasure(toolsHere(), file);
    expect([Math.abs(lufs + 14) <= 0.1, peak <= -1]).toEqual([true, true]);
  }
  drop('one.mp3', 'again.mp3');
  await expect.poll(() => one.status().files.map(({ code }) => code), WAIT).toEqual(['DUP_BYTES']);
  await one.close();
  // A kill between the two kinds leaves both.
  const [track] = facts();
  copyFileSync(one.home.rendition(track?.sha256 ?? '', 'flac'), one.home.rendition(track?.sha256 ?? ''));
  const second = open();
  await expect.poll(() => inside('renditions').filter((name) => !name.endsWith('.flac')), WAIT).toEqual([]);
  expect(second.status().again.left).toBe(0);
  wanted = MUSIC_UNSET;
  await expect.poll(isAll({ copy: 'aac' }), WAIT).toBe(true);
  await expect.poll(() => inside('renditions').filter((name) => !name.endsWith('.m4a')), WAIT).toEqual([]);
});

test('a copy whose original is gone stays as it is and is counted; with the same file again it is made', async () => {
  const one = await openWithBoth();
  const [lost] = facts();
  rmSync(one.home.original(lost?.sha256 ?? ''));
  wanted = { ...wanted, targetLufs: -11 };
  await expect.poll(() => one.status().again, WAIT).toEqual({ left: 0, failed: 1 });
  expect(facts()[0]).toEqual(lost);
  expect(statSync(one.home.rendition(lost?.sha256 ?? '')).size).toBe(lost?.rendition.bytes);
  drop(lost?.title === 'One' ? 'one.mp3' : 'two.flac', lost?.title === 'One' ? 'again.mp3' : 'again.flac');
  await expect.poll(isAll({ targetLufs: -11 }), WAIT).toBe(true);
  await expect.poll(() => one.status().again, WAIT).toEqual({ left: 0, failed: 0 });
});

test('while a file is worked on, its share, its speed and the time that is left are told', async () => {
  const long = path.join(folder, 'drop', 'long.wav');
  await makeSound(long, { seconds: 120, tone: 280 });
  const one = open();
  const seen = () => one.status().working.find(({ speed, secondsLeft }) => speed !== null && secondsLeft !== null);
  await expect.poll(seen, WAIT).toMatchObject({ file: 'long.wav' });
  await expect.poll(() => one.shelf.size(), { timeout: 60_000 }).toBe(1);
});
