import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, test } from 'vitest';
import { REFUSALS } from '#shared/domain/refusal.ts';
import { openBrowser, openScreen, openTablet, signIn, type Screen } from '../support/browser.ts';
import { buildTestEdge, type TestEdge } from '../support/edge.ts';
import { entryOf, openNight, startSomeNight, type Night } from './a-night.ts';
import { byKeys, byMouse, byTouch, middleOf, names, row, swipe, type DragBy } from './drags.ts';
import { overflow, tooSmall } from './sizes.ts';

/** Chromium and the built screen against a real node. */
let browser: Browser;
let edge: TestEdge;
let night: Night;
const opened: Screen[] = [];
const broken: string[] = [];

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  edge = await buildTestEdge();
  night = await openNight(await edge.tablet('Max'));
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((screen) => screen.close()));
  await edge.close();
  // A page that threw, or that broke its own content policy, failed whatever else it showed.
  if (broken.length > 0) throw new Error(broken.splice(0).join('\n'));
});

async function screenOf(
  who: string,
  options: {
    readonly width?: number;
    readonly height?: number;
    readonly touch?: boolean;
    readonly locale?: string;
  } = {},
): Promise<Page> {
  const screen = await openScreen(browser, { url: edge.url, who, ...options });
  return watched(screen);
}

function watched(screen: Screen): Page {
  opened.push(screen);
  screen.page.on('pageerror', (error) => broken.push(error.message));
  screen.page.on('console', (message) => {
    if (/content security policy|react/i.test(message.text())) broken.push(message.text());
  });
  return screen.page;
}

const inOrder = (page: Page, order: readonly string[]) =>
  expect.poll(() => names(page), { interval: 20 }).toEqual(order);
const heldRow = (page: Page) => page.locator('.entry[data-lifted]');

