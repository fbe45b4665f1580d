import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openCloudOperator, type CloudOperator } from '../sim/cloud-backup.ts';
import { caughtUp, expectAgreement } from '../support/agreement.ts';
import { openClubCloud, type ClubCloud } from '../support/club-cloud.ts';
import { bootBox, keepFiles, putBack } from '../support/data-files.ts';
import { newFolder, openClub, type Club } from '../support/night.ts';
import { idsIn, idsOn, openFloor, sell } from '../support/selling.ts';
import { shortenWaits } from '../support/short-waits.ts';
import { tabletOf } from '../support/tablet.ts';
import { tcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { until } from '../support/until.ts';

shortenWaits();
let at: ClubCloud;
let wire: TcpProxy;
let operator: CloudOperator;
let folder: string;
let club: Club;
beforeEach(async () => {
  at = await openClubCloud();
  operator = await openCloudOperator(at.cloud.ownerUrl);
  wire = await tcpProxy(at.url);
  folder = await newFolder();
  await at.enrol(folder);
  club = await openClub({ folder, cloudUrl: wire.url });
  await openFloor(club.owner, club);
  await sell(club.owner, club, 3);
  await caughtUp(club, at);
});
afterEach(async () => {
  await wire.close();
  await operator.close();
  await at.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The cloud is down for a while; then its database is as it was an hour ago, and whoever put it back says so. Answers what it has forgotten. */
async function anHourBack(hourAgo: Awaited<ReturnType<CloudOperator['backUp']>>): Promise<readonly string[]> {
  wire.cut();
  const { pool } = at.cloud;
  await until('the cloud to end what it began', () => pool.idleCount === pool.totalCount);
  const before = idsIn(await at.mainline());
  await operator.restore(at.org, hourAgo);
  const left = new Set(idsIn(await at.mainline()));
  await at.sayRestored();
  wire.restore();
  return before.filter((id) => !left.has(id));
}

test('S10: the cloud is put back to an hour ago while the club sells: what it had acknowledged comes back', async () => {
  const hourAgo = await operator.backUp(at.org);
  await sell(club.owner, club, 12);
  await caughtUp(club, at);
  const selling = sell(club.owner, club, 12);
  const forgotten = await anHourBack(hourAgo);
  await selling;
  expect(forgotten.length).toBeGreaterThanOrEqual(12 * 5);
  await caughtUp(club, at);
  const ids = idsIn(await expectAgreement(club, at));
  expect(forgotten.filter((id) => !ids.includes(id))).toEqual([]);
  await club.stop();
});

test('S10: the cloud is put back to an hour ago and the box has nothing to say: it comes back all the same', async () => {
  const hourAgo = await operator.backUp(at.org);
  await sell(club.owner, club, 12);
  await caughtUp(club, at);
  const own = idsOn(club.edge);
  const forgotten = await anHourBack(hourAgo);
  expect(forgotten).toHaveLength(12 * 5);
  await until('the box to notice', async () => (await at.mainline()).length >= own.length);
  await caughtUp(club, at);
  expect(idsIn(await expectAgreement(club, at)).slice(0, own.length)).toEqual(own);
  await club.stop();
});

test('S10: the cloud is put back to before the log that the box writes now was opened: that log and the one before come back', async () => {
  const hourAgo = await operator.backUp(at.org);
  const backup = keepFiles(folder);
  await sell(club.owner, club, 2);
  await caughtUp(club, at);
  await club.stop();
  // A disk that was put back and sold on makes a second log.
  putBack(folder, backup);
  const second = await bootBox(folder, { cloudUrl: wire.url, boot: 'b_two' });
  const owner = tabletOf(second.url, club.owner);
  await sell(owner, club, 3);
  await caughtUp(second, at);
  await sell(owner, club, 1);
  await caughtUp(second, at);
  const own = idsOn(second.edge);
  const logs = () => second.edge.sqlite.prepare('SELECT count(*) FROM log').pluck().get();
  expect(logs()).toBeGreaterThan(1);
  const forgotten = await anHourBack(hourAgo);
  expect(forgotten.length).toBeGreaterThanOrEqual(6 * 5);
  await until('the box to notice', async () => (await at.mainline()).length >= own.length);
  await caughtUp(second, at);
  expect(idsIn(await expectAgreement(second, at)).slice(0, own.length)).toEqual(own);
  await second.stop();
});
