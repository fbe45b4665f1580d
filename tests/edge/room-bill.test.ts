import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import type { NightReportAnswer } from '#shared/contract/cash-api.ts';
import { arrive, owed, refusalOf, signing } from '../support/cash.ts';
import { openClub, pass, type Club } from '../support/night.ts';
import { byCard, roomNight, running, shown } from '../support/room-night.ts';
import { expectWhole } from '../support/whole.ts';

let club: Club | null = null;
afterEach(async () => {
  await club?.close();
  club = null;
});
const MINUTE = 60_000;

const night = async (wall?: number) => roomNight((club = await openClub(wall === undefined ? {} : { wall })));

test('what is sold after she agreed asks her again: her yes was to another bill; an open dispute stands', async () => {
  const at = await night();
  const { one, jade, ruby, opal } = at;
  const session = await running(at, jade, ruby, opal);
  await one.owner.must('room_session.end', { session, reason: 'time' });
  await one.owner.must('room_session.confirm', { session, dancer: jade });
  await one.owner.must('room_session.dispute', { session, dancer: ruby, about: 'count' });
  await one.owner.must('room_session.dispute', { session, dancer: opal, about: 'count' });
  await one.owner.must('room_session.decide', { session, dancer: opal, reason: 'One more, she is right' });
  const dance = { kind: 'dances', name: 'Dances', count: 1, eachCents: 3_000, houseCents: 0 } as const;
  await one.owner.must('room_session.add', { session, ...dance });
  expect((await shown(one, session)).shares.map(({ answer }) => answer)).toEqual([null, 'DISPUTED', null]);
  await one.owner.must('room_session.confirm', { session, dancer: jade });
  expectWhole(one);
});

test('a yes to a bill that was not the last one is taken back by the upgrade, too; any other answer stays', async () => {
  const at = await night();
  const { one, jade, ruby, opal } = at;
  const session = await running(at, jade, ruby, opal);
  await one.owner.must('room_session.end', { session, reason: 'time' });
  await one.owner.must('room_session.confirm', { session, dancer: jade });
  await one.owner.must('room_session.dispute', { session, dancer: opal, about: 'count' });
  const dance = { kind: 'dances', name: 'Dances', count: 1, eachCents: 3_000, houseCents: 0 } as const;
  await one.owner.must('room_session.add', { session, ...dance });
  await one.owner.must('room_session.confirm', { session, dancer: ruby });
  const { sqlite } = one.edge;
  const rows = () => sqlite.prepare('SELECT * FROM session_answer ORDER BY dancer').all();
  const before = rows();
  sqlite.prepare("INSERT INTO session_answer (session, dancer, answer) VALUES (?, ?, 'AGREED')").run(session, jade);
  expect(rows()).not.toEqual(before);
  const upgrade = readFileSync('edge-node/db/migrations/0021_room_terms.sql', 'utf8');
  sqlite.exec(upgrade.slice(upgrade.indexOf('DELETE FROM session_answer')));
  expect(rows()).toEqual(before);
});

test('a session is not sold beyond what can be booked: it would never be settled', async () => {
  const at = await night();
  const { one, jade } = at;
  const session = await running(at, jade);
  const dear = { kind: 'item', name: 'Gold', count: 200, eachCents: 100_000_000, houseCents: 0 } as const;
  expect(refusalOf(await one.owner.give('room_session.add', { session, ...dear }))).toBe('session_price_too_large');
  await one.owner.must('room_session.add', { session, ...dear, count: 90 });
  await one.owner.must('room_session.end', { session, reason: 'time' });
  expect(refusalOf(await one.owner.give('room_session.settle', { session, ...byCard }))).toBe('accepted');
  expectWhole(one);
});

test('an extension does not run into a promise of the room, on the other side of midnight either', async () => {
  const at = await night(Date.parse('2026-11-21T23:10:00-08:00'));
  const { one, jade, room } = at;
  const session = await running(at, jade);
  const promised = { room, at: one.clock.wall() + 60 * MINUTE, minutes: 60, guest: null };
  const reservation = await one.owner.must('room.reserve', promised);
  const extend = (rate: string, fromMinutes = 30) =>
    one.owner.give('room_session.extend', { session, rate, askedBy: 'guest', fromMinutes });
  expect(refusalOf(await extend('vip60'))).toBe('room_reserved');
  expect(refusalOf(await extend('vip30'))).toBe('accepted');
  expect(refusalOf(await extend('vip15', 60))).toBe('room_reserved');
  await one.owner.must('reservation.cancel', { reservation, reason: 'He called' });
  expect(refusalOf(await extend('vip15', 60))).toBe('accepted');
});

test('a quote that waited does not start into a promise of the room', async () => {
  const { one, jade, room } = await night();
  const reservation = await one.owner.must('room.reserve', {
    room,
    at: one.clock.wall() + 60 * MINUTE,
    minutes: 60,
    guest: null,
  });
  const session = await one.owner.must('room_session.quote', { room, rate: 'vip30', dancers: [jade] });
  pass(one.clock, 45 * MINUTE);
  const start = () => one.owner.give('room_session.start', { session });
  expect(refusalOf(await start())).toBe('room_reserved');
  await one.owner.must('reservation.keep', { reservation });
  expect(refusalOf(await start())).toBe('accepted');
});

