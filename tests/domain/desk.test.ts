import { expect, test } from 'vitest';
import { hasCardNumber } from '#shared/domain/card-number.ts';
import { countsDiffer, recordPlay, settleDanceCount, songsWithin } from '#shared/domain/dance-count.ts';
import {
  acknowledgeSession,
  cancelReservation,
  grantComp,
  keepReservation,
  reservedIn,
  reserveRoom,
  type ReservationFact,
} from '#shared/domain/reservation.ts';
import { priceOf, type SessionFact } from '#shared/domain/room-session.ts';
import { asking, eventOf, HALF_HOUR, MINUTE, NOW } from '../support/rules.ts';

const SESSION: SessionFact = {
  session: 's',
  room: 'r',
  state: 'ENDED',
  dancers: ['jade'],
  minutes: 30,
  segments: 1,
  plannedEnd: NOW,
  price: priceOf(HALF_HOUR, ['jade'], 0),
};

const DRAWN = [[0, 0, 9, 9, 18, 0, 27, 9]];

test('a song counts where half of it or more played while the session ran', () => {
  const song = (from: number, to: number) => ({ startedAt: from * MINUTE, endedAt: to * MINUTE });
  expect(songsWithin([song(0, 4), song(4, 8), song(8, 12)], 2 * MINUTE, 9 * MINUTE)).toBe(2);
  expect(songsWithin([song(0, 4)], 2 * MINUTE + 1, 9 * MINUTE)).toBe(0);
  expect(songsWithin([], 0, 9 * MINUTE)).toBe(0);
});

test('nobody is charged by a difference: a person settles it once, with a reason, and only where there is one', () => {
  const count = { hostDances: 4, songs: 3, minutes: 12 };
  const facts = { session: SESSION, count, isSettled: false };
  const said = { dances: 3, reason: 'The DJ remembers' };
  expect(countsDiffer(count)).toBe(true);
  expect(eventOf(settleDanceCount(facts, said)).body).toEqual({ session: 's', room: 'r', ...count, ...said });
  expect(settleDanceCount({ ...facts, count: { ...count, songs: 4 } }, said)).toMatchObject({
    refusal: 'counts_agree',
  });
  expect(settleDanceCount({ ...facts, isSettled: true }, said)).toMatchObject({ refusal: 'count_settled' });
  expect(settleDanceCount(facts, { ...said, reason: '' })).toMatchObject({ refusal: 'reason_missing' });
  const running = { ...facts, session: { ...SESSION, state: 'RUNNING' } } as const;
  expect(settleDanceCount(running, said)).toMatchObject({ refusal: 'session_not_ended' });
});

test('a song that ends before it begins, or has not ended yet, was not played', () => {
  const song = { track: null, title: 'Song', startedAt: NOW - 1_000, endedAt: NOW };
  expect(eventOf(recordPlay(song, asking())).body).toMatchObject({ play: 'born', title: 'Song' });
  expect(recordPlay({ ...song, endedAt: NOW + 1 }, asking())).toMatchObject({ refusal: 'date_in_future' });
  expect(recordPlay({ ...song, endedAt: song.startedAt }, asking())).toMatchObject({ refusal: 'dates_reversed' });
});

const PROMISE: ReservationFact = { reservation: 'x', room: 'r', at: NOW + 60 * MINUTE, minutes: 60, state: 'OPEN' };

