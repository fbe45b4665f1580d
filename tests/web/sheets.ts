import type { Page } from 'playwright-core';
import { rowsOf, type Night } from './a-night.ts';

/** The sheets of the floor's work, each by what opens it; the night is as `startSomeWork` leaves it. */
export const SHEETS: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  box: (page) => page.locator('.strip').click(),
  day: (page) => page.locator('.day').click(),
  'check-in': (page) => page.locator('.dancers .section-head .button').click(),
  'dancer-fee-open': (page) => openDancer(page, 'Daisy'),
  'dancer-on-stage': (page) => openDancer(page, 'Amber'),
  'dancer-paid': (page) => openDancer(page, 'Chloe'),
  'dancer-out': (page) => openDancer(page, 'Ember'),
  'drawer-new': (page) => openDrawer(page, 'Office'),
  'drawer-open': (page) => openDrawer(page, 'Door'),
  'drawer-counted': (page) => openDrawer(page, 'VIP'),
};

/** One fee paid, one dancer gone and owed nothing yet, two drawers open and one counted. */
export async function startSomeWork({ manager, dancers }: Night): Promise<void> {
  const drawers = await rowsOf(manager, 'drawer');
  const drawer = (name: string) => drawers.find((one) => one.name === name)?.id ?? '';
  const opened = drawers.filter(({ state }) => state === 'OPENED').map(({ id }) => id);
  for (const name of ['Door', 'Bar', 'VIP']) {
    if (opened.includes(drawer(name))) continue;
    await manager.must('drawer.open', { drawer: drawer(name), responsible: manager.staff, bankCents: 20_000 });
  }
  await manager.must('drawer.count', { drawer: drawer('VIP'), countedCents: 19_500 });
  const fees = await rowsOf(manager, 'attendance');
  const fee = (name: string) => fees.find((one) => one.name === name)?.fee?.fee ?? '';
  await manager.must('house_fee.pay', { fee: fee('Chloe'), drawer: drawer('Door') });
  await manager.must('house_fee.defer', { fee: fee('Ember'), reason: 'No cash yet' });
  await manager.must('attendance.check_out', { dancer: dancers.get('Ember') ?? '' });
}

export function openDancer(page: Page, name: string): Promise<void> {
  return page.locator('.dancer-who', { hasText: name }).click();
}

export function openDrawer(page: Page, name: string): Promise<void> {
  return page.locator('.drawer', { hasText: new RegExp(`^${name}`) }).click();
}
