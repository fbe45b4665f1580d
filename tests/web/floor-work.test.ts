import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { REFUSALS } from '#shared/domain/refusal.ts';
import { matching } from '../../edge-node/web/roster.ts';
import { openBrowser, openScreen, type Screen } from '../support/browser.ts';
import { buildTestEdge, type TestEdge } from '../support/edge.ts';
import type { Tablet } from '../support/tablet.ts';
import { openNight, rowsOf } from './a-night.ts';
import { row } from './drags.ts';
import { openDancer, openDrawer, SHEETS, startSomeWork } from './sheets.ts';
import { overflow, tooSmall } from './sizes.ts';

/** A night's work from the door to the safe, in Chromium against a real node. */
let browser: Browser;
let edge: TestEdge;
let manager: Tablet;
const opened: Screen[] = [];
const broken: string[] = [];

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  edge = await buildTestEdge();
  manager = await edge.tablet('Max');
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((screen) => screen.close()));
  await edge.close();
  if (broken.length > 0) throw new Error(broken.splice(0).join('\n'));
});

async function screenOf(
  who: string,
  options: { readonly width?: number; readonly height?: number; readonly locale?: string } = {},
): Promise<Page> {
  const screen = await openScreen(browser, { url: edge.url, who, ...options });
  opened.push(screen);
  screen.page.on('pageerror', (error) => broken.push(error.message));
  screen.page.on('console', (message) => {
    if (/content security policy|react/i.test(message.text())) broken.push(message.text());
  });
  return screen.page;
}

const sheetOf = (page: Page) => page.locator('dialog[open]');
const closeSheet = (page: Page) => page.keyboard.press('Escape');
const button = (page: Page, name: string) => sheetOf(page).getByRole('button', { name, exact: true });
const hold = (page: Page, name: string) => button(page, name).click({ delay: 1_000 });
const notice = (page: Page, text: string) => page.locator('.notice', { hasText: text }).last();
const dancerRow = (page: Page, name: string) => page.locator('.dancer', { hasText: name });

async function openDrawerWith(name: string, bankCents: number): Promise<string> {
  const drawer = (await rowsOf(manager, 'drawer')).find((one) => one.name === name)?.id ?? '';
  await manager.must('drawer.open', { drawer, responsible: manager.staff, bankCents });
  return drawer;
}

async function checkIn(...names: readonly string[]): Promise<void> {
  const roster = await manager.ask<readonly { readonly dancer: string; readonly stageName: string }[]>(
    'GET',
    '/api/v1/dancers',
  );
  for (const { dancer, stageName } of roster.body) {
    if (names.includes(stageName)) await manager.must('attendance.check_in', { dancer });
  }
}

async function checkInBySearch(page: Page, typed: string, name: string): Promise<void> {
  await sheetOf(page).getByRole('searchbox', { name: 'Stage name' }).fill(typed);
  await button(page, name).click();
  await notice(page, `${name} is checked in.`).waitFor();
}

