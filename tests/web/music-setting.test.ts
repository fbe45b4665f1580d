import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser, openScreen, type Screen } from '../support/browser.ts';
import { buildTestEdge, type TestEdge } from '../support/edge.ts';
import { overflow, tooSmall } from './sizes.ts';

let browser: Browser;
let edge: TestEdge;
const opened: Screen[] = [];
beforeAll(async () => {
  [browser, edge] = await Promise.all([openBrowser(), buildTestEdge()]);
});
afterAll(async () => {
  await Promise.all(opened.map((screen) => screen.close()));
  await Promise.all([browser.close(), edge.close()]);
});

async function musicOf(who: string, locale: string) {
  const screen = await openScreen(browser, { url: edge.url, who, locale });
  opened.push(screen);
  return { page: screen.page, music: screen.page.locator('#music') };
}

test('a manager sets how the club wants its music, and the DJ reads it in his language', async () => {
  const { page, music } = await musicOf('Max', 'en');
  await music.getByLabel('Loudness of every song').selectOption('-10');
  await expect.poll(() => edge.edge.reads.tracks.musicSetting().targetLufs).toBe(-10);
  await music.getByRole('radio', { name: 'FLAC, only for a booth in Chrome' }).click();
  await expect.poll(() => edge.edge.reads.tracks.musicSetting().copy).toBe('flac');
  await music.getByLabel('A song rests after it played').selectOption({ label: '6 h' });
  await expect.poll(() => edge.edge.reads.tracks.musicSetting().cooldownMin).toBe(360);
  await music.getByRole('checkbox', { name: 'Only what is marked clean' }).click();
  await expect
    .poll(() => edge.edge.reads.tracks.musicSetting())
    .toEqual({ targetLufs: -10, copy: 'flac', cooldownMin: 360, isCleanOnly: true });
  expect([await overflow(page), await tooSmall(page)]).toEqual([0, []]);
  const dj = await musicOf('DJ', 'es');
  await expect.poll(() => dj.music.innerText()).toContain('−10 LUFS · FLAC · descanso 6 h · Solo lo marcado como apto');
  expect(await dj.music.locator('select').count()).toBe(0);
});
