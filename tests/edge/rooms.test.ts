import { afterEach, expect, test } from 'vitest';
import { owed, refusalOf, signing } from '../support/cash.ts';
import { openClub, pass, stepWall, type Club } from '../support/night.ts';
import { byCard, roomNight, running, shown } from '../support/room-night.ts';
import { expectWhole } from '../support/whole.ts';

let club: Club | null = null;
afterEach(async () => {
  await club?.close();
  club = null;
});
const MINUTE = 60_000;

const night = async (wall?: number) => roomNight((club = await openClub(wall === undefined ? {} : { wall })));

test('a swap, a dancer who joins, an extension and counted dances: each is paid just what was fixed for her', async () => {
  const at = await night();
  const { one, jade, ruby, opal } = at;
  const session = await running(at, jade);
  await one.owner.must('room_session.swap', { session, out: jade, into: ruby, shareCents: 7_000 });
  await one.owner.must('room_session.join', { session, dancer: opal, rate: 'vip30' });
  await one.owner.must('room_session.extend', { session, rate: 'vip30', askedBy: 'guest', fromMinutes: 30 });
  const dances = { kind: 'dances', name: 'Dances', count: 4, eachCents: 2_500, houseCents: 500 } as const;
  await one.owner.must('room_session.add', { session, ...dances });
  await one.owner.must('room_session.end', { session, reason: 'time' });
  // Her share comes with the settlement, so who was swapped out waits for it, too.
  expect(refusalOf(await one.owner.give('attendance.check_out', { dancer: jade }))).toBe('room_session_open');
  const row = await shown(one, session);
  expect(row.grossCents).toBe(28_000 + 28_000 + 28_000 + 10_000);
  expect(row.grossCents).toBe(row.houseCents + row.taxCents + row.shares.reduce((sum, { cents }) => sum + cents, 0));
  await one.owner.must('room_session.settle', { session, ...byCard });
  expect([owed(one, jade), owed(one, ruby), owed(one, opal)]).toEqual([
    12_000,
    7_000 + 9_500 + 4_000,
    19_000 + 9_500 + 4_000,
  ]);
  expectWhole(one);
});

test('price changed mid-session: what was quoted stays, what is added costs what it costs now', async () => {
  const at = await night();
  const { one, jade, ruby } = at;
  const session = await running(at, jade);
  const dearer = { rate: 'vip30', name: '30 minutes', minutes: 30, grossCents: 40_000, houseCents: 20_000 };
  await one.owner.must('price_list.set', { houseFeeCents: 0, roomRates: [dearer] });
  expect((await shown(one, session)).grossCents).toBe(28_000);
  await one.owner.must('room_session.join', { session, dancer: ruby, rate: 'vip30' });
  expect((await shown(one, session)).grossCents).toBe(68_000);
});

test('who is swapped out is free for another room and her place in the rotation comes back; who came in is neither', async () => {
  const at = await night();
  const { one, jade, ruby, other } = at;
  await one.owner.must('rotation.add', { stage: one.stage, dancer: jade });
  const entry = await one.owner.must('rotation.add', { stage: one.stage, dancer: ruby });
  const session = await running(at, jade);
  await one.owner.must('room_session.swap', { session, out: jade, into: ruby, shareCents: 0 });
  const held = one.edge.reads.rotation.all().map(({ dancer, held: isHeld }) => [dancer, isHeld]);
  expect(new Map(held as [string, boolean][])).toEqual(
    new Map([
      [jade, false],
      [ruby, true],
    ]),
  );
  expect(refusalOf(await one.owner.give('stage_set.start', { entry }))).toBe('entry_held');
  expect(refusalOf(await one.owner.give('room_session.quote', { room: other, rate: 'vip30', dancers: [ruby] }))).toBe(
    'in_room',
  );
  await one.owner.must('room_session.quote', { room: other, rate: 'vip30', dancers: [jade] });
  expectWhole(one);
});

test('a disputed session waits for a decision; the other dancer’s yes changes nothing', async () => {
  const at = await night();
  const { one, jade, ruby } = at;
  const session = await running(at, jade, ruby);
  await one.owner.must('room_session.end', { session, reason: 'dancer' });
  await one.owner.must('room_session.confirm', { session, dancer: jade });
  await one.owner.must('room_session.dispute', { session, dancer: ruby, about: 'time' });
  const settle = () => one.owner.give('room_session.settle', { session, ...byCard });
  expect(refusalOf(await settle())).toBe('session_disputed');
  const host = await one.tablet('Victor');
  expect(refusalOf(await host.give('room_session.decide', { session, dancer: ruby, reason: 'no' }))).toBe(
    'not_allowed',
  );
  await one.owner.must('room_session.decide', { session, dancer: ruby, reason: 'The clock says so' });
  expect((await shown(one, session)).shares.map(({ answer }) => answer)).toEqual(['AGREED', 'DECIDED']);
  expect(refusalOf(await settle())).toBe('accepted');
  expectWhole(one);
});

