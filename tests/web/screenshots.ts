import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { openBrowser, openScreen, type ScreenOptions } from '../support/browser.ts';
import { buildTestEdge } from '../support/edge.ts';
import { openNight, startSomeNight } from './a-night.ts';
import { SHEETS, startSomeWork } from './sheets.ts';

/** Pictures of the floor screen in the middle of a night, to be looked at. Takes the folder to put them in. */
const folder = path.resolve(process.argv[2] ?? '.cache/screenshots');
const LOOKS = [
  { who: 'Max', width: 390, height: 844, locale: 'en-US' },
  { who: 'Max', width: 800, height: 1_280, locale: 'en-US' },
  { who: 'Max', width: 1_280, height: 800, locale: 'en-US' },
  { who: 'Max', width: 390, height: 844, locale: 'es-ES' },
  { who: 'DJ', width: 390, height: 844, locale: 'es-ES' },
  { who: 'Victor', width: 1_280, height: 800, locale: 'es-ES' },
] as const;
const ROOM_SHEETS = ['running', 'reserved', 'to-settle', 'free'] as const;

mkdirSync(folder, { recursive: true });
const edge = await buildTestEdge();
const manager = await edge.tablet('Max');
const browser = await openBrowser();
await takeClosed(browser);
const night = await openNight(manager);
await startSomeWork(night);
await startSomeNight(night);
for (const look of LOOKS) await takePictures(browser, { url: edge.url, ...look });
await browser.close();
await edge.close();

async function takePictures(from: Browser, options: ScreenOptions): Promise<void> {
  const { page, close } = await openScreen(from, { ...options, touch: true });
  const name = `${options.who}-${options.width}-${options.locale ?? ''}`;
  await page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: true });
  for (const [at, sheet] of ROOM_SHEETS.entries()) {
    await page.locator('.card').nth(at).click();
    await page.locator('dialog[open]').waitFor();
    await page.screenshot({ path: path.join(folder, `${name}-${sheet}.png`) });
    await page.locator('.sheet-head button').click();
  }
  if (options.who === 'Max') await takeSheets(page, name);
  await close();
}

async function takeSheets(page: Page, name: string): Promise<void> {
  for (const [sheet, open] of Object.entries(SHEETS)) {
    await open(page);
    await page.locator('dialog[open]').waitFor();
    await page.waitForTimeout(300);
    await page.screenshot({ path: path.join(folder, `${name}-${sheet}.png`) });
    await page.locator('.sheet-head button').click();
  }
}

async function takeClosed(from: Browser): Promise<void> {
  for (const { who, width, height, locale } of LOOKS) {
    const { page, close } = await openScreen(from, { url: edge.url, who, width, height, locale });
    await page.locator('.closed-day').waitFor();
    await page.screenshot({ path: path.join(folder, `${who}-${width}-${locale}-closed.png`) });
    await close();
  }
}