describe('a night', () => {
  test('from an open day over check-in, fee, stage and check-out to her settlement', async () => {
    const page = await screenOf('Max');
    await page.getByRole('button', { name: 'Open the business day' }).click();
    await page.getByRole('button', { name: 'Check in', exact: true }).click();
    expect(await page.evaluate(() => document.activeElement?.getAttribute('type'))).toBe('search');
    await checkInBySearch(page, 'opa', 'Opal');
    await checkInBySearch(page, 'raven', 'Raven');
    await sheetOf(page).locator('.found .button[aria-disabled=true]', { hasText: 'Raven' }).click({ force: true });
    await notice(page, REFUSALS.already_checked_in).waitFor();
    await closeSheet(page);
    await dancerRow(page, 'Raven').waitFor();

    await openDrawerWith('Door', 20_000);
    await openDancer(page, 'Opal');
    await sheetOf(page).locator('.total', { hasText: 'She owes the club' }).getByText('$60.00').waitFor();
    await sheetOf(page).locator('.why', { hasText: REFUSALS.house_fee_open }).waitFor();
    await button(page, 'Take $60.00 in cash').click();
    await sheetOf(page).getByText('Fee paid · $60.00').waitFor();
    await sheetOf(page).locator('.total', { hasText: 'Nothing is owed' }).waitFor();
    await closeSheet(page);

    await page.getByRole('button', { name: 'Add Opal to Main stage' }).click();
    await row(page, 'Opal').getByRole('button', { name: 'Put Opal on stage' }).click();
    await page.getByRole('button', { name: 'End the set of Opal' }).click();
    await row(page, 'Opal').getByRole('button', { name: 'Put Opal on stage' }).click();
    await page.getByRole('button', { name: 'Cut the set of Opal short' }).click();
    await row(page, 'Opal').waitFor();

    await openDancer(page, 'Opal');
    await button(page, 'Check out').click();
    await row(page, 'Opal').waitFor({ state: 'detached' });
    await button(page, 'Settle in cash').click();
    await sheetOf(page).getByText('Settled', { exact: true }).waitFor();
    await closeSheet(page);
    expect((await rowsOf(manager, 'attendance')).find(({ name }) => name === 'Opal')?.state).toBe('SETTLED');
  });

  test('a fee is put off or waived with a reason, and a place in a rotation is given up', async () => {
    await manager.must('day.open', { date: null });
    await checkIn('Lola', 'Nova');
    const page = await screenOf('Max');
    await page.getByRole('button', { name: 'Add Lola to Side stage' }).click();
    await openDancer(page, 'Lola');
    await button(page, 'Remove Lola from Side stage').click();
    await sheetOf(page).getByText('She is in no rotation.').waitFor();
    expect(await button(page, 'Pay later').getAttribute('aria-disabled')).toBe('true');
    await sheetOf(page).getByRole('radio', { name: 'No cash yet' }).check();
    await button(page, 'Pay later').click();
    await sheetOf(page).getByText('Fee later').waitFor();
    await closeSheet(page);
    await openDancer(page, 'Nova');
    await sheetOf(page).getByLabel('Another reason').fill('Birthday');
    await hold(page, 'Hold to waive');
    await sheetOf(page).getByText('Fee waived').waitFor();
  });

  test('is closed by holding, and what stands in the way is said', async () => {
    await manager.must('day.open', { date: null });
    await checkIn('Lola');
    const page = await screenOf('Max');
    await page.locator('.day').click();
    await hold(page, 'Hold to begin to close');
    await hold(page, 'Hold to close the day');
    await notice(page, REFUSALS.attendance_open).waitFor();
    const [lola] = await rowsOf(manager, 'attendance');
    await manager.must('house_fee.defer', { fee: lola?.fee?.fee ?? '', reason: 'Later' });
    await manager.must('attendance.check_out', { dancer: lola?.dancer ?? '' });
    await hold(page, 'Hold to close the day');
    await page.getByRole('heading', { name: 'No business day is open' }).waitFor();
    await sheetOf(page).waitFor({ state: 'detached' });
    expect(await rowsOf(manager, 'day')).toEqual([]);
  });

  test('is opened by who may, and others see why they may not', async () => {
    const [door, booth] = [await screenOf('Dora'), await screenOf('DJ')];
    await door.locator('.closed-day .why', { hasText: REFUSALS.not_allowed }).waitFor();
    await manager.must('day.open', { date: null });
    await checkIn('Lola');
    await openDancer(door, 'Lola');
    expect(await button(door, 'Hold to waive').getAttribute('aria-disabled')).toBe('true');
    await openDancer(booth, 'Lola');
    expect(await sheetOf(booth).textContent()).not.toContain('$');
    expect(await button(booth, 'Check out').getAttribute('aria-disabled')).toBe('true');
  });
});

