import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { BoothAnswer } from '#shared/contract/booth-api.ts';
import { openBrowser, openTablet, signIn, type Screen } from '../support/browser.ts';
import { buildTestEdge, type TestEdge } from '../support/edge.ts';
import { openSounds, type Sounds } from '../support/sounds.ts';
import type { Tablet } from '../support/tablet.ts';
import { openNight, rowsOf } from './a-night.ts';
import { heardBy, setOutput, tapOutput, tonesOf } from './output-tap.ts';
import { overflow, tooSmall } from './sizes.ts';

/** The DJ's page in a real Chromium: what comes out of it is measured at its output, tone by tone. */
const NAMES = ['do', 're', 'mi', 'fa', 'sol', 'la', 'si', 'ut'] as const;
const SECONDS = 8;
/** Long enough that what comes next waits on the other deck for a while. */
const LONG_SECONDS = 14;
/** A little under what each of these tones is at the club's target. */
const FULL_DB = -19;
const hertzOf = (name: string) => 330 + 220 * NAMES.findIndex((one) => one === name);

let browser: Browser;
let sounds: Sounds;
let edge: TestEdge;
let manager: Tablet;
const opened: Screen[] = [];
const others: Browser[] = [];
const broken: string[] = [];

beforeAll(async () => {
  sounds = await openSounds(
    NAMES.map((name) => ({ name, hertz: hertzOf(name), seconds: name === 're' ? LONG_SECONDS : SECONDS })),
  );
  // A booth's kiosk is started like this, so that it goes on by itself after a reload.
  browser = await openBrowser('--autoplay-policy=no-user-gesture-required');
});
afterAll(async () => {
  sounds.close();
  await browser.close();
});
beforeEach(async () => {
  edge = await buildTestEdge({ sounds });
  manager = await edge.tablet('Max');
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((screen) => screen.close()));
  await Promise.all(others.splice(0).map((one) => one.close()));
  await edge.close();
  if (broken.length > 0) throw new Error(broken.splice(0).join('\n'));
});

async function openBooth(who = 'DJ', options: Parameters<typeof openTablet>[1] = {}, from = browser): Promise<Page> {
  const screen = await openTablet(from, options);
  opened.push(screen);
  screen.page.on('pageerror', (error) => broken.push(error.message));
  await tapOutput(screen.page, NAMES.map(hertzOf));
  await signIn(screen.page, { url: edge.url, who });
  await screen.page.locator('.booth-bar button').click();
  return screen.page;
}
const start = (page: Page) => page.getByRole('button', { name: 'Start the booth' }).click();
const booth = async () => (await manager.ask<BoothAnswer>('GET', '/api/v1/booth')).body;
const playing = async () => (await booth()).now?.song.title ?? null;
const title = (name: string) => expect.poll(playing, { timeout: 30_000, interval: 50 }).toBe(name);
const songs = (...names: readonly string[]) => names.map((name) => ({ track: sounds.named(name).track, title: name }));

/** Amber on stage with two songs and no third, Bella next with three of her own. */
async function openSets(): Promise<void> {
  await openNight(manager);
  const entries = await rowsOf(manager, 'entry');
  const of = (name: string) => entries.find((one) => one.name === name)?.id ?? '';
  await manager.must('rotation.plan', { entry: of('Amber'), songs: songs('do', 're') });
  await manager.must('rotation.plan', { entry: of('Bella'), songs: songs('mi', 'mi', 'mi') });
  await manager.must('stage_set.start', { entry: of('Amber') });
  await manager.ask('POST', '/api/v1/booth/drops', { item: `${of('Amber')}.0.2` });
}

/** Puts a track at a place of somebody's set, as a finger does. */
async function put(page: Page, name: string, at: { readonly who: string; readonly place: number }): Promise<void> {
  await page.getByRole('button', { name: `Change place ${at.place} of ${at.who}:` }).click();
  await page.getByRole('searchbox').fill(name);
  await page.getByRole('button', { name: `Put ${name} at place ${at.place} of ${at.who}` }).click();
}

