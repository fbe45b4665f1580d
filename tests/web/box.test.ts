import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { StatusAnswer } from '#shared/contract/api.ts';
import type { CloudState } from '#shared/contract/live.ts';
import { REFUSALS } from '#shared/domain/refusal.ts';
import { openBrowser, openTablet, signIn, type Screen, type ScreenOptions } from '../support/browser.ts';
import { buildTestEdge, type TestEdge } from '../support/edge.ts';
import {
  AT_REST,
  holdFeed,
  IN_PLACE,
  MINUTE_MS,
  NO_LOSS,
  problemOf,
  sayAsBox,
  type BoxSays,
  type Feed,
} from './box-stands.ts';
import { overflow, tooSmall } from './sizes.ts';

/** What a screen says of the box: the loss that is possible now, another box's place, and what is to be looked at. */
let browser: Browser;
let edge: TestEdge;
const opened: Screen[] = [];
const broken: string[] = [];

beforeAll(async () => {
  browser = await openBrowser();
  edge = await buildTestEdge();
  await (await edge.tablet('Max')).must('day.open', { date: null });
});
afterAll(async () => {
  await browser.close();
  await edge.close();
});
beforeEach(() => {
  broken.splice(0);
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((screen) => screen.close()));
  if (broken.length > 0) throw new Error(broken.splice(0).join('\n'));
});

type Looked = { readonly page: Page; readonly feed: Feed; readonly says: BoxSays };

async function look(who: string, status: StatusAnswer | null, options: Partial<ScreenOptions> = {}): Promise<Looked> {
  const screen = await openTablet(browser, options);
  opened.push(screen);
  const { page } = screen;
  page.on('pageerror', (error) => broken.push(error.message));
  page.on('console', (message) => {
    if (/content security policy|react/i.test(message.text())) broken.push(message.text());
  });
  const feed = await holdFeed(page);
  feed.cloud = status?.cloud ?? null;
  const says: BoxSays = { status, tailsWanted: false, refuses: null };
  await sayAsBox(page, says);
  await signIn(page, { url: edge.url, who });
  return { page, feed, says };
}

const strip = (page: Page) => page.locator('.strip');
const sheet = (page: Page) => page.locator('dialog[open]');
const banner = (page: Page) => page.locator('.box-banner');
const status = (cloud: Partial<CloudState>): StatusAnswer => ({
  ...AT_REST,
  cloud: { ...NO_LOSS, ...cloud },
});

describe('the possible loss', () => {
  test('is said to a manager in plain words, and as soon as it changes', async () => {
    const { page, feed } = await look('Max', status({}));
    await strip(page).getByText('Nothing would be lost').waitFor();
    feed.cloud = { ...NO_LOSS, link: 'down', waiting: 12, oldestMs: 3.5 * MINUTE_MS, copy: 'whole' };
    await strip(page).getByText('12 events not in the cloud, oldest 3 min · second copy: yes').waitFor();
    expect(await strip(page).getAttribute('data-bad')).toBeNull();
    feed.cloud = { ...feed.cloud, copy: 'lost' };
    await strip(page).getByText('12 events not in the cloud, oldest 3 min · second copy: broken').waitFor();
    expect(await strip(page).getAttribute('data-bad')).toBe('true');
  });

  test('is said in Spanish', async () => {
    const { page } = await look('Olivia', status({ waiting: 12, oldestMs: 3 * MINUTE_MS, copy: 'whole' }), {
      locale: 'es-ES',
    });
    await strip(page)
      .getByText('12 eventos no están en la nube, el más antiguo hace 3 min · segunda copia: sí')
      .waitFor();
    expect(await strip(page).getAttribute('data-bad')).toBeNull();
  });

  test('is nobody else\u2019s matter: a booth sees the short state', async () => {
    const { page } = await look('DJ', status({ link: 'down', waiting: 12, oldestMs: 3 * MINUTE_MS }));
    await page.locator('.cloud[data-cloud=down]').waitFor();
    expect(await strip(page).count()).toBe(0);
  });
});