describe('a drawer', () => {
  test('is opened, dropped from, counted blind and closed', async () => {
    await manager.must('day.open', { date: null });
    const page = await screenOf('Max');
    await openDrawer(page, 'Bar');
    await sheetOf(page).getByLabel('Who answers for it').selectOption({ label: 'Ben Bar' });
    await sheetOf(page).getByLabel('Bank, counted').fill('200,50');
    await sheetOf(page).getByText('$200.50').waitFor();
    await button(page, 'Open the drawer').click();
    await sheetOf(page).getByText('Ben Bar').waitFor();

    const drop = sheetOf(page).getByLabel('Amount that goes to the safe');
    await drop.fill('900');
    await button(page, 'Drop').click();
    await notice(page, REFUSALS.not_enough_cash).waitFor();
    await drop.fill('50');
    await button(page, 'Drop').click();
    await notice(page, '$50.00 went from Bar to the safe.').waitFor();

    expect(await button(page, 'Hold to count').getAttribute('aria-disabled')).toBe('true');
    await sheetOf(page).getByLabel('Counted').fill('1.2.3');
    await sheetOf(page).locator('.why', { hasText: 'Type an amount like 20 or 20.50.' }).waitFor();
    await sheetOf(page).getByLabel('Counted').fill('149.75');
    expect(await sheetOf(page).textContent()).not.toContain('150.50');
    await hold(page, 'Hold to count');
    await hold(page, 'Hold to close the drawer');
    await button(page, 'Open the drawer').waitFor();
    await closeSheet(page);
    const bar = (await rowsOf(manager, 'drawer')).find(({ name }) => name === 'Bar');
    expect(bar?.state).toBe('CLOSED');
    const [day] = await rowsOf(manager, 'day');
    const night = await manager.ask<{ readonly byClass: Record<string, number> }>('GET', `/api/v1/nights/${day?.day}`);
    expect(night.body.byClass).toMatchObject({ over_short: 75, cash_drawer: 0 });
  });

  test('is seen by the bar without what is in it', async () => {
    await manager.must('day.open', { date: null });
    await openDrawerWith('Bar', 12_300);
    const page = await screenOf('Ben');
    await openDrawer(page, 'Bar');
    await button(page, 'Hold to count').waitFor();
    expect(await page.locator('body').textContent()).not.toContain('123.00');
  });
});

describe('every sheet', () => {
  for (const width of [390, 800, 1_280]) {
    for (const locale of ['en-US', 'es-ES']) {
      test(`has targets of 48 px and no sideways scroll at ${width} px in ${locale}`, async () => {
        const page = await screenOf('Max', { width, height: 844, locale });
        await page.locator('.closed-day').waitFor();
        expect([await tooSmall(page), await overflow(page)]).toEqual([[], 0]);
        const night = await openNight(manager);
        await startSomeWork(night);
        await manager.must('stage_set.start', { entry: (await rowsOf(manager, 'entry'))[0]?.id ?? '' });
        await page.locator('.live-set[data-live=true]').waitFor();
        expect([await tooSmall(page), await overflow(page)]).toEqual([[], 0]);
        for (const [name, open] of Object.entries(SHEETS)) {
          await open(page);
          await sheetOf(page).waitFor();
          expect([name, await tooSmall(page), await overflow(page)]).toEqual([name, [], 0]);
          await closeSheet(page);
          await sheetOf(page).waitFor({ state: 'detached' });
        }
      });
    }
  }

  test('of check-in keeps its field where it is while names go and come', async () => {
    await manager.must('day.open', { date: null });
    const page = await screenOf('Dora', { width: 390, height: 844 });
    await page.locator('.dancers .section-head .button').click();
    const field = sheetOf(page).getByRole('searchbox');
    await button(page, 'Amber').waitFor();
    const before = await field.boundingBox();
    await field.fill('zzz');
    await sheetOf(page).getByText('Nobody on the roster has this name.').waitFor();
    expect(await field.boundingBox()).toEqual(before);
  });
});

test('names are found by the head of a word first, without case and accents', () => {
  const roster = ['Ámbar', 'Star', 'Ruby Ann', 'Tara'].map((stageName) => ({ dancer: stageName, stageName }));
  const found = (typed: string) => matching(roster, typed).map(({ stageName }) => stageName);
  expect(found(' ')).toHaveLength(4);
  expect(found('amb')).toEqual(['Ámbar']);
  expect(found('a')).toEqual(['Ámbar', 'Ruby Ann', 'Star', 'Tara']);
  expect(found('ANN')).toEqual(['Ruby Ann']);
});