describe('a drag', () => {
  const WAYS: readonly (readonly [string, DragBy])[] = [
    ['mouse', byMouse],
    ['finger', byTouch],
    ['keyboard', byKeys],
  ];
  for (const [way, drag] of WAYS) {
    test(`by ${way} is on another screen within a second`, async () => {
      const [booth, other] = [
        await screenOf('DJ', { touch: true, width: 800, height: 1_200 }),
        await screenOf('Helen'),
      ];
      await drag(booth, { name: 'Ember', onto: 'Bella' });
      const dropped = performance.now();
      await inOrder(other, ['Amber', 'Ember', 'Bella', 'Chloe', 'Daisy', 'Fawn']);
      expect(performance.now() - dropped).toBeLessThan(1_000);
      await inOrder(booth, ['Amber', 'Ember', 'Bella', 'Chloe', 'Daisy', 'Fawn']);
      await drag(booth, { name: 'Amber', onto: 'Fawn' });
      await inOrder(other, ['Ember', 'Bella', 'Chloe', 'Daisy', 'Fawn', 'Amber']);
    });

    test(`by ${way} goes on while others change the list`, async () => {
      const booth = await screenOf('DJ', { touch: true, width: 800, height: 1_200 });
      await drag(booth, {
        name: 'Fawn',
        onto: 'Bella',
        midway: async () => {
          await night.manager.must('rotation.add', {
            stage: night.stages.find(({ name }) => name === 'Main stage')?.id ?? '',
            dancer: night.dancers.get('Gigi') ?? '',
          });
          await night.manager.must('rotation.remove', { entry: (await entryOf(night, 'Chloe')).id, reason: 'manager' });
          await night.manager.must('rotation.move', {
            entry: (await entryOf(night, 'Ember')).id,
            afterEntry: null,
            version: (await entryOf(night, 'Ember')).version,
          });
          await row(booth, 'Gigi').waitFor();
          await row(booth, 'Chloe').waitFor({ state: 'detached' });
          expect(await heldRow(booth).count()).toBe(1);
        },
      });
      await expect.poll(() => names(booth)).toContain('Gigi');
      await expect.poll(async () => (await names(booth)).indexOf('Ember')).toBeLessThan(2);
      const order = await names(booth);
      expect(order.indexOf('Fawn')).toBeLessThan(order.indexOf('Daisy'));
      expect(await heldRow(booth).count()).toBe(0);
    });

    test(`by ${way} of a dancer who is taken out ends, and the next one works`, async () => {
      const booth = await screenOf('DJ', { touch: true, width: 800, height: 1_200 });
      await drag(booth, {
        name: 'Daisy',
        onto: 'Bella',
        midway: async () => {
          await night.manager.must('rotation.remove', { entry: (await entryOf(night, 'Daisy')).id, reason: 'manager' });
          await row(booth, 'Daisy').waitFor({ state: 'detached' });
        },
      });
      await inOrder(booth, ['Amber', 'Bella', 'Chloe', 'Ember', 'Fawn']);
      await drag(booth, { name: 'Fawn', onto: 'Bella' });
      await inOrder(booth, ['Amber', 'Fawn', 'Bella', 'Chloe', 'Ember']);
      expect(await heldRow(booth).count()).toBe(0);
    });
  }

  test('stops below a dancer who is called', async () => {
    await night.manager.must('rotation.call', { entry: (await entryOf(night, 'Bella')).id, away: 1 });
    const booth = await screenOf('DJ', { width: 800, height: 1_200 });
    await byMouse(booth, { name: 'Ember', onto: 'Amber' });
    await inOrder(booth, ['Amber', 'Bella', 'Ember', 'Chloe', 'Daisy', 'Fawn']);
    await expect
      .poll(async () => (await entryOf(night, 'Ember')).rank)
      .toBeLessThan((await entryOf(night, 'Chloe')).rank);
  });

  test('by keyboard keeps the focus, is said with names, and Escape puts back', async () => {
    const booth = await screenOf('DJ', { width: 800, height: 1_200 });
    const handle = row(booth, 'Ember').locator('.handle');
    await byKeys(booth, { name: 'Ember', onto: 'Bella' });
    await inOrder(booth, ['Amber', 'Ember', 'Bella', 'Chloe', 'Daisy', 'Fawn']);
    await expect.poll(() => handle.evaluate((one) => one === document.activeElement)).toBe(true);
    expect(await booth.locator('[data-voice]').textContent()).toBe('Ember dropped, 2 of 6.');
    await booth.keyboard.press('Space');
    await booth.keyboard.press('End');
    await booth.keyboard.press('Escape');
    await inOrder(booth, ['Amber', 'Ember', 'Bella', 'Chloe', 'Daisy', 'Fawn']);
    expect(await booth.locator('[data-voice]').textContent()).toBe('Ember is back in her place.');
    expect(await handle.evaluate((one) => one === document.activeElement)).toBe(true);
  });

  test('near the edge scrolls the page; a finger beside the handle scrolls it too, and drags nothing', async () => {
    const booth = await screenOf('DJ', { touch: true, width: 390, height: 640 });
    await swipe(booth, await middleOf(row(booth, 'Bella').locator('.entry-who')), -200);
    await expect.poll(() => booth.evaluate(() => scrollY)).toBeGreaterThan(100);
    expect(await names(booth)).toEqual(['Amber', 'Bella', 'Chloe', 'Daisy', 'Ember', 'Fawn']);
    await booth.evaluate(() => scrollTo(0, 0));
    const at = await middleOf(row(booth, 'Amber').locator('.handle'));
    const before = await booth.evaluate(() => scrollY);
    await booth.mouse.move(at.x, at.y);
    await booth.mouse.down();
    await booth.mouse.move(at.x, at.y + 40);
    await booth.mouse.move(at.x, 630, { steps: 4 });
    await expect.poll(() => booth.evaluate(() => scrollY)).toBeGreaterThan(before + 150);
    await booth.mouse.up();
    await expect.poll(async () => (await names(booth)).indexOf('Amber')).toBeGreaterThan(2);
  });
});

describe('moves by button', () => {
  test('up, down and top move, can be undone, and say why where they cannot', async () => {
    const booth = await screenOf('DJ');
    await booth.getByRole('button', { name: 'Move Chloe up' }).click();
    await inOrder(booth, ['Amber', 'Chloe', 'Bella', 'Daisy', 'Ember', 'Fawn']);
    await booth.getByRole('button', { name: 'Undo' }).click();
    await inOrder(booth, ['Amber', 'Bella', 'Chloe', 'Daisy', 'Ember', 'Fawn']);
    await booth.getByRole('button', { name: 'Move Fawn to the top' }).click();
    await inOrder(booth, ['Fawn', 'Amber', 'Bella', 'Chloe', 'Daisy', 'Ember']);
    await booth.getByRole('button', { name: 'Move Fawn down' }).click();
    await inOrder(booth, ['Amber', 'Fawn', 'Bella', 'Chloe', 'Daisy', 'Ember']);
    await booth.getByRole('button', { name: 'Move Ember down' }).click({ force: true });
    await expect.poll(() => booth.locator('.notice.bad p').textContent()).toBe('She is last already.');
  });

  test('a move of what somebody else has just changed is taken back, with the reason and the order as it is', async () => {
    const { page, held } = await delayedScreen();
    held.on = true;
    const before = await entryOf(night, 'Ember');
    await night.manager.must('rotation.move', { entry: before.id, afterEntry: null, version: before.version });
    await page.getByRole('button', { name: 'Move Ember up' }).click();
    const notice = page.locator('.notice.bad');
    await notice.waitFor();
    expect(await notice.locator('p').first().textContent()).toBe(REFUSALS.entry_changed);
    await inOrder(page, ['Amber', 'Bella', 'Chloe', 'Daisy', 'Ember', 'Fawn']);
    held.release();
    await inOrder(page, ['Ember', 'Amber', 'Bella', 'Chloe', 'Daisy', 'Fawn']);
    expect(await notice.locator('.order-now').textContent()).toBe(
      'Main stage now: 1 Ember, 2 Amber, 3 Bella, 4 Chloe, 5 Daisy, 6 Fawn',
    );
  });

  /** A booth behind a slow Wi-Fi: its frames can be held back. */
  async function delayedScreen() {
    const page = watched(await openTablet(browser, {}));
    const waiting: (() => void)[] = [];
    const held = {
      on: false,
      release: () => {
        held.on = false;
        for (const send of waiting.splice(0)) send();
      },
    };
    await page.routeWebSocket(/\/live$/, (socket) => {
      const node = socket.connectToServer();
      node.onMessage((frame) => {
        if (held.on) waiting.push(() => socket.send(frame));
        else socket.send(frame);
      });
    });
    await signIn(page, { url: edge.url, who: 'DJ' });
    return { page, held };
  }
});

