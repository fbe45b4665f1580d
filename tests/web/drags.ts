import type { CDPSession, Locator, Page } from 'playwright-core';

export type Point = { readonly x: number; readonly y: number };
/** One way to take a row by its handle and put it elsewhere. */
export type DragBy = (
  page: Page,
  drag: { readonly name: string; readonly onto: string; readonly midway?: () => Promise<void> },
) => Promise<void>;

const STEPS = 12;

export function row(page: Page, name: string): Locator {
  return page.locator('.entry', { has: page.locator('strong', { hasText: new RegExp(`^${name}$`) }) });
}

export function names(page: Page, stage = 0): Promise<readonly string[]> {
  return page.locator('.rotation').nth(stage).locator('.entry strong').allTextContents();
}

export async function middleOf(found: Locator): Promise<Point> {
  await found.scrollIntoViewIfNeeded();
  const box = await found.boundingBox();
  if (!box) throw new Error('What should be dragged is not on the screen.');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

export const byMouse: DragBy = async (page, { name, onto, midway }) => {
  const { from, to } = await ends(page, name, onto);
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await along({ from, to, midway }, (at) => page.mouse.move(at.x, at.y));
  await page.mouse.up();
};

export const byTouch: DragBy = async (page, { name, onto, midway }) => {
  const { from, to } = await ends(page, name, onto);
  const cdp = await page.context().newCDPSession(page);
  await touch(cdp, 'touchStart', from);
  await along({ from, to, midway }, (at) => touch(cdp, 'touchMove', at));
  await cdp.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await cdp.detach();
};

/** A finger that does not take a handle. */
export async function swipe(page: Page, from: Point, by: number): Promise<void> {
  const cdp = await page.context().newCDPSession(page);
  await touch(cdp, 'touchStart', from);
  await along({ from, to: { ...from, y: from.y + by }, midway: undefined }, (at) => touch(cdp, 'touchMove', at));
  await cdp.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await cdp.detach();
}

/** From where she is, one place at a time, until she stands where the other one stood. */
export const byKeys: DragBy = async (page, { name, onto, midway }) => {
  const order = await names(page);
  const places = order.indexOf(onto) - order.indexOf(name);
  await row(page, name).locator('.handle').focus();
  await page.keyboard.press('Space');
  await midway?.();
  for (let step = 0; step < Math.abs(places); step += 1)
    await page.keyboard.press(places > 0 ? 'ArrowDown' : 'ArrowUp');
  await page.keyboard.press('Space');
};

/** From the middle of a handle to the middle of another one. */
async function ends(page: Page, name: string, onto: string): Promise<{ readonly from: Point; readonly to: Point }> {
  const to = await middleOf(row(page, onto).locator('.handle'));
  const from = await middleOf(row(page, name).locator('.handle'));
  return { from, to: { ...to, y: to.y + Math.sign(to.y - from.y) * 4 } };
}

type Way = { readonly from: Point; readonly to: Point; readonly midway: (() => Promise<void>) | undefined };

async function along({ from, to, midway }: Way, go: (at: Point) => Promise<void>): Promise<void> {
  for (let step = 1; step <= STEPS; step += 1) {
    await go({ x: from.x, y: from.y + ((to.y - from.y) * step) / STEPS });
    if (step === STEPS / 2) await midway?.();
  }
}

async function touch(cdp: CDPSession, type: 'touchStart' | 'touchMove', { x, y }: Point): Promise<void> {
  await cdp.send('Input.dispatchTouchEvent', { type, touchPoints: [{ x, y }] });
}
