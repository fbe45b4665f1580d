import { appendFileSync, copyFileSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { MUSIC_UNSET } from '#shared/domain/track.ts';
import { openMusic, type Music } from '../../edge-node/music/music.ts';
import { openShelf } from '../../edge-node/music/shelf.ts';
import { makeSound } from '../support/make-sound.ts';

let made: string;
let folder: string;
let music: Music | null = null;
beforeAll(async () => {
  made = mkdtempSync(path.join(tmpdir(), 'clubops-sounds-'));
  await makeSound(path.join(made, 'one.mp3'), { seconds: 6, tone: 220, title: 'One', artist: 'Björk' });
  await makeSound(path.join(made, 'two.flac'), { seconds: 6, tone: 330, title: 'Two' });
  await makeSound(path.join(made, 'three.wav'), { seconds: 5, tone: 440 });
});
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'clubops-music-'));
});
afterEach(async () => {
  await music?.close();
  music = null;
});

function open(): Music {
  const wanted = () => MUSIC_UNSET;
  const parts = { home: path.join(folder, 'music'), folder: path.join(folder, 'drop'), runtime: folder };
  const broken = (error: unknown) => {
    throw error;
  };
  music = openMusic({ ...parts, isBinary: false, env: process.env, shelf: openShelf(), wanted, broken });
  return music;
}
const titles = ({ shelf }: Music) => [...shelf.all()].map(({ title }) => title).toSorted();
const words = (one: Music) => one.status().files.map(({ file, outcome, code }) => [file, outcome, code]);
const drop = (name: string, as = name): void => {
  const to = path.join(folder, 'drop', as);
  mkdirSync(path.dirname(to), { recursive: true });
  copyFileSync(path.join(made, name), to);
};

test('what lies in the folder at the start, and what is dropped later in any folder of it, may be played', async () => {
  drop('one.mp3');
  const one = open();
  await expect.poll(() => titles(one), { timeout: 20_000 }).toEqual(['One']);
  drop('two.flac', 'new/deep/two.flac');
  await expect.poll(() => titles(one), { timeout: 20_000 }).toEqual(['One', 'Two']);
  const [row] = one.shelf.search('bjork', 5);
  expect(row).toMatchObject({ title: 'One', artist: 'Björk' });
  expect((await stat(one.home.rendition(row?.track ?? ''))).size).toBeGreaterThan(10_000);
});

test('a file that is still copied is not judged before it is whole', async () => {
  const one = open();
  await expect.poll(() => one.status().folderState, { timeout: 10_000 }).toBe('watched');
  const whole = await readFile(path.join(made, 'three.wav'));
  const target = path.join(folder, 'drop', 'three.wav');
  await writeFile(target, whole.subarray(0, 1_000));
  for (let at = 1_000; at < whole.length; at += 200_000) {
    await expect.poll(() => one.status().waiting, { timeout: 10_000, interval: 20 }).toBe(1);
    appendFileSync(target, whole.subarray(at, at + 200_000));
  }
  await expect.poll(() => titles(one), { timeout: 20_000 }).toEqual(['three']);
  expect(one.status().files).toEqual([]);
});

test('a file that is begun early and goes on growing is judged as a whole, and nothing is said of it before', async () => {
  const one = open();
  await expect.poll(() => one.status().folderState, { timeout: 10_000 }).toBe('watched');
  const whole = await readFile(path.join(made, 'two.flac'));
  const target = path.join(folder, 'drop', 'two.flac');
  await writeFile(target, whole.subarray(0, whole.length / 2));
  await expect.poll(() => one.status().working.length, { timeout: 10_000, interval: 20 }).toBe(1);
  appendFileSync(target, whole.subarray(whole.length / 2));
  const said: unknown[] = [];
  const listen = () => said.push(...words(one)) >= 0 && titles(one);
  await expect.poll(listen, { timeout: 20_000, interval: 20 }).toEqual(['Two']);
  expect(said).toEqual([]);
  expect([...one.shelf.all()][0]?.seconds).toBeCloseTo(6, 1);
});

test('a file that goes away once it was whole is a track all the same', async () => {
  const one = open();
  await expect.poll(() => one.status().folderState, { timeout: 10_000 }).toBe('watched');
  const whole = await readFile(path.join(made, 'two.flac'));
  const target = path.join(folder, 'drop', 'two.flac');
  const working = (count: number) =>
    expect.poll(() => one.status().working.length, { timeout: 20_000, interval: 20 }).toBe(count);
  await writeFile(target, whole.subarray(0, whole.length / 2));
  await working(1);
  // Begun too early: from now on it is left alone until it is quiet.
  appendFileSync(target, whole.subarray(whole.length / 2));
  await working(0);
  await working(1);
  rmSync(target);
  await expect.poll(() => titles(one), { timeout: 20_000 }).toEqual(['Two']);
});

test('a file that gets another name while it is worked on is one track, with its original', async () => {
  const one = open();
  await expect.poll(() => one.status().folderState, { timeout: 10_000 }).toBe('watched');
  drop('one.mp3', 'x.mp3');
  await expect.poll(() => one.status().working.length, { timeout: 10_000, interval: 20 }).toBe(1);
  renameSync(path.join(folder, 'drop', 'x.mp3'), path.join(folder, 'drop', 'y.mp3'));
  await expect.poll(() => titles(one), { timeout: 20_000 }).toEqual(['One']);
  await expect.poll(() => one.status().working.length, { timeout: 20_000 }).toBe(0);
  const [row] = one.shelf.all();
  const original = one.home.original(row?.track ?? '');
  expect(await readFile(original)).toEqual(await readFile(path.join(made, 'one.mp3')));
});

