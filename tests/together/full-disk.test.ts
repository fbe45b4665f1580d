import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { readMirror } from '../../edge-node/mirror/read-mirror.ts';
import { caughtUp, expectAgreement } from '../support/agreement.ts';
import { openClubCloud, type ClubCloud } from '../support/club-cloud.ts';
import { bootBox, keepFiles, putBack } from '../support/data-files.ts';
import { newFolder, openClub } from '../support/night.ts';
import { idsIn, idsOn, openFloor, sell } from '../support/selling.ts';
import { shortenWaits } from '../support/short-waits.ts';
import { smallDisk } from '../support/small-disk.ts';
import { tabletOf } from '../support/tablet.ts';
import { tcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { until } from '../support/until.ts';
import { faultsOf, linesOf } from '../support/verify-log.ts';
import { expectWhole } from '../support/whole.ts';

shortenWaits({ uplinkHelloMs: 100 });
const TRIES_MAX = 60;
const MORE_PAGES = 3;
let at: ClubCloud;
let wire: TcpProxy;
let folder: string;
const disk = smallDisk(6);
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
afterAll(() => disk?.remove());

test('S6: two histories are joined on a disk with too little room: the box keeps the one or has both, never a part, until there is room', async () => {
  const club = await openClub({ folder, cloudUrl: wire.url });
  await openFloor(club.owner, club);
  await caughtUp(club, at);
  const backup = keepFiles(folder);
  await sell(club.owner, club, 30);
  await caughtUp(club, at);
  const theirs = idsOn(club.edge);
  await club.stop();
  putBack(folder, backup);
  wire.cut();
  const box = await bootBox(folder, { cloudUrl: wire.url, boot: 'b_two' });
  const owner = tabletOf(box.url, club.owner);
  await sell(owner, club, 12);
  const { sqlite } = box.edge;
  const mine = idsOn(box.edge);
  const tries = (): number => wire.asked().filter((asked) => asked.endsWith('/mainline')).length;
  const brokenOff = { fetching: 0, joining: 0 };
  const isFetched = (): boolean => sqlite.prepare('SELECT 1 FROM incoming').get() !== undefined;
  for (let once = 0, pages = 0; once < TRIES_MAX; once += 1, pages += MORE_PAGES) {
    const wasFetched = isFetched();
    sqlite.pragma(`max_page_count = ${Number(sqlite.pragma('page_count', { simple: true })) + pages}`);
    const before = tries();
    wire.restore();
    // The next question comes when the join that the first began is over.
    await until('a try to join, and the next', () => tries() >= before + 2 || box.edge.log.head().pos > mine.length);
    wire.cut();
    expectWhole({ edge: { sqlite } });
    if (box.edge.log.head().pos > mine.length) break;
    expect(idsOn(box.edge)).toEqual(mine);
    brokenOff[isFetched() ? 'joining' : 'fetching'] += 1;
    if (isFetched() && !wasFetched) pages = 0;
  }
  expect(brokenOff.fetching).toBeGreaterThan(0);
  expect(brokenOff.joining).toBeGreaterThan(2);
  sqlite.pragma('max_page_count = 1000000');
  wire.restore();
  await sell(owner, club, 1);
  await caughtUp(box, at);
  const ids = idsIn(await expectAgreement(box, at));
  expect([...theirs, ...mine].filter((id) => !ids.includes(id))).toEqual([]);
  await box.stop();
});

test.skipIf(disk === null)(
  "S6: a second copy's disk is full: the floor goes on, the box says so, and with room the copy is whole again (skipped where we are not root, who alone may mount a tmpfs)",
  async () => {
    const mirror = mkdtempSync(path.join(disk?.mount ?? '', 'mirror-'));
    const club = await openClub({ folder, mirror: { folder: mirror, mode: 'sync', apartFrom: null } });
    await openFloor(club.owner, club);
    const copy = () => club.edge.cloud().copy;
    await until('a whole copy', () => copy() === 'whole');
    disk?.leave(1);
    await sell(club.owner, club, 24);
    await until('a copy that is lost', () => copy() === 'lost');
    await sell(club.owner, club, 12);
    expect(faultsOf(club.edge.sqlite)).toEqual([]);
    disk?.free();
    await until('a whole copy', () => copy() === 'whole');
    await sell(club.owner, club, 1);
    const lines = linesOf(club.edge.sqlite).map(({ line }) => line);
    await club.stop();
    expect(readMirror(mirror, null).stretches.flatMap((stretch) => stretch.lines)).toEqual(lines);
  },
);