describe('the connection', () => {
  test('a node that was killed and started again is back on every screen by itself', async () => {
    const pages = [await screenOf('Max'), await screenOf('DJ', { width: 390, height: 844 }), await screenOf('Victor')];
    const { folder, url } = edge;
    await edge.stop();
    for (const page of pages) await page.locator('.pill[data-link=reconnecting]').waitFor();
    edge = await buildTestEdge({ folder, port: Number(new URL(url).port) });
    const started = performance.now();
    await night.manager.must('rotation.remove', { entry: (await entryOf(night, 'Amber')).id, reason: 'manager' });
    await Promise.all(
      pages.map(async (page) => {
        await page.locator('.pill[data-link=live]').waitFor();
        await inOrder(page, ['Bella', 'Chloe', 'Daisy', 'Ember', 'Fawn']);
      }),
    );
    expect(performance.now() - started).toBeLessThan(3_500);
  });

  test('a command given while the node restarts is done once', async () => {
    const page = await screenOf('DJ');
    const { folder, url } = edge;
    await edge.stop();
    await page.getByRole('button', { name: 'Move Fawn to the top' }).click();
    await inOrder(page, ['Fawn', 'Amber', 'Bella', 'Chloe', 'Daisy', 'Ember']);
    expect(await row(page, 'Fawn').locator('.pending').count()).toBe(1);
    edge = await buildTestEdge({ folder, port: Number(new URL(url).port) });
    await row(page, 'Fawn').locator('.pending').waitFor({ state: 'detached' });
    await inOrder(page, ['Fawn', 'Amber', 'Bella', 'Chloe', 'Daisy', 'Ember']);
    await expect
      .poll(async () => (await entryOf(night, 'Fawn')).rank)
      .toBeLessThan((await entryOf(night, 'Amber')).rank);
  });

  test('a node that stays away is said to, with the age of what is shown, and moves nothing', async () => {
    const page = await screenOf('Max');
    const before = await row(page, 'Amber').boundingBox();
    const { folder, url } = edge;
    await edge.stop();
    await page.locator('.pill[data-link=unreachable]').waitFor({ timeout: 15_000 });
    expect(await page.locator('.banner').textContent()).toContain('less than a minute old');
    expect(await row(page, 'Amber').boundingBox()).toEqual(before);
    edge = await buildTestEdge({ folder, port: Number(new URL(url).port) });
    await page.locator('.pill[data-link=live]').waitFor();
    expect(await page.locator('.banner').count()).toBe(0);
  });

  test('a revoked device is back at pairing', async () => {
    const page = await screenOf('DJ');
    const device = (await page.context().cookies()).find(({ name }) => name === 'clubops_device')?.value ?? '';
    const mine = edge.edge.signIns.device(device) ?? '';
    await night.manager.must('device.revoke', { device: mine });
    await page.getByRole('heading', { name: 'Pair this device' }).waitFor();
    expect(await page.locator('.board').count()).toBe(0);
  });
});