test('a bad file is refused with a reason, in the list until it is gone; a good one under its name is taken', async () => {
  const one = open();
  await writeFile(path.join(folder, 'drop', 'bad.mp3'), 'This is a shopping list. '.repeat(500));
  await expect.poll(() => words(one), { timeout: 20_000 }).toEqual([['bad.mp3', 'reject', 'NOT_AUDIO']]);
  drop('one.mp3', 'bad.mp3');
  await expect.poll(() => titles(one), { timeout: 20_000 }).toEqual(['One']);
  expect(words(one)).toEqual([]);
  await writeFile(path.join(folder, 'drop', 'list.mp3'), 'This is a shopping list. '.repeat(500));
  await expect.poll(() => words(one), { timeout: 20_000 }).toHaveLength(1);
  rmSync(path.join(folder, 'drop', 'list.mp3'));
  await expect.poll(() => words(one), { timeout: 20_000 }).toEqual([]);
});

test('a renamed file, and the same one twice, are the same track; nothing is made anew after a restart', async () => {
  drop('one.mp3');
  const first = open();
  await expect.poll(() => titles(first), { timeout: 20_000 }).toEqual(['One']);
  renameSync(path.join(folder, 'drop', 'one.mp3'), path.join(folder, 'drop', 'eins.mp3'));
  drop('one.mp3', 'again.mp3');
  await expect
    .poll(() => words(first).toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1)), { timeout: 20_000 })
    .toEqual([
      ['again.mp3', 'duplicate', 'DUP_BYTES'],
      ['eins.mp3', 'duplicate', 'DUP_BYTES'],
    ]);
  const [track] = readdirSync(path.join(folder, 'music', 'renditions'));
  const before = await stat(path.join(folder, 'music', 'renditions', track ?? ''));
  await first.close();
  const second = open();
  await expect.poll(() => second.status().folderState, { timeout: 10_000 }).toBe('watched');
  expect([titles(second), words(second).length]).toEqual([['One'], 2]);
  expect((await stat(path.join(folder, 'music', 'renditions', track ?? ''))).mtimeMs).toBe(before.mtimeMs);
});

test('what was refused last is told first, also after a restart, whatever it is called', async () => {
  const first = open();
  await expect.poll(() => first.status().folderState, { timeout: 20_000 }).toBe('watched');
  const names = ['b.mp3', 'c.mp3', 'a.mp3'];
  for (const [at, name] of names.entries()) {
    await writeFile(path.join(folder, 'drop', name), 'This is a shopping list.');
    await expect.poll(() => words(first), { timeout: 20_000 }).toHaveLength(at + 1);
  }
  const newestFirst = names.toReversed().map((name) => [name, 'reject', 'NOT_AUDIO']);
  expect(words(first)).toEqual(newestFirst);
  await first.close();
  const second = open();
  await expect.poll(() => words(second), { timeout: 20_000 }).toEqual(newestFirst);
});

test('a folder that disappears takes no track with it', async () => {
  drop('one.mp3');
  const first = open();
  await expect.poll(() => titles(first), { timeout: 20_000 }).toEqual(['One']);
  await first.close();
  renameSync(path.join(folder, 'drop'), path.join(folder, 'away'));
  const second = open();
  await expect.poll(() => second.status().folderState, { timeout: 10_000 }).toBe('empty');
  expect(titles(second)).toEqual(['One']);
});

test('a folder that disappears while it is watched is said, forgets nothing, and is taken up where it was when it comes back', async () => {
  drop('one.mp3');
  await writeFile(path.join(folder, 'drop', 'bad.mp3'), 'This is a shopping list. '.repeat(500));
  const one = open();
  await expect.poll(() => [titles(one), words(one).length], { timeout: 20_000 }).toEqual([['One'], 1]);
  const before = one.status().files;
  for (const [away, state] of [
    [() => renameSync(path.join(folder, 'drop'), path.join(folder, 'away')), 'gone'],
    [() => mkdirSync(path.join(folder, 'drop')), 'empty'],
  ] as const) {
    away();
    await expect.poll(() => one.status().folderState, { timeout: 20_000 }).toBe(state);
    expect([titles(one), one.status().files]).toEqual([['One'], before]);
  }
  rmSync(path.join(folder, 'drop'), { recursive: true });
  renameSync(path.join(folder, 'away'), path.join(folder, 'drop'));
  await expect.poll(() => one.status().folderState, { timeout: 20_000 }).toBe('watched');
  drop('two.flac');
  await expect.poll(() => titles(one), { timeout: 20_000 }).toEqual(['One', 'Two']);
  expect(one.status().files).toEqual(before);
}, 60_000);

test('without ffmpeg it says so, and takes nothing in', () => {
  const parts = { home: path.join(folder, 'music'), folder: null, runtime: folder, wanted: () => MUSIC_UNSET };
  music = openMusic({ ...parts, isBinary: false, env: {}, shelf: openShelf(), broken: () => undefined });
  expect(music.status().says).toContain('no ffmpeg');
});
