import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';
import { DEMO_PAIRING_CODE, DEMO_STAFF } from '../../edge-node/demo.ts';

const PLACES = [
  process.env['CLUBOPS_CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export type Screen = { readonly page: Page; readonly close: () => Promise<void> };
export type ScreenOptions = {
  readonly url: string;
  /** One of the demo's staff, by first name. */
  readonly who: string;
  readonly width?: number;
  readonly height?: number;
  readonly touch?: boolean;
  readonly locale?: string;
};

/** The system's own Chromium: nothing is downloaded. */
export function openBrowser(...more: readonly string[]): Promise<Browser> {
  const executablePath = PLACES.find((place) => place !== undefined && existsSync(place));
  if (!executablePath)
    throw new Error(
      'There is no Chromium here: install the package `chromium`, or set CLUBOPS_CHROMIUM to a Chromium or Chrome.',
    );
  return chromium.launch({ executablePath, args: [...ARGS, ...more] });
}

/** A tablet of its own (its own cookies), not yet paired. */
export async function openTablet(
  browser: Browser,
  { width = 1280, height = 800, touch = false, locale = 'en-US' }: Omit<ScreenOptions, 'url' | 'who'>,
): Promise<Screen> {
  const context = await browser.newContext({ viewport: { width, height }, hasTouch: touch, locale });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const close = async (): Promise<void> => {
    // A request that a test answers itself may still be on its way.
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await context.close();
  };
  return { page, close };
}

/** Pairs and signs in the way that a person does, up to the floor. */
export async function openScreen(browser: Browser, options: ScreenOptions): Promise<Screen> {
  const screen = await openTablet(browser, options);
  await signIn(screen.page, options);
  return screen;
}

export async function signIn(page: Page, { url, who }: Pick<ScreenOptions, 'url' | 'who'>): Promise<void> {
  const person = DEMO_STAFF.find(({ name }) => name.startsWith(who));
  if (!person) throw new Error(`Nobody in the demo is called ${who}.`);
  await page.goto(`${url}/#pair=${DEMO_PAIRING_CODE}`);
  await page.locator('.gate form input').nth(1).fill(`Tablet of ${who}`);
  await page.locator('.gate form button[type=submit]').click();
  await page.getByRole('button', { name: person.name }).click();
  for (const digit of person.pin) await page.getByRole('button', { name: digit, exact: true }).click();
  await page.locator('.key.primary').click();
  await page.locator('.pill[data-link=live]').waitFor();
}