test('a session that was paid in cash is voided: the guest gets it back, and nobody has earned by it', async () => {
  const at = await night();
  const { one, bar, jade } = at;
  const session = await running(at, jade);
  await one.owner.must('room_session.end', { session, reason: 'time' });
  await one.owner.must('room_session.settle', { session, method: 'cash', drawer: bar, tipCents: 500 });
  const before = one.edge.reads.drawers.openCents(bar) ?? 0;
  const voided = (second: { staff: string; pin: string }) =>
    one.owner.give('room_session.void', { session, reason: 'Sold to the wrong guest', drawer: bar, second });
  expect(refusalOf(await voided({ ...signing(one, 'Max'), pin: '0000' }))).toBe('pin_wrong');
  expect(refusalOf(await voided(signing(one, 'Victor')))).toBe('second_person_not_allowed');
  expect(refusalOf(await voided(signing(one, 'Max')))).toBe('accepted');
  expect(refusalOf(await voided(signing(one, 'Max')))).toBe('session_not_ended');
  expect(one.edge.reads.drawers.openCents(bar)).toBe(before - 28_500);
  expect(owed(one, jade)).toBe(0);
  expectWhole(one);
});

test('the dancer has the guest’s money: she owes the house its share, and the year counts none of hers', async () => {
  const at = await night();
  const { one, jade } = at;
  const session = await running(at, jade);
  await one.owner.must('room_session.end', { session, reason: 'time' });
  await one.owner.must('room_session.collect', { session, dancer: jade });
  expect(owed(one, jade)).toBe(-9_000);
  const { body } = await one.owner.ask<{ throughClubCents: number }>('GET', `/api/v1/dancers/${jade}/years/2026`);
  expect(body.throughClubCents).toBe(0);
  expectWhole(one);
});

test('a room out of service is not sold, and is again when it is back', async () => {
  const { one, jade, room } = await night();
  const mom = await one.tablet('Helen');
  await mom.must('room.take_out', { room, reason: 'A leak' });
  const quote = () => one.owner.give('room_session.quote', { room, rate: 'vip30', dancers: [jade] });
  expect(refusalOf(await quote())).toBe('room_not_available');
  await mom.must('room.put_back', { room });
  expect(refusalOf(await quote())).toBe('accepted');
  expectWhole(one);
});

test('two hosts quote the same room: one has it', async () => {
  const { one, jade, ruby, room } = await night();
  const host = await one.tablet('Victor');
  const given = await Promise.all([
    one.owner.give('room_session.quote', { room, rate: 'vip30', dancers: [jade] }),
    host.give('room_session.quote', { room, rate: 'vip30', dancers: [ruby] }),
  ]);
  expect(given.map(refusalOf).toSorted()).toEqual(['accepted', 'room_not_available']);
});

test('the hour that comes twice: a room of 60 minutes lasts 60 real minutes, and an NTP step takes nothing from it', async () => {
  const at = await night(Date.parse('2026-11-01T01:30:00-07:00'));
  const { one, jade, room } = at;
  const session = await one.owner.must('room_session.quote', { room, rate: 'vip60', dancers: [jade] });
  await one.owner.must('room_session.start', { session });
  const { startedAt, plannedEnd } = await shown(one, session);
  expect((plannedEnd ?? 0) - (startedAt ?? 0)).toBe(60 * MINUTE);
  pass(one.clock, 40 * MINUTE);
  stepWall(one.clock, 5 * MINUTE);
  pass(one.clock, 20 * MINUTE);
  await one.owner.must('room_session.end', { session, reason: 'time' });
  const ended = await shown(one, session);
  expect((ended.endedAt ?? 0) - (ended.plannedEnd ?? 0)).toBe(0);
  expectWhole(one);
});

test('overtime without an extension is flagged and never charged', async () => {
  const at = await night();
  const { one, jade } = at;
  const session = await running(at, jade);
  pass(one.clock, 47 * MINUTE);
  await one.owner.must('room_session.end', { session, reason: 'time' });
  expect((await shown(one, session)).grossCents).toBe(28_000);
  const line = one.edge.sqlite
    .prepare<[], string>("SELECT line FROM event WHERE line LIKE '%room_session.ended%'")
    .pluck()
    .get();
  expect(JSON.parse(line ?? '{}')).toMatchObject({ body: { overMs: 17 * MINUTE } });
});
