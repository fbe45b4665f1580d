import type { Page } from 'playwright-core';

const TARGETS = 'button, a[href], input, select, [role=button]';

/** Targets under 48 px, with their size. */
export function tooSmall(page: Page): Promise<readonly string[]> {
  return page.locator(TARGETS).evaluateAll((all) =>
    all
      .map((one) => ({
        what: one.getAttribute('aria-label') ?? one.textContent ?? '',
        box: one.getBoundingClientRect(),
      }))
      .filter(({ box }) => box.width > 0 && (box.width < 47.99 || box.height < 47.99))
      .map(({ what, box }) => `${what} ${box.width}x${box.height}`),
  );
}

/** How far the page, or the open sheet, can be scrolled sideways. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(() => {
    const all = [document.documentElement, ...document.querySelectorAll('dialog[open]')];
    return Math.max(...all.map((one) => one.scrollWidth - one.clientWidth));
  });
}