test('two songs go over into each other without a moment of silence, and the next set is played as it was edited at three places', async () => {
  await openSets();
  const page = await openBooth();
  await start(page);
  await title('do');
  await put(page, 'fa', { who: 'Bella', place: 1 });
  await put(page, 'la', { who: 'Bella', place: 2 });
  await put(page, 'sol', { who: 'Bella', place: 3 });
  // It waits on the other deck already, and still a later choice plays.
  await page.locator('.deck[data-look=ready]', { hasText: 'fa' }).waitFor();
  await put(page, 'ut', { who: 'Bella', place: 1 });
  await title('sol');
  // The last of the five is alone only when the one before it is gone.
  await expect.poll(async () => tonesOf(await heardBy(page), NAMES).at(-1)).toBe('sol');
  const all = await heardBy(page);
  expect(tonesOf(all, NAMES)).toEqual(['do', 're', 'ut', 'la', 'sol']);
  const sounding = all.slice(
    all.findIndex(({ db }) => db > -40),
    all.length,
  );
  expect(sounding.length).toBeGreaterThan(150);
  expect(Math.min(...sounding.map(({ db }) => db))).toBeGreaterThan(-36);
  const both = sounding.filter(({ tones: [one = -120, next = -120] }) => one > -45 && next > -45);
  expect(both.length * 4_096).toBeGreaterThan(44_100 * 1.5);
  const plays = edge.edge.reads.desk.plays(0, Number.MAX_SAFE_INTEGER);
  expect(plays.length).toBe(4);
});

test('a reload in the middle goes on with the same song at its place, by itself', async () => {
  await openSets();
  const page = await openBooth();
  await start(page);
  await title('do');
  await expect.poll(async () => (await booth()).now?.positionMs ?? 0, { interval: 50 }).toBeGreaterThan(1_500);
  await page.reload();
  await expect.poll(async () => tonesOf(await heardBy(page), NAMES), { interval: 50 }).toEqual(['do']);
  const { now } = await booth();
  expect(now?.song.title).toBe('do');
  expect(now?.positionMs).toBeGreaterThan(1_400);
  expect((await booth()).alarm).toBeNull();
  await title('re');
});

test('a browser that wants a touch first is given one, and goes on at the same place', async () => {
  await openSets();
  const strict = await openBrowser();
  others.push(strict);
  const page = await openBooth('DJ', {}, strict);
  await start(page);
  await title('do');
  // A reload alone keeps what the last touch allowed.
  await page.goto('about:blank');
  await page.goto(edge.url);
  await expect.poll(async () => (await booth()).alarm).toBe('silent');
  expect(tonesOf(await heardBy(page), NAMES)).toEqual([]);
  await page.locator('.booth-bar button').click();
  const touch = page.getByRole('button', { name: 'Touch to let the sound out' });
  await touch.click();
  await expect.poll(async () => tonesOf(await heardBy(page), NAMES)).toEqual(['do']);
  await expect.poll(async () => (await booth()).alarm).toBeNull();
});

test('a song that can\u2019t be played is passed over and said; without the node the last one is heard again, not silence', async () => {
  await openSets();
  const page = await openBooth();
  await page.route(`**/tracks/${sounds.named('re').track}/audio`, (route) => route.fulfill({ status: 404, json: {} }));
  await start(page);
  await page.getByText('re can\u2019t be played. It is passed over.').waitFor();
  await title('mi');
  await page.locator('.deck[data-look=ready]').waitFor();
  await page.route('**/api/v1/**', (route) => route.abort());
  const from = (await heardBy(page)).length;
  await expect.poll(async () => (await heardBy(page)).length - from, { timeout: 40_000 }).toBeGreaterThan(240);
  const away = (await heardBy(page)).slice(from);
  // Once more from the decks that are loaded, whatever waits on the second.
  expect(tonesOf(away, NAMES).slice(0, 2)).toEqual(['do', 'mi']);
  const silent = away.map(({ db }) => (db < -40 ? 1 : 0));
  const longest = Math.max(
    ...silent
      .join('')
      .split('0')
      .map((run) => run.length),
  );
  expect(longest * (4_096 / 44_100)).toBeLessThan(0.5);
});

test('a second booth page is a remote: it makes no sound, skips, and takes over only on purpose; then the first one is still', async () => {
  await openSets();
  const first = await openBooth();
  await start(first);
  await title('do');
  const second = await openBooth('Max');
  await second.getByText('This one is a remote').waitFor();
  await second.getByRole('button', { name: 'Next song' }).click();
  await title('re');
  expect(await heardBy(second)).toEqual([]);
  await second.getByRole('button', { name: 'Hold to play here instead' }).click({ delay: 1_000 });
  await second.getByText('The sound comes out of this device').waitFor();
  await first.getByText('This one is a remote').waitFor();
  await expect.poll(async () => tonesOf(await heardBy(second), NAMES)).toContain('re');
  const still = (await heardBy(first)).length;
  await title('mi');
  expect((await heardBy(first)).length).toBe(still);
});