describe('the sheet of the box', () => {
  test('shows link, waiting, oldest and second copy, and what is to be looked at', async () => {
    const { page } = await look('Max', {
      ...status({ link: 'down', waiting: 1_200, oldestMs: 180 * MINUTE_MS, copy: 'behind', review: 2 }),
      review: [
        { pos: 7, type: 'drawer.opened', at: Date.parse('2026-11-22T05:00:00Z'), day: '2026-11-21', why: 'conflict' },
        { pos: 9, type: 'from.tomorrow', at: Date.parse('2026-11-22T06:30:00Z'), day: null, why: 'unknown' },
      ],
    });
    await strip(page).getByText('2 events to look at').waitFor();
    await strip(page).click();
    const facts = sheet(page).locator('.facts');
    await expect
      .poll(() => facts.locator('dd').allTextContents())
      .toEqual(['No internet', '1,200', '3 h', 'catching up']);
    const review = sheet(page).locator('.review li');
    await expect
      .poll(() => review.allTextContents())
      .toEqual([
        expect.stringMatching(/^Drawer openedSat, Nov 21, 9:00 PMSomething else stands here already\.$/),
        expect.stringMatching(/^from\.tomorrowSat, Nov 21, 10:30 PMA newer program wrote it\.$/),
      ]);
  });

  test('tells how far a box is in the place of another, and finishes once, by holding', async () => {
    const { page, says } = await look('Max', IN_PLACE);
    const finished: (string | null)[] = [];
    await page.route('**/api/v1/recovery/finish', async (route) => {
      finished.push(await route.request().headerValue('idempotency-key'));
      if (finished.length === 1) return route.abort();
      says.status = status({});
      return route.fulfill({ json: {} });
    });
    await banner(page).getByText('This box is taking the place of another. Wait.').waitFor();
    await banner(page).getByRole('button', { name: 'See how far it is' }).click();
    await expect
      .poll(() => sheet(page).locator('[data-recovery]').textContent())
      .toMatch(
        /^Everything up to .*1:12.* \(event 48,213\) is here\. The tablets saw up to 48,260: 47 events are missing\.$/,
      );
    await expect
      .poll(() => sheet(page).locator('.recovery dd').allTextContents())
      .toEqual(['48,000', '13', '200', '3']);
    const finish = sheet(page).getByRole('button', { name: 'Hold to go on with what is here' });
    await finish.click();
    expect(finished).toEqual([]);
    await finish.click({ delay: 1_000 });
    await sheet(page).locator('.notice.good', { hasText: 'The box goes on.' }).waitFor();
    expect(finished).toHaveLength(2);
    expect(finished[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(finished[1]).toBe(finished[0]);
    await sheet(page).locator('.recovery').waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await banner(page).waitFor({ state: 'detached' });
  });

  test('lets nobody go on before the history is here, and says what the box refuses', async () => {
    const recovery = { ...IN_PLACE.recovery, phase: 'history', here: 0, hereAt: null, heardOf: 0, missing: 0 } as const;
    const { page, says } = await look('Max', { ...IN_PLACE, recovery: recovery as StatusAnswer['recovery'] });
    await banner(page).getByRole('button').click();
    const finish = sheet(page).getByRole('button', { name: 'Hold to go on with what is here' });
    await expect.poll(() => finish.getAttribute('aria-disabled')).toBe('true');
    await sheet(page).getByText(REFUSALS.box_recovering).waitFor();
    await sheet(page).getByText('Nothing of the old box is here yet.').waitFor();
    const refusals = ['box_fault', 'recovery_not_waiting'] as const;
    const refused: string[] = [];
    await page.route('**/api/v1/recovery/finish', (route) => {
      const code = refusals[refused.length] ?? 'box_fault';
      refused.push(code);
      return route.fulfill({ status: 409, json: problemOf(code) });
    });
    says.status = { ...IN_PLACE, recovery: IN_PLACE.recovery && { ...IN_PLACE.recovery, missing: 0, heardOf: 48_213 } };
    await sheet(page).getByText('Nobody knows of more: nothing is missing.').waitFor();
    await finish.click({ delay: 1_000 });
    await sheet(page).locator('.notice.bad', { hasText: REFUSALS.box_fault }).waitFor();
    await finish.click({ delay: 1_000 });
    await sheet(page).locator('.notice.good', { hasText: 'The box goes on.' }).waitFor();
    expect(refused).toEqual(refusals);
  });
});

describe('a box that is not the club\u2019s own just now', () => {
  test('tells a booth to wait, and shows it no button', async () => {
    const { page, says } = await look('DJ', IN_PLACE);
    await banner(page).getByText('This box is taking the place of another. Wait.').waitFor();
    expect(await banner(page).getByRole('button').count()).toBe(0);
    says.status = status({});
    await banner(page).waitFor({ state: 'detached' });
  });

  test('says that another one took its place', async () => {
    const { page } = await look('DJ', { ...status({}), box: 'fenced' });
    await banner(page).getByText('Another box took the place of this one.').waitFor();
    const { width } = (await banner(page).boundingBox()) ?? { width: 0 };
    expect(width).toBe(1_280);
  });

  test('is heard of by the first command that it refuses', async () => {
    const { page, says } = await look('Max', status({}));
    await page.route('**/api/v1/business-day/begin-closing', (route) =>
      route.fulfill({ status: 503, json: problemOf('box_fenced') }),
    );
    await page.locator('.day').click();
    says.status = { ...status({}), box: 'fenced' };
    await sheet(page).getByRole('button', { name: 'Hold to begin to close' }).click({ delay: 1_000 });
    await banner(page).getByText('Another box took the place of this one.').waitFor();
    await sheet(page).getByText(REFUSALS.box_fenced).waitFor();
    expect(await banner(page).getAttribute('data-box')).toBe('fenced');
  });
});

test('a part of the screen that did not load is fetched anew, page and all', async () => {
  const screen = await openTablet(browser, {});
  opened.push(screen);
  const { page } = screen;
  await page.route('**/assets/box-sheet-*.js', (route) => route.abort());
  await signIn(page, { url: edge.url, who: 'Max' });
  await strip(page).click();
  await sheet(page).getByRole('heading', { name: 'This part of the screen did not load.' }).waitFor();
  await page.unroute('**/assets/box-sheet-*.js');
  await sheet(page).getByRole('button', { name: 'Retry' }).click();
  await strip(page).click();
  await sheet(page).getByRole('heading', { name: 'The box' }).waitFor();
  expect(await page.locator('.pill[data-link=live]').count()).toBe(1);
});

describe('every state of the box', () => {
  for (const width of [390, 800, 1_280]) {
    for (const locale of ['en-US', 'es-ES']) {
      test(`has targets of 48 px and no sideways scroll at ${width} px in ${locale}`, async () => {
        const cloud = {
          ...NO_LOSS,
          link: 'down',
          waiting: 48_213,
          oldestMs: 3_000 * MINUTE_MS,
          copy: 'behind',
          review: 12,
        } as const;
        const review = [{ pos: 7, type: 'room_session.extended', at: 0, day: null, why: 'misfit' }];
        const { page, says } = await look('Max', { ...IN_PLACE, cloud, review }, { width, height: 844, locale });
        await banner(page).waitFor();
        await page.locator('.strip[data-bad]').waitFor();
        expect([await tooSmall(page), await overflow(page)]).toEqual([[], 0]);
        await banner(page).getByRole('button').click();
        await sheet(page).locator('.recovery').waitFor();
        await sheet(page).locator('.review li').waitFor();
        expect([await tooSmall(page), await overflow(page)]).toEqual([[], 0]);
        await page.keyboard.press('Escape');
        says.status = { ...IN_PLACE, box: 'fenced', recovery: null };
        await page.locator('.box-banner[data-box=fenced]').waitFor({ timeout: 20_000 });
        expect([await tooSmall(page), await overflow(page)]).toEqual([[], 0]);
        const text = await strip(page)
          .locator('.strip-text')
          .evaluate((one) => one.scrollHeight - one.clientHeight);
        expect(text).toBe(0);
      });
    }
  }
});
