import { afterEach, expect, test } from 'vitest';
import { arrive, refusalOf } from '../support/cash.ts';
import { openClub, type Club } from '../support/night.ts';
import { byCard, shown } from '../support/room-night.ts';
import { expectWhole } from '../support/whole.ts';

let club: Club | null = null;
afterEach(async () => {
  await club?.close();
  club = null;
});

async function night() {
  const one = (club = await openClub());
  const [jade = ''] = one.dancers;
  await arrive(one, jade);
  return { one, jade, room: one.rooms[0] ?? '', host: await one.tablet('Victor') };
}

test.each([
  ['HOUSE_COLLECTS', 'accepted', 'settlement_direction'],
  ['ENTERTAINER_COLLECTS', 'settlement_direction', 'accepted'],
  [null, 'accepted', 'accepted'],
] as const)(
  'a club that settles by %s: its host settles %s, collects %s, and an owner both',
  async (direction, a, b) => {
    const { one, jade, room, host } = await night();
    if (direction) await one.owner.must('settlement_direction.set', { direction });
    expect(refusalOf(await host.give('settlement_direction.set', { direction: null }))).toBe('not_allowed');
    for (const [way, expected] of [
      ['settle', a],
      ['collect', b],
    ] as const) {
      const session = await host.must('room_session.quote', { room, rate: 'vip30', dancers: [jade] });
      await host.must('room_session.start', { session });
      await host.must('room_session.end', { session, reason: 'time' });
      expect((await shown(one, session)).direction).toBe(direction);
      const goes = (who: typeof host) =>
        way === 'settle'
          ? who.give('room_session.settle', { session, ...byCard })
          : who.give('room_session.collect', { session, dancer: jade });
      const hosts = refusalOf(await goes(host));
      const owners = hosts === 'accepted' ? hosts : refusalOf(await goes(one.owner));
      expect([hosts, owners]).toEqual([expected, 'accepted']);
      await host.must('room.clean', { room });
    }
    expectWhole(one);
  },
);

test('a minimum spend: what is sold beside the time counts, a tip does not, and what is short is shown and not settled', async () => {
  const { one, jade, room, host } = await night();
  const session = await host.must('room_session.quote', { room, rate: 'vip30', dancers: [jade] });
  await host.must('room_session.set_minimum', { session, cents: 50_000, reason: null });
  await host.must('room_session.start', { session });
  const bottle = { kind: 'bottle', name: 'Champagne', count: 1, eachCents: 21_999, houseCents: 21_999 } as const;
  await host.must('room_session.add', { session, ...bottle });
  await host.must('room_session.end', { session, reason: 'time' });
  expect(await shown(one, session)).toMatchObject({ grossCents: 49_999, minimumCents: 50_000, shortCents: 1 });
  const settle = () => host.give('room_session.settle', { session, ...byCard, tipCents: 5_000 });
  expect(refusalOf(await settle())).toBe('minimum_short');
  expect(refusalOf(await host.give('room_session.collect', { session, dancer: jade }))).toBe('minimum_short');
  const rest = { kind: 'item', name: 'To the minimum', count: 1, eachCents: 1, houseCents: 1 } as const;
  await host.must('room_session.add', { session, ...rest });
  expect((await shown(one, session)).shortCents).toBe(0);
  expect(refusalOf(await settle())).toBe('accepted');
  expectWhole(one);
});

test('a minimum that a stopped session did not reach is lowered by a manager, with a reason, not by the host', async () => {
  const { one, jade, room, host } = await night();
  const session = await host.must('room_session.quote', { room, rate: 'vip30', dancers: [jade] });
  await host.must('room_session.set_minimum', { session, cents: 50_000, reason: null });
  await host.must('room_session.start', { session });
  await host.must('room_session.end', { session, reason: 'safety' });
  const lower = { session, cents: 0, reason: 'Stopped for safety' };
  expect(refusalOf(await host.give('room_session.set_minimum', lower))).toBe('not_allowed');
  await one.owner.must('room_session.set_minimum', lower);
  expect(refusalOf(await host.give('room_session.settle', { session, ...byCard }))).toBe('accepted');
  expect(0 - one.edge.reads.ledger.balanceCents(`dancer:${jade}`)).toBe(19_000);
  expectWhole(one);
});
