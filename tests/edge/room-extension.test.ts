import { afterEach, expect, test } from 'vitest';
import { arrive, refusalOf } from '../support/cash.ts';
import { openClub, type Club } from '../support/night.ts';

let club: Club | null = null;
afterEach(async () => {
  await club?.close();
  club = null;
});

/** Half an hour that runs. */
async function runningRoom(one: Club): Promise<string> {
  const [jade = ''] = one.dancers;
  const [room = ''] = one.rooms;
  await arrive(one, jade);
  const session = await one.owner.must('room_session.quote', { room, rate: 'vip30', dancers: [jade] });
  await one.owner.must('room_session.start', { session });
  return session;
}
const minutesOf = ({ edge }: Club, session: string) => edge.reads.rooms.session(session)?.minutes;

test('two taps on one screen extend once', async () => {
  const one = (club = await openClub());
  const session = await runningRoom(one);
  const tap = { session, rate: 'vip30', askedBy: 'guest', fromMinutes: 30 } as const;
  const taps = await Promise.all([
    one.owner.give('room_session.extend', tap),
    one.owner.give('room_session.extend', tap),
  ]);
  expect(taps.map(refusalOf).toSorted()).toEqual(['accepted', 'session_changed']);
  expect(minutesOf(one, session)).toBe(60);
});

test('a tap of a tablet that was out of reach comes late: what it saw is over, and nothing is sold', async () => {
  const one = (club = await openClub());
  const session = await runningRoom(one);
  const away = await one.tablet('Victor');
  const late = { session, rate: 'vip15', askedBy: 'dancer', fromMinutes: 30 } as const;
  await one.owner.must('room_session.extend', { session, rate: 'vip30', askedBy: 'guest', fromMinutes: 30 });
  await one.owner.must('room_session.extend', { session, rate: 'vip15', askedBy: 'guest', fromMinutes: 60 });
  expect(refusalOf(await away.give('room_session.extend', late))).toBe('session_changed');
  expect(minutesOf(one, session)).toBe(75);
});

test('whoever does not say how long it was extends nothing', async () => {
  const one = (club = await openClub());
  const session = await runningRoom(one);
  const blind = { rate: 'vip30', askedBy: 'guest' };
  const path = `/api/v1/room-sessions/${session}/extend`;
  const key = { 'idempotency-key': '018f0000-0000-7000-8000-000000000001' };
  expect(await one.owner.ask('POST', path, blind, key)).toMatchObject({ status: 400, body: { code: 'body_invalid' } });
  expect(minutesOf(one, session)).toBe(30);
});