describe('signing in', () => {
  test('a wrong PIN is said and the right one lets in; a reload stays in, signing out leaves', async () => {
    const page = watched(await openTablet(browser, {}));
    await page.goto(`${edge.url}/#pair=DEMQ2345`);
    expect(await page.getByLabel('Pairing code').inputValue()).toBe('DEMQ2345');
    expect(new URL(page.url()).hash).toBe('');
    await page.getByLabel('Name of this device').fill('Door');
    await page.getByRole('button', { name: 'Pair', exact: true }).click();
    await page.getByRole('button', { name: 'DJ Juno' }).click();
    for (const digit of '5556') await page.keyboard.press(digit);
    await page.keyboard.press('Enter');
    await page.getByText(REFUSALS.pin_wrong).waitFor();
    for (const digit of '5555') await page.keyboard.press(digit);
    await page.keyboard.press('Enter');
    await page.locator('.pill[data-link=live]').waitFor();
    await page.reload();
    await row(page, 'Amber').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Who are you?' }).waitFor();
  });
});

describe('a room', () => {
  test('is started, extended, ended by holding, settled in cash and cleaned', async () => {
    const page = await screenOf('Max');
    const card = page.locator('.card', { hasText: 'VIP 1' }).first();
    const sheet = page.locator('dialog[open]');
    await card.click();
    await sheet.getByRole('radio', { name: '15 minutes' }).check();
    await sheet.getByRole('checkbox', { name: 'Jade' }).check();
    await sheet.getByRole('checkbox', { name: 'Gigi' }).check();
    await sheet.getByRole('button', { name: 'Start' }).click();
    await sheet.locator('.timer', { hasText: /^(15:00|14:5\d)$/ }).waitFor();
    await sheet.getByRole('radio', { name: '30 minutes' }).check();
    await sheet.getByRole('button', { name: 'Extend by 30 min' }).click();
    await sheet.locator('.timer', { hasText: /^(45:00|44:5\d)$/ }).waitFor();
    const hold = sheet.getByRole('button', { name: 'Hold to end' });
    await hold.click();
    await page.waitForTimeout(200);
    expect(await sheet.locator('.timer').count()).toBe(1);
    await hold.click({ delay: 1_000 });
    await sheet.getByRole('radio', { name: 'Cash' }).check();
    await sheet.getByLabel('Tip').fill('20.50');
    await sheet.getByText('$450.50').waitFor();
    await sheet.getByRole('button', { name: 'Settle', exact: true }).click();
    await sheet.getByRole('button', { name: 'Room is clean' }).click();
    await sheet.getByText('Free').waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => card.evaluate((one) => one === document.activeElement)).toBe(true);
    expect(await card.getAttribute('data-phase')).toBe('free');
  });

  test('refuses who may not, with the reason in sight', async () => {
    const page = await screenOf('DJ');
    await page.locator('.card').first().click();
    await page.locator('dialog[open] .why', { hasText: REFUSALS.not_allowed }).waitFor();
    expect(await page.locator('dialog[open] .button.primary').getAttribute('aria-disabled')).toBe('true');
  });
});

describe('every screen', () => {
  for (const width of [390, 800, 1_280]) {
    for (const locale of ['en-US', 'es-ES']) {
      test(`has targets of 48 px and no sideways scroll at ${width} px in ${locale}`, async () => {
        await startSomeNight(night);
        const gate = watched(await openTablet(browser, { width, locale }));
        await gate.goto(edge.url);
        await gate.locator('.gate form').waitFor();
        expect([await tooSmall(gate), await overflow(gate)]).toEqual([[], 0]);
        const page = await screenOf('Max', { width, height: 844, locale });
        await row(page, 'Bella').waitFor();
        expect([await tooSmall(page), await overflow(page)]).toEqual([[], 0]);
        for (const card of [0, 1, 2, 3]) {
          await page.locator('.card').nth(card).click();
          await page.locator('dialog[open]').waitFor();
          expect([await tooSmall(page), await overflow(page)]).toEqual([[], 0]);
          await page.keyboard.press('Escape');
        }
        await page.locator('.verbs .button[aria-disabled=true]').first().click({ force: true });
        await page.locator('.notice').waitFor();
        expect([await tooSmall(page), await overflow(page)]).toEqual([[], 0]);
      });
    }
  }

  test('switches its language and keeps it', async () => {
    const page = await screenOf('Max');
    await page.getByRole('button', { name: 'Language: Español' }).click();
    await page.getByRole('heading', { name: 'Escenarios' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Escenarios' }).waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('es');
  });

  test('shows to a role only what it may see', async () => {
    const [booth, boss] = [await screenOf('DJ'), await screenOf('Max')];
    await boss.getByRole('heading', { name: 'Drawers' }).waitFor();
    expect(await booth.getByRole('heading', { name: 'Drawers' }).count()).toBe(0);
    expect(await booth.locator('.dancers').textContent()).not.toContain('$');
    expect(await boss.locator('.dancers').textContent()).toContain('$60.00');
  });
});
