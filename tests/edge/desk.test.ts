import { afterEach, expect, test } from 'vitest';
import type { ChargebackPack, DanceCountRow, ReservationRow } from '#shared/contract/desk-api.ts';
import { arrive, openBar, refusalOf, signing } from '../support/cash.ts';
import { openClub, pass, type Club } from '../support/night.ts';
import { linesOf } from '../support/verify-log.ts';
import { expectWhole } from '../support/whole.ts';

let club: Club | null = null;
afterEach(async () => {
  await club?.close();
  club = null;
});
const MINUTE = 60_000;
const raw = async ({ url, owner }: Club, path: string) => {
  const answer = await fetch(`${url}/api/v1${path}`, { headers: { authorization: `Bearer ${owner.token}` } });
  return { type: answer.headers.get('content-type'), bytes: Buffer.from(await answer.arrayBuffer()) };
};

/** A session of twelve minutes in which the host counted so many dances and so many songs of four minutes played. */
async function dancedSession(one: Club, { dances, songs }: { dances: number; songs: number }): Promise<string> {
  const [jade = ''] = one.dancers;
  await arrive(one, jade);
  const session = await one.owner.must('room_session.quote', {
    room: one.rooms[0] ?? '',
    rate: 'vip15',
    dancers: [jade],
  });
  await one.owner.must('room_session.start', { session });
  const began = one.clock.wall();
  pass(one.clock, 12 * MINUTE);
  const dj = await one.tablet('DJ');
  for (let at = 0; at < songs; at += 1) {
    const startedAt = began + at * 4 * MINUTE;
    await dj.must('play.record', { track: null, title: `Song ${at}`, startedAt, endedAt: startedAt + 4 * MINUTE });
  }
  if (dances > 0) {
    const piece = { kind: 'dances', name: 'Dances', count: dances, eachCents: 2_000, houseCents: 500 } as const;
    await one.owner.must('room_session.add', { session, ...piece });
  }
  await one.owner.must('room_session.end', { session, reason: 'time' });
  return session;
}

test('the host counted five dances, three songs played in twelve minutes: the owner sees it, and settles it with a reason', async () => {
  const one = (club = await openClub());
  const day = one.edge.reads.day.open()?.day ?? '';
  const session = await dancedSession(one, { dances: 5, songs: 3 });
  await one.owner.must('room_session.settle', { session, method: 'card', drawer: null, tipCents: 0 });
  const rows = async () => (await one.owner.ask<readonly DanceCountRow[]>('GET', `/api/v1/dance-counts/${day}`)).body;
  expect(await rows()).toMatchObject([{ session, hostDances: 5, songs: 3, minutes: 12, settled: null }]);
  await one.owner.must('dance_count.settle', { session, dances: 3, reason: 'Two were not danced' });
  expect(await rows()).toMatchObject([{ settled: { dances: 3, reason: 'Two were not danced' } }]);
  expectWhole(one);
});

test('where host and songs agree there is nothing to settle', async () => {
  const one = (club = await openClub());
  const day = one.edge.reads.day.open()?.day ?? '';
  const session = await dancedSession(one, { dances: 3, songs: 3 });
  await one.owner.must('room_session.settle', { session, method: 'card', drawer: null, tipCents: 0 });
  expect((await one.owner.ask('GET', `/api/v1/dance-counts/${day}`)).body).toEqual([]);
  expect(refusalOf(await one.owner.give('dance_count.settle', { session, dances: 3, reason: 'x' }))).toBe(
    'counts_agree',
  );
});

test('a chargeback pack tells what happened and that the guest signed; nothing of a card but the slip; who looked is in the log', async () => {
  const one = (club = await openClub());
  const session = await dancedSession(one, { dances: 1, songs: 1 });
  const { staff } = signing(one, 'Victor');
  const signed = {
    session,
    witness: staff,
    processorRef: 'auth 77',
    last4: '4242',
    strokes: [
      [0, 0, 20, 8],
      [5, 5, 40, 40],
    ],
  };
  for (const processorRef of [
    '4242424242424242',
    '4242.4242.4242.4242',
    '4242/4242/4242/4242',
    '4242  4242  4242  4242',
  ])
    expect(refusalOf(await one.owner.give('room_session.acknowledge', { ...signed, processorRef }))).toBe(
      'card_number',
    );
  expect(refusalOf(await one.owner.give('room_session.acknowledge', { ...signed, strokes: [[1, 1]] }))).toBe(
    'signature_missing',
  );
  await one.owner.must('room_session.acknowledge', signed);
  const path = `/room-sessions/${session}/chargeback-pack`;
  const pack = JSON.parse((await raw(one, path)).bytes.toString()) as ChargebackPack;
  expect(pack.acknowledged).toMatchObject({
    witness: 'Victor Host',
    last4: '4242',
    signature: 'M0 0 L20 8 M5 5 L40 40',
  });
  expect(pack).toMatchObject({ minutes: 15, dancers: ['Amber'] });
  expect(pack.steps.filter(({ cents }) => cents !== null).reduce((sum, { cents }) => sum + (cents ?? 0), 0)).toBe(
    pack.grossCents,
  );
  expect(pack.steps.map(({ what }) => what)).toEqual([
    'room_session.quoted',
    'room_session.started',
    'room_session.added',
    'room_session.ended',
    'room_session.acknowledged',
  ]);
  const pdf = await raw(one, `${path}.pdf`);
  expect([pdf.type, pdf.bytes.subarray(0, 5).toString()]).toEqual(['application/pdf', '%PDF-']);
  const lines = linesOf(one.edge.sqlite).map(({ line }) => line);
  expect(lines.filter((line) => line.includes('"room_session.opened"'))).toHaveLength(2);
  expect(lines.some((line) => line.includes('L20 8'))).toBe(false);
  const host = await one.tablet('Victor');
  expect((await host.ask('GET', `/api/v1${path}`)).status).toBe(403);
  expectWhole(one);
});

