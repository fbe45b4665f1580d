import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lineHead } from '#shared/log/line.ts';
import { caughtUp, expectAgreement } from '../support/agreement.ts';
import { openClubCloud, type ClubCloud } from '../support/club-cloud.ts';
import { bootBox, keepFiles, putBack } from '../support/data-files.ts';
import type { SetClock } from '../../edge-node/clock.ts';
import type { TestEdge } from '../support/edge.ts';
import { newFolder, NINE_PM, openClub, pass, type Club } from '../support/night.ts';
import { idsOn, openFloor, sell } from '../support/selling.ts';
import { shortenWaits } from '../support/short-waits.ts';
import { tabletOf, type Tablet } from '../support/tablet.ts';
import { tcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { replayOfLines, tablesOf, type Tables } from '../support/verify-log.ts';

shortenWaits();
const NIGHTS = 4;
const DAY_MS = 86_400_000;
let at: ClubCloud;
let wire: TcpProxy;
let folder: string;
beforeEach(async () => {
  at = await openClubCloud();
  wire = await tcpProxy(at.url);
  folder = await newFolder();
  await at.enrol(folder);
});
afterEach(async () => {
  await wire.close();
  await at.close();
  rmSync(folder, { recursive: true, force: true });
});

type Box = TestEdge & { readonly clock: SetClock };
const stateHash = (tables: Tables): string => createHash('sha256').update(JSON.stringify(tables)).digest('hex');

/** The day is closed, and everything that must be before. Answers the event that closed it and the tables at it. */
async function closeNight({ edge }: Box, owner: Tablet, { drawers }: Club) {
  const [drawer = ''] = drawers;
  await owner.must('drawer.open', { drawer, responsible: owner.staff, bankCents: 5_000_000 });
  await owner.must('day.begin_closing', {});
  const day = edge.reads.day.open()?.day ?? '';
  for (const { dancer, state } of edge.reads.attendance.allOfNight(day)) {
    for (const { fee } of edge.reads.attendance.owedBy(dancer)) await owner.must('house_fee.pay', { fee, drawer });
    if (state === 'CHECKED_IN') await owner.must('attendance.check_out', { dancer });
    await owner.must('attendance.settle', { dancer, drawer });
  }
  await owner.must('drawer.count', { drawer, countedCents: edge.reads.drawers.openCents(drawer) ?? 0 });
  await owner.must('drawer.close', { drawer });
  await owner.must('day.close', {});
  return { closed: idsOn(edge).at(-1), state: stateHash(tablesOf(edge.sqlite)) };
}

/** Somebody puts a backup of this night back while the link is down, and the club sells on: two histories to join. */
async function forkNight(club: Club, box: Box, owner: Tablet, night: number): Promise<Box> {
  const backup = keepFiles(folder);
  await sell(owner, club, 5);
  await caughtUp(box, at);
  await box.stop();
  putBack(folder, backup);
  wire.cut();
  const next = await bootBox(folder, {
    cloudUrl: wire.url,
    boot: `b_night_${night}`,
    wall: NINE_PM + night * DAY_MS + 3_600_000,
  });
  await sell(tabletOf(next.url, owner), club, 3);
  wire.restore();
  await caughtUp(next, at);
  return next;
}

test(`S17: at each of ${NIGHTS} night closes, with joined histories in between, a replay of the cloud's history gives the box's tables`, async () => {
  const club = await openClub({ folder, cloudUrl: wire.url });
  const closes: Awaited<ReturnType<typeof closeNight>>[] = [];
  let box: Box = club;
  let owner = club.owner;
  for (let night = 0; night < NIGHTS; night += 1) {
    if (night > 0) {
      pass(box.clock, DAY_MS);
      await owner.must('day.open', { date: null });
    }
    await openFloor(owner, club);
    await sell(owner, club, 4);
    if (night % 2 === 1) {
      box = await forkNight(club, box, owner, night);
      owner = tabletOf(box.url, club.owner);
    }
    await sell(owner, club, 2);
    closes.push(await closeNight(box, owner, club));
    await caughtUp(box, at);
  }
  const mainline = await expectAgreement(box, at);
  expect(new Set(closes.map(({ state }) => state)).size).toBe(NIGHTS);
  expect(box.edge.sqlite.prepare('SELECT count(*) FROM log').pluck().get()).toBeGreaterThan(1);
  for (const { closed, state } of closes) {
    const place = mainline.findIndex((line) => lineHead(line)?.id === closed);
    expect(place).toBeGreaterThan(0);
    expect(stateHash(replayOfLines(mainline.slice(0, place + 1)))).toBe(state);
  }
  await box.stop();
});
