import { afterEach, expect, test } from 'vitest';
import type { CloseChecks } from '#shared/contract/cash-api.ts';
import { arrive, owed, refusalOf, sellRoom, signing } from '../support/cash.ts';
import { openClub, type Club } from '../support/night.ts';
import { shown } from '../support/room-night.ts';
import { linesOf } from '../support/verify-log.ts';
import { expectWhole } from '../support/whole.ts';

let club: Club | null = null;
afterEach(async () => {
  await club?.close();
  club = null;
});

async function night() {
  const one = (club = await openClub());
  const [jade = '', ruby = ''] = one.dancers;
  for (const dancer of [jade, ruby]) await arrive(one, dancer);
  return { one, jade, ruby, room: one.rooms[0] ?? '' };
}
const paidRoom = ({ one, room }: { one: Club; room: string }, ...dancers: readonly string[]) =>
  sellRoom(one, dancers, { room, drawer: null });
const dispute = ({ owner }: Club, session: string, dancer: string) =>
  owner.give('room_session.dispute', { session, dancer, about: 'count' });
const checks = async ({ owner }: Club) => (await owner.ask<CloseChecks>('GET', '/api/v1/business-day/checks')).body;
const bodiesOf = ({ edge }: Club, type: string): readonly unknown[] =>
  linesOf(edge.sqlite)
    .map(({ line }) => JSON.parse(line) as { type: string; body: unknown })
    .filter((one) => one.type === type)
    .map(({ body }) => body);
async function leave({ owner }: Club, ...dancers: readonly string[]): Promise<void> {
  for (const dancer of dancers) await owner.must('attendance.check_out', { dancer });
  await owner.must('day.begin_closing', {});
}

test('a session that was paid before anybody asked her is disputed after; a decision moves no money, a void does', async () => {
  const at = await night();
  const { one, jade, ruby } = at;
  const session = await paidRoom(at, jade, ruby);
  expect(refusalOf(await dispute(one, session, jade))).toBe('accepted');
  expect(refusalOf(await dispute(one, session, jade))).toBe('session_answered');
  await one.owner.must('room_session.confirm', { session, dancer: ruby });
  expect((await shown(one, session)).shares.map(({ answer }) => answer)).toEqual(['DISPUTED', 'AGREED']);
  const before = owed(one, jade);
  await one.owner.must('room_session.decide', { session, dancer: jade, reason: 'The count was wrong' });
  expect([(await shown(one, session)).state, owed(one, jade)]).toEqual(['SETTLED', before]);
  const second = signing(one, 'Max');
  await one.owner.must('room_session.void', { session, reason: 'Sold anew', drawer: null, second });
  expect(owed(one, jade)).toBe(0);
  expect(refusalOf(await dispute(one, session, ruby))).toBe('session_not_ended');
  expectWhole(one);
});

test('who was swapped out may dispute what was paid; who was never in the session may not', async () => {
  const { one, jade, ruby, room } = await night();
  const session = await one.owner.must('room_session.quote', { room, rate: 'vip30', dancers: [jade] });
  await one.owner.must('room_session.start', { session });
  await one.owner.must('room_session.swap', { session, out: jade, into: ruby, shareCents: 19_000 });
  await one.owner.must('room_session.end', { session, reason: 'time' });
  await one.owner.must('room_session.collect', { session, dancer: ruby });
  expect(refusalOf(await dispute(one, session, one.dancers[4] ?? ''))).toBe('not_in_session');
  expect(refusalOf(await dispute(one, session, jade))).toBe('accepted');
});

test('a night with an undecided dispute of a paid session does not close, and the checks name it', async () => {
  const at = await night();
  const { one, jade, ruby } = at;
  const session = await paidRoom(at, jade);
  await one.owner.must('room_session.dispute', { session, dancer: jade, about: 'split' });
  await leave(one, jade, ruby);
  expect(await checks(one)).toMatchObject({ canClose: false, disputes: [session], roomSessions: [] });
  expect(refusalOf(await one.owner.give('day.close', {}))).toBe('dispute_open');
  await one.owner.must('room_session.decide', { session, dancer: jade, reason: 'She was right' });
  expect(await checks(one)).toMatchObject({ canClose: true, disputes: [] });
  await one.owner.must('day.close', {});
  expectWhole(one);
});

test('a dispute that a void has made empty holds no night open', async () => {
  const at = await night();
  const { one, jade, ruby } = at;
  const session = await paidRoom(at, jade);
  await one.owner.must('room_session.dispute', { session, dancer: jade, about: 'price' });
  const second = signing(one, 'Max');
  await one.owner.must('room_session.void', { session, reason: 'She was right', drawer: null, second });
  await leave(one, jade, ruby);
  expect(refusalOf(await one.owner.give('day.close', {}))).toBe('accepted');
});

test('a night that has closed is not disputed any more, in the next one or between the two', async () => {
  const at = await night();
  const { one, jade, ruby } = at;
  const session = await paidRoom(at, jade);
  await leave(one, jade, ruby);
  await one.owner.must('day.close', {});
  expect(refusalOf(await dispute(one, session, jade))).toBe('session_night_closed');
  await one.owner.must('day.open', { date: '2026-11-22' });
  expect(refusalOf(await dispute(one, session, jade))).toBe('session_night_closed');
});

test('a forced close names each disputed session as one, paid or not; the next night decides it', async () => {
  const at = await night();
  const { one, jade, ruby } = at;
  const paid = await paidRoom(at, jade);
  await one.owner.must('room_session.dispute', { session: paid, dancer: jade, about: 'count' });
  const room = one.rooms[1] ?? '';
  const unpaid = await one.owner.must('room_session.quote', { room, rate: 'vip30', dancers: [ruby] });
  await one.owner.must('room_session.start', { session: unpaid });
  await one.owner.must('room_session.end', { session: unpaid, reason: 'guest' });
  await one.owner.must('room_session.dispute', { session: unpaid, dancer: ruby, about: 'time' });
  await one.owner.must('day.begin_closing', {});
  const { day } = await checks(one);
  await one.owner.must('day.force_close', { reason: 'Everybody went home' });
  expect(bodiesOf(one, 'room_session.left_disputed')).toEqual(
    [
      { session: paid, room: at.room, day, dancers: [jade] },
      { session: unpaid, room, day, dancers: [ruby] },
    ].toSorted((a, b) => (a.session < b.session ? -1 : 1)),
  );
  await one.owner.must('day.open', { date: '2026-11-22' });
  await one.owner.must('room_session.decide', { session: paid, dancer: jade, reason: 'The host says so' });
  expect((await checks(one)).disputes).toEqual([unpaid]);
  expectWhole(one);
});