test('the list of counts has sessions that nobody counted, and those that are not paid; not those that were voided', async () => {
  const one = (club = await openClub());
  const day = one.edge.reads.day.open()?.day ?? '';
  const rows = async () => (await one.owner.ask<readonly DanceCountRow[]>('GET', `/api/v1/dance-counts/${day}`)).body;
  const session = await dancedSession(one, { dances: 0, songs: 3 });
  expect(await rows()).toMatchObject([{ session, hostDances: 0, songs: 3, settled: null }]);
  await one.owner.must('dance_count.settle', { session, dances: 3, reason: 'The host forgot to count' });
  expect(await rows()).toMatchObject([{ settled: { dances: 3 } }]);
  await one.owner.must('room_session.void', { session, reason: 'x', drawer: null, second: signing(one, 'Max') });
  expect(await rows()).toEqual([]);
  expectWhole(one);
});

test('a chargeback pack tells of what happened in a later night', async () => {
  const one = (club = await openClub());
  const [jade = ''] = one.dancers;
  const session = await dancedSession(one, { dances: 3, songs: 3 });
  await one.owner.must('room_session.dispute', { session, dancer: jade, about: 'count' });
  await one.owner.must('day.begin_closing', {});
  await one.owner.must('day.force_close', { reason: 'nobody left' });
  pass(one.clock, 20 * 60 * MINUTE);
  await one.owner.must('day.open', { date: null });
  await one.owner.must('room_session.decide', { session, dancer: jade, reason: 'She is right' });
  await one.owner.must('room_session.void', { session, reason: 'x', drawer: null, second: signing(one, 'Max') });
  const pack = JSON.parse(
    (await raw(one, `/room-sessions/${session}/chargeback-pack`)).bytes.toString(),
  ) as ChargebackPack;
  expect(pack.steps.map(({ what }) => what).slice(-4)).toEqual([
    'room_session.disputed',
    'room_session.left_disputed',
    'room_session.decided',
    'room_session.voided',
  ]);
  expectWhole(one);
});

test('a promised room is kept for its guest: not quoted into his time, and free again when he is here', async () => {
  const one = (club = await openClub());
  const [jade = ''] = one.dancers;
  const [room = ''] = one.rooms;
  await arrive(one, jade);
  const at = one.clock.wall() + 20 * MINUTE;
  const reservation = await one.owner.must('room.reserve', { room, at, minutes: 60, guest: 'Mr. Grey' });
  const quote = (rate: string) => one.owner.give('room_session.quote', { room, rate, dancers: [jade] });
  expect(refusalOf(await quote('vip30'))).toBe('room_reserved');
  const { body } = await one.owner.ask<readonly ReservationRow[]>('GET', '/api/v1/reservations');
  expect(body).toEqual([{ reservation, room, at, minutes: 60 }]);
  expect(linesOf(one.edge.sqlite).some(({ line }) => line.includes('Grey'))).toBe(false);
  await one.owner.must('reservation.keep', { reservation });
  expect(refusalOf(await quote('vip30'))).toBe('accepted');
  expectWhole(one);
});

test('a room is promised from when who is in it has to leave, and no earlier', async () => {
  const one = (club = await openClub());
  const [jade = ''] = one.dancers;
  const [room = ''] = one.rooms;
  await arrive(one, jade);
  const session = await one.owner.must('room_session.quote', { room, rate: 'vip30', dancers: [jade] });
  await one.owner.must('room_session.start', { session });
  const reserve = (minutes: number) => ({ room, at: one.clock.wall() + minutes * MINUTE, minutes: 60, guest: null });
  expect(refusalOf(await one.owner.give('room.reserve', reserve(20)))).toBe('room_not_available');
  expect(refusalOf(await one.owner.give('room.reserve', reserve(30)))).toBe('accepted');
});

test('a comp takes the PIN of an owner or manager, and the night’s report on paper', async () => {
  const one = (club = await openClub());
  const day = one.edge.reads.day.open()?.day ?? '';
  await openBar(one, one.owner);
  const host = await one.tablet('Victor');
  const comp = { of: 'bottle', name: 'Champagne', cents: 18_000, reason: 'A complaint' } as const;
  expect(refusalOf(await host.give('comp.grant', { ...comp, approver: signing(one, 'Victor') }))).not.toBe('accepted');
  expect(refusalOf(await host.give('comp.grant', { ...comp, approver: signing(one, 'Max') }))).toBe('accepted');
  expect(one.edge.reads.ledger.balanceCents('comps')).toBe(18_000);
  const pdf = await raw(one, `/nights/${day}/report.pdf`);
  expect([pdf.type, pdf.bytes.subarray(0, 5).toString()]).toEqual(['application/pdf', '%PDF-']);
  expectWhole(one);
});