test('a tip is of those who are paid: who gave her whole share to another has none of it', async () => {
  const at = await night();
  const { one, jade, ruby } = at;
  const session = await running(at, jade);
  await one.owner.must('room_session.swap', { session, out: jade, into: ruby, shareCents: 19_000 });
  await one.owner.must('room_session.end', { session, reason: 'time' });
  await one.owner.must('room_session.settle', { session, ...byCard, tipCents: 1_001 });
  expect([owed(one, jade), owed(one, ruby)]).toEqual([0, 20_001]);
  expectWhole(one);
});

test('a room whose dancer has the guest’s money counts among the rooms of the night', async () => {
  const at = await night();
  const { one, jade } = at;
  const session = await running(at, jade);
  await one.owner.must('room_session.end', { session, reason: 'time' });
  await one.owner.must('room_session.collect', { session, dancer: jade });
  const { day } = one.edge.reads.day.open() ?? { day: '' };
  const { body } = await one.owner.ask<NightReportAnswer>('GET', `/api/v1/nights/${day}/report`);
  expect(body.totals).toMatchObject({ roomSessions: 1, roomCents: 9_000 });
});

test('a void after she was paid out leaves her owing it, and what it decides is not decided again', async () => {
  const at = await night();
  const { one, bar, jade } = at;
  const session = await running(at, jade);
  await one.owner.must('room_session.end', { session, reason: 'time' });
  await one.owner.must('room_session.settle', { session, method: 'cash', drawer: bar, tipCents: 0 });
  await one.owner.must('room_session.dispute', { session, dancer: jade, about: 'price' });
  await one.owner.must('attendance.check_out', { dancer: jade });
  await one.owner.must('attendance.settle', { dancer: jade, drawer: bar });
  expect(owed(one, jade)).toBe(0);
  const voided = { session, reason: 'A stolen card', drawer: bar, second: signing(one, 'Max') };
  await one.owner.must('room_session.void', voided);
  expect(owed(one, jade)).toBe(-19_000);
  const decide = { session, dancer: jade, reason: 'too late' };
  expect(refusalOf(await one.owner.give('room_session.decide', decide))).toBe('not_disputed');
  expectWhole(one);
});

test.each([1, 2, 3, 4, 5, 6, 7])('%i dancers share a price that does not divide, to the cent', async (count) => {
  const { one, bar, room } = await night();
  const dancers = one.dancers.slice(0, count);
  for (const dancer of dancers.slice(3)) await arrive(one, dancer);
  const odd = { rate: 'odd', name: 'Odd', minutes: 1, grossCents: 10_007, houseCents: 33 };
  await one.owner.must('price_list.set', { houseFeeCents: 0, roomRates: [odd] });
  const session = await one.owner.must('room_session.quote', { room, rate: 'odd', dancers });
  await one.owner.must('room_session.start', { session });
  await one.owner.must('room_session.end', { session, reason: 'safety' });
  const { houseCents, shares } = await shown(one, session);
  const each = Math.floor(9_974 / count);
  expect([houseCents, new Set(shares.map(({ cents }) => cents))]).toEqual([10_007 - count * each, new Set([each])]);
  await one.owner.must('room_session.settle', { session, method: 'cash', drawer: bar, tipCents: 11 });
  const tip = Math.floor(11 / count);
  expect(dancers.map((dancer) => owed(one, dancer))).toEqual(
    dancers.map((_one, at) => each + tip + (at === 0 ? 11 - count * tip : 0)),
  );
  expectWhole(one);
});

test('two tablets settle a session both ways at once: it is booked once, and voided once', async () => {
  const at = await night();
  const { one, jade, ruby } = at;
  const host = await one.tablet('Victor');
  const session = await running(at, jade, ruby);
  await one.owner.must('room_session.end', { session, reason: 'time' });
  const given = await Promise.all([
    one.owner.give('room_session.settle', { session, ...byCard }),
    host.give('room_session.collect', { session, dancer: jade }),
  ]);
  expect(given.map(refusalOf).toSorted()).toEqual(['accepted', 'session_not_ended']);
  const again = { session, reason: 'twice', drawer: null, second: signing(one, 'Max') };
  const voids = await Promise.all([
    one.owner.give('room_session.void', again),
    one.owner.give('room_session.void', again),
  ]);
  expect(voids.map(refusalOf).toSorted()).toEqual(['accepted', 'session_not_ended']);
  expect([owed(one, jade), owed(one, ruby)]).toEqual([0, 0]);
  expectWhole(one);
});

test('two tablets extend at once, each from the minutes that it shows: the guest is charged once', async () => {
  const at = await night();
  const { one, jade } = at;
  const host = await one.tablet('Victor');
  const session = await running(at, jade);
  const more = { session, rate: 'vip30', askedBy: 'guest', fromMinutes: 30 } as const;
  const given = await Promise.all([
    one.owner.give('room_session.extend', more),
    host.give('room_session.extend', more),
  ]);
  expect(given.map(refusalOf).toSorted()).toEqual(['accepted', 'session_changed']);
  expect((await shown(one, session)).grossCents).toBe(56_000);
  await host.must('room_session.extend', { ...more, fromMinutes: 60 });
  expect((await shown(one, session)).grossCents).toBe(84_000);
});
