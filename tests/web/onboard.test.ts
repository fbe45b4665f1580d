import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser } from 'playwright-core';
import type { InvitationAnswer, OpenedApplication } from '#shared/contract/onboarding-api.ts';
import { openBrowser } from '../support/browser.ts';
import { openClub, type Club } from '../support/night.ts';

let club: Club;
let browser: Browser;
beforeAll(async () => {
  [club, browser] = await Promise.all([openClub(), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await club.close();
});

test('she opens the link on her phone, fills in, and a manager finds it; the same link is good no more', async () => {
  const { body: made } = await club.owner.ask<InvitationAnswer>('POST', '/api/v1/onboarding-invitations');
  const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
  const send = async () => {
    await page.goto(`${club.url}/onboard.html#${made.code}`);
    await page.reload();
    await page.fill('[name=stageName]', 'Nova Prime');
    await page.fill('[name=legalName]', 'Maria Secret');
    await page.fill('[name=birthDate]', '1998-04-02');
    await page.click('button');
    await page.waitForFunction(`!['', '…'].includes(document.getElementById('said').textContent)`);
    return page.textContent('#said');
  };
  expect(await send()).toContain('Thank you');
  expect(await send()).toContain('wrong, used or older than a day');
  const path = `/api/v1/onboarding-invitations/${made.invitation}/open`;
  const { body } = await club.owner.ask<OpenedApplication>('POST', path);
  expect(body).toMatchObject({ stageName: 'Nova Prime', legalName: 'Maria Secret', birthDate: '1998-04-02' });
  await page.close();
});
