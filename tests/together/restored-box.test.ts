import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { caughtUp, expectAgreement } from '../support/agreement.ts';
import { openClubCloud, type ClubCloud } from '../support/club-cloud.ts';
import { bootBox, keepFiles, putBack } from '../support/data-files.ts';
import { helloOf, openScreen, rowsOfView, type LiveScreen } from '../support/live-screen.ts';
import { newFolder, openClub, type Club } from '../support/night.ts';
import { idsIn, idsOn, openFloor, SALE_CENTS, SALE_EVENTS, sell } from '../support/selling.ts';
import { shortenWaits } from '../support/short-waits.ts';
import { tabletOf, type Tablet } from '../support/tablet.ts';
import { tcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import type { RowChange } from '#shared/contract/live.ts';

shortenWaits();
let at: ClubCloud;
let wire: TcpProxy;
let folder: string;
const opened: { readonly close: () => Promise<unknown> }[] = [];
beforeEach(async () => {
  at = await openClubCloud();
  wire = await tcpProxy(at.url);
  folder = await newFolder();
  await at.enrol(folder);
});
afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one.close();
  await wire.close();
  await at.close();
  rmSync(folder, { recursive: true, force: true });
});

const YESTERDAY = 3;
const TODAY = 20;
const AFTER = 10;

/** A club that sold on two days, backed up between them. Its box is off. */
async function soldTwice(): Promise<{
  readonly club: Club;
  readonly backup: string;
  readonly today: readonly string[];
}> {
  const club = await openClub({ folder, cloudUrl: wire.url });
  await openFloor(club.owner, club);
  await sell(club.owner, club, YESTERDAY);
  await caughtUp(club, at);
  const backup = keepFiles(folder);
  const before = idsOn(club.edge).length;
  await sell(club.owner, club, TODAY);
  await caughtUp(club, at);
  const today = idsOn(club.edge).slice(before);
  expect(today).toHaveLength(TODAY * SALE_EVENTS);
  return { club, backup, today };
}

async function watch(url: string, tablet: Tablet, since: LiveScreen['since'] | null): Promise<LiveScreen> {
  const screen = openScreen(url, helloOf(tablet.token, since?.() ?? null));
  opened.push(screen);
  await screen.until('its first rows', () => screen.seq() !== null);
  return screen;
}

async function expectShown(screen: LiveScreen, tablet: Tablet, head: number): Promise<void> {
  await screen.until('the head', () => screen.seq() === head);
  const { body } = await tablet.ask<{ readonly rows: readonly RowChange[] }>('GET', '/api/v1/view');
  expect(screen.rows).toEqual(rowsOfView(body.rows));
}

async function cardCents(): Promise<number> {
  const [night] = await at.nights();
  return night?.totalsCents['card_clearing'] ?? Number.NaN;
}

test.each(['with the link up', 'with the link down'])(
  "S7: yesterday's backup is put back and the club sells on %s: both histories are on the mainline, none of it twice",
  async (link) => {
    const { club, backup, today } = await soldTwice();
    const screen = await watch(club.url, club.owner, null);
    await club.stop();
    putBack(folder, backup);
    if (link === 'with the link down') wire.cut();
    const second = await bootBox(folder, { cloudUrl: wire.url, boot: 'b_two' });
    opened.push({ close: second.stop });
    const owner = tabletOf(second.url, club.owner);
    const again = await watch(second.url, owner, screen.since);
    const before = new Set(idsOn(second.edge));
    await sell(owner, club, AFTER);
    const after = idsOn(second.edge).filter((id) => !before.has(id) && !today.includes(id));
    expect(after.length).toBeGreaterThanOrEqual(AFTER * SALE_EVENTS + 1);
    wire.restore();
    await caughtUp(second, at);
    const ids = idsIn(await expectAgreement(second, at));
    expect([...today, ...after].filter((id) => !ids.includes(id))).toEqual([]);
    expect(await cardCents()).toBe((YESTERDAY + TODAY + AFTER) * SALE_CENTS);
    await expectShown(again, owner, ids.length);
  },
);

test("S7: yesterday's backup is put back and nothing is sold: the box is healed, line by line, and goes on in the same log", async () => {
  const { club, backup } = await soldTwice();
  const screen = await watch(club.url, club.owner, null);
  const lines = await at.mainline();
  const { logId } = club.edge.log;
  await club.stop();
  putBack(folder, backup);
  const second = await bootBox(folder, { cloudUrl: wire.url, boot: 'b_two' });
  opened.push({ close: second.stop });
  const owner = tabletOf(second.url, club.owner);
  const again = await watch(second.url, owner, screen.since);
  await caughtUp(second, at);
  expect(await expectAgreement(second, at)).toEqual(lines);
  await expectShown(again, owner, lines.length);
  await sell(owner, club, 1);
  await caughtUp(second, at);
  expect(second.edge.log.logId).toBe(logId);
  expect((await expectAgreement(second, at)).slice(0, lines.length)).toEqual(lines);
  expect(await cardCents()).toBe((YESTERDAY + TODAY + 1) * SALE_CENTS);
});

test('S7: a disk is put back from before its sales were carried into another log: the cloud has them under other numbers, and takes none twice', async () => {
  const { club, backup, today } = await soldTwice();
  await club.stop();
  putBack(folder, backup);
  wire.cut();
  const second = await bootBox(folder, { cloudUrl: wire.url, boot: 'b_two' });
  await sell(tabletOf(second.url, club.owner), club, AFTER);
  const mine = idsOn(second.edge);
  const uncarried = keepFiles(folder);
  wire.restore();
  await caughtUp(second, at);
  await second.stop();
  putBack(folder, uncarried);
  const third = await bootBox(folder, { cloudUrl: wire.url, boot: 'b_three' });
  opened.push({ close: third.stop });
  const owner = tabletOf(third.url, club.owner);
  await sell(owner, club, 1);
  await caughtUp(third, at);
  const ids = idsIn(await expectAgreement(third, at));
  expect([...today, ...mine].filter((id) => !ids.includes(id))).toEqual([]);
  expect(await cardCents()).toBe((YESTERDAY + TODAY + AFTER + 1) * SALE_CENTS);
});
