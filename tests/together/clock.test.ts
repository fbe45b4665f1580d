import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseLine, type LoggedEvent } from '#shared/contract/event-line.ts';
import { caughtUp, expectAgreement } from '../support/agreement.ts';
import { openClubCloud, type ClubCloud } from '../support/club-cloud.ts';
import { bootBox } from '../support/data-files.ts';
import { newFolder, NINE_PM, openClub, pass, stepWall, type Club } from '../support/night.ts';
import { openFloor, SALE_CENTS, sell } from '../support/selling.ts';
import { shortenWaits } from '../support/short-waits.ts';
import { tabletOf, type Tablet } from '../support/tablet.ts';

shortenWaits();
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const YEAR = 365 * 24 * HOUR;
let at: ClubCloud;
let folder: string;
beforeEach(async () => {
  at = await openClubCloud();
  folder = await newFolder();
  await at.enrol(folder);
});
afterEach(async () => {
  await at.close();
  rmSync(folder, { recursive: true, force: true });
});

type Running = { readonly room: string; readonly session: string };

/** A guest for an hour in the last room, which no other sale takes. */
async function forAnHour(owner: Tablet, { rooms, dancers }: Club): Promise<Running> {
  const room = rooms.at(-1) ?? '';
  const session = await owner.must('room_session.quote', { room, rate: 'vip60', dancers: [dancers[11] ?? ''] });
  await owner.must('room_session.start', { session });
  return { room, session };
}

const few = ({ rooms, dancers }: Club) => ({ rooms: rooms.slice(0, 4), dancers });

/** All of it is in one night, the cloud has it, and who sat there for an hour and five minutes was five over. */
async function expectOneNight(edge: Club['edge'], day: string | undefined, sales: number): Promise<void> {
  await caughtUp({ edge }, at);
  const events = (await expectAgreement({ edge }, at)).map(parseLine);
  const ofFloor = events.filter(({ type }) => type.startsWith('room_session.'));
  expect(new Set(ofFloor.map((event) => event.day))).toEqual(new Set([day]));
  expect(endedIn(events)).toMatchObject({ overMs: 5 * MINUTE });
  const nights = await at.nights();
  expect(nights.map((night) => [night.day, night.totalsCents['card_clearing']])).toEqual([[day, sales * SALE_CENTS]]);
}

function endedIn(events: readonly LoggedEvent[]): unknown {
  return events.findLast(({ type, body }) => type === 'room_session.ended' && 'overMs' in body && body.overMs > 0)
    ?.body;
}

test.each([
  ['ten years ahead', 10 * YEAR],
  ['a year back', -YEAR],
  ['by what NTP found, a minute and a half', 90_000],
])(
  'S11: a clock that is set %s in the middle of a session: all of it reaches the cloud, night and durations are right',
  async (_what, byMs) => {
    const club = await openClub({ folder, cloudUrl: at.url });
    const { owner } = club;
    const day = club.edge.reads.day.open()?.day;
    await openFloor(owner, club);
    const { session } = await forAnHour(owner, club);
    await sell(owner, few(club), 4);
    pass(club.clock, 20 * MINUTE);
    stepWall(club.clock, byMs);
    await sell(owner, few(club), 4);
    pass(club.clock, 45 * MINUTE);
    await owner.must('room_session.end', { session, reason: 'time' });
    await expectOneNight(club.edge, day, 8);
    expect(club.edge.cloud()).toMatchObject({ link: 'up', waiting: 0 });
    await club.stop();
  },
);

test('S11: a box that wakes in 1970 with a dead battery goes on with the night, and the cloud takes it', async () => {
  const club = await openClub({ folder, cloudUrl: at.url });
  const day = club.edge.reads.day.open()?.day;
  await openFloor(club.owner, club);
  const { session } = await forAnHour(club.owner, club);
  await sell(club.owner, few(club), 4);
  await caughtUp(club, at);
  await club.stop();
  const second = await bootBox(folder, { cloudUrl: at.url, boot: 'b_two', wall: Date.parse('1970-01-01T00:00:07Z') });
  const owner = tabletOf(second.url, club.owner);
  await sell(owner, few(club), 4);
  pass(second.clock, 30 * MINUTE);
  stepWall(second.clock, NINE_PM + 30 * MINUTE - second.clock.wall());
  pass(second.clock, 35 * MINUTE);
  await owner.must('room_session.end', { session, reason: 'time' });
  await expectOneNight(second.edge, day, 8);
  expect(second.edge.cloud()).toMatchObject({ link: 'up', waiting: 0 });
  await second.stop();
});

test('S11: in the night that the clocks on the wall go back all of it is one night, here and in the cloud', async () => {
  const club = await openClub({ folder, cloudUrl: at.url, wall: Date.parse('2026-11-01T00:30:00-07:00') });
  const { owner } = club;
  const day = club.edge.reads.day.open()?.day;
  await openFloor(owner, club);
  pass(club.clock, HOUR);
  const { session } = await forAnHour(owner, club);
  await sell(owner, few(club), 4);
  pass(club.clock, HOUR + 5 * MINUTE);
  await owner.must('room_session.end', { session, reason: 'time' });
  await sell(owner, few(club), 4);
  await expectOneNight(club.edge, day, 8);
  const offsets = (await at.mainline())
    .map(parseLine)
    .flatMap(({ type, at: when }) => (type === 'room_session.started' ? [when.off] : []));
  expect(new Set(offsets)).toEqual(new Set([-420, -480]));
  await club.stop();
});