test('a page that goes silent and one that is gone are said on the screens of DJ and manager, until it sounds again', async () => {
  await openSets();
  const page = await openBooth();
  await start(page);
  await title('do');
  const floor = await openTablet(browser, {});
  opened.push(floor);
  await signIn(floor.page, { url: edge.url, who: 'Max' });
  const alarm = floor.page.locator('.booth-alarm');
  const suspended = performance.now();
  await setOutput(page, 'suspend');
  await alarm.filter({ hasText: 'Silence!' }).waitFor();
  expect(performance.now() - suspended).toBeLessThan(3_000);
  await setOutput(page, 'resume');
  await alarm.waitFor({ state: 'detached' });
  const gone = performance.now();
  await page.goto('about:blank');
  await alarm.filter({ hasText: 'is gone' }).waitFor();
  expect(performance.now() - gone).toBeLessThan(3_000);
  await floor.page.locator('.booth-bar button').click();
  await floor.page.getByRole('button', { name: 'Hold to stop the booth' }).click({ delay: 1_000 });
  await alarm.waitFor({ state: 'detached' });
  expect((await booth()).player).toBeNull();
});

test('how loud a track is and where it begins is kept when the DJ sets it, and holds when it plays again', async () => {
  await openSets();
  const page = await openBooth();
  await start(page);
  await title('do');
  const level = async () => (await heardBy(page)).at(-1)?.db ?? -120;
  await expect.poll(level, { timeout: 10_000 }).toBeGreaterThan(FULL_DB);
  const deck = page.locator('.deck[data-look=on]');
  for (let db = 0; db < 9; db += 1) await deck.getByRole('button', { name: 'softer' }).click();
  await expect.poll(level, { timeout: 10_000 }).toBeLessThan(FULL_DB - 6);
  await deck.getByRole('button', { name: 'Begin here next time' }).click();
  const track = () => edge.music.shelf.track(sounds.named('do').track);
  await expect.poll(() => track()?.trimDb, { timeout: 10_000 }).toBe(-9);
  const cueIn = track()?.cueIn ?? 0;
  expect(cueIn).toBeGreaterThan(0.5);
  await manager.ask('POST', '/api/v1/booth/extras', { track: sounds.named('do').track, place: 'next' });
  await page.locator('.deck[data-look=ready]', { hasText: 'do' }).waitFor();
  await page.getByRole('button', { name: 'Next song' }).click();
  await expect.poll(async () => (await booth()).now?.item, { timeout: 10_000 }).toMatch(/^hand/);
  expect((await booth()).now?.positionMs).toBeGreaterThan(cueIn * 1_000 - 50);
  const from = (await heardBy(page)).length;
  await expect.poll(async () => (await heardBy(page)).length - from, { timeout: 10_000 }).toBeGreaterThan(25);
  const alone = (await heardBy(page)).slice(from + 20, from + 25).map(({ db }) => db);
  expect(Math.max(...alone)).toBeLessThan(FULL_DB - 6);
  expect(Math.min(...alone)).toBeGreaterThan(FULL_DB - 12);
});

test('with nobody in the rotation it plays by itself; search, talk-over and the waveform answer to finger and key', async () => {
  const page = await openBooth('DJ', { width: 390, height: 800, locale: 'es-MX' });
  await page.getByRole('button', { name: 'Arrancar la cabina' }).click();
  await expect.poll(playing).not.toBeNull();
  // Which song the house begins with is the library's affair.
  const wanted = (await booth()).programme.some(({ song }) => song.title === 'ut') ? 'sol' : 'ut';
  expect(await tooSmall(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);
  await page.locator('h2').first().click();
  const level = async () => (await heardBy(page)).at(-1)?.db ?? -120;
  // A tone at the club's target; the block in which it begins is quieter.
  await expect.poll(level).toBeGreaterThan(FULL_DB);
  await page.keyboard.down(' ');
  await expect.poll(level).toBeLessThan(FULL_DB - 8);
  await page.keyboard.up(' ');
  await expect.poll(level).toBeGreaterThan(FULL_DB);
  await page.keyboard.press('/');
  await page.keyboard.type(wanted);
  await page.getByRole('button', { name: `Añadir ${wanted} al final` }).waitFor();
  await page.keyboard.press('Shift+Enter');
  await expect.poll(async () => (await booth()).programme[0]?.song.title).toBe(wanted);
  const wave = await page.locator('.waveform input').boundingBox();
  await page.mouse.click((wave?.x ?? 0) + (wave?.width ?? 0) * 0.9, (wave?.y ?? 0) + 30);
  await title(wanted);
  await expect.poll(async () => tonesOf(await heardBy(page), NAMES).at(-1)).toBe(wanted);
});