test('a promised room is not sold into its time, is not promised twice, and waits half an hour for who is late', () => {
  const is = (from: number, minutes: number, now = NOW) =>
    reservedIn([PROMISE], { from: NOW + from * MINUTE, minutes, now });
  expect([is(0, 60), is(0, 61), is(60, 30), is(119, 30), is(120, 30)]).toEqual([false, true, true, true, false]);
  expect(is(91, 30, NOW + 90 * MINUTE)).toBe(false);
  expect(reservedIn([{ ...PROMISE, state: 'KEPT' }], { from: PROMISE.at, minutes: 30, now: NOW })).toBe(false);
  const asked = { room: 'r', at: NOW + 90 * MINUTE, minutes: 30 };
  expect(reserveRoom({ roomKnown: true, busyUntil: null, reservations: [PROMISE] }, asked, asking())).toMatchObject({
    refusal: 'room_reserved',
  });
  expect(
    eventOf(reserveRoom({ roomKnown: true, busyUntil: null, reservations: [] }, asked, asking())).body,
  ).toMatchObject({
    reservation: 'born',
  });
  expect(
    reserveRoom({ roomKnown: true, busyUntil: null, reservations: [] }, { ...asked, at: NOW - 1 }, asking()),
  ).toMatchObject({
    refusal: 'date_in_past',
  });
  const busy = { roomKnown: true, busyUntil: asked.at + 1, reservations: [] };
  expect(reserveRoom(busy, asked, asking())).toMatchObject({ refusal: 'room_not_available' });
  expect(reserveRoom({ ...busy, busyUntil: asked.at }, asked, asking())).toMatchObject({ ok: true });
  expect(reserveRoom({ roomKnown: false, busyUntil: null, reservations: [] }, asked, asking())).toMatchObject({
    refusal: 'room_unknown',
  });
});

test('a promise is kept or taken back, once', () => {
  expect(eventOf(keepReservation(PROMISE)).body).toEqual({ reservation: 'x' });
  expect(keepReservation({ ...PROMISE, state: 'CANCELLED' })).toMatchObject({ refusal: 'reservation_over' });
  expect(keepReservation(undefined)).toMatchObject({ refusal: 'reservation_unknown' });
  expect(eventOf(cancelReservation(PROMISE, { reason: 'ill' })).body).toMatchObject({ reason: 'ill' });
  expect(cancelReservation(PROMISE, { reason: ' ' })).toMatchObject({ refusal: 'reason_missing' });
});

test('the guest signs once, before a witness; a card’s number is never taken', () => {
  const facts = { session: SESSION, isAcknowledged: false, witnessKnown: true };
  const slip = { witness: 'w', processorRef: 'auth 0042 slip 7', last4: '4242' };
  expect(eventOf(acknowledgeSession(facts, slip, DRAWN)).body).toMatchObject(slip);
  for (const processorRef of ['4242424242424242', '4242 4242 4242 4242', 'ref 378282-246310-005'])
    expect(acknowledgeSession(facts, { ...slip, processorRef }, DRAWN)).toMatchObject({ refusal: 'card_number' });
  expect(acknowledgeSession(facts, slip, [[1, 1, 2, 2]])).toMatchObject({ refusal: 'signature_missing' });
  expect(acknowledgeSession({ ...facts, isAcknowledged: true }, slip, DRAWN)).toMatchObject({
    refusal: 'session_acknowledged',
  });
  expect(acknowledgeSession({ ...facts, witnessKnown: false }, slip, DRAWN)).toMatchObject({
    refusal: 'staff_unknown',
  });
});

test('a card’s number is found however it is grouped, and a slip’s own number passes', () => {
  const cards = [
    '4111.1111.1111.1111',
    '4111/1111/1111/1111',
    '4111  1111  1111  1111',
    '４１１１ １１１１ １１１１ １１１１',
    'paid 5555 5555 5555 4444 12/29',
    '6011000990139424',
  ];
  expect(cards.filter((text) => !hasCardNumber(text))).toEqual([]);
  const slips = [
    'auth 123456789012',
    '4111 1111 1111 1112',
    '20261123-001-77',
    '',
    'ch_3Pq4111111111',
    '0000000000000000',
  ];
  expect(slips.filter(hasCardNumber)).toEqual([]);
});

test('a comp is booked at its price, by leave of an owner or manager', () => {
  const boss = { staff: 'b', roles: ['manager'] } as const;
  const given = { of: 'drink', name: 'A round', cents: 4_800, reason: 'birthday' } as const;
  expect(eventOf(grantComp(boss, given, asking())).body.postings).toEqual([
    { account: 'comps', cents: 4_800 },
    { account: 'room_income', cents: -4_800 },
  ]);
  expect(grantComp({ staff: 'd', roles: ['dj'] }, given, asking())).toMatchObject({ refusal: 'approver_not_allowed' });
  expect(grantComp(boss, { ...given, reason: '' }, asking())).toMatchObject({ refusal: 'reason_missing' });
  expect(grantComp(boss, given, asking({ day: null }))).toMatchObject({ refusal: 'day_not_open' });
});
