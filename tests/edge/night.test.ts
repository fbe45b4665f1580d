import { afterEach, expect, test } from 'vitest';
import type { DayTotals } from '#shared/domain/event.ts';
import { openClub, rowOf, type Club } from '../support/night.ts';
import type { Tablet } from '../support/tablet.ts';
import { expectWhole } from '../support/whole.ts';

let club: Club | null = null;
afterEach(async () => {
  await club?.close();
  club = null;
});
const newClub = async (): Promise<Club> => (club = await openClub());
type Night = {
  readonly state: string;
  readonly date: string;
  readonly totals: DayTotals;
  readonly byClass: Record<string, number>;
  readonly byType: Record<string, number>;
};

const feeOf = async (tablet: Tablet, dancer: string) => (await rowOf(tablet, 'attendance', dancer))?.fee?.fee ?? '';
const balanceOf = async (tablet: Tablet, dancer: string) =>
  (await tablet.ask<{ cents: number }>('GET', `/api/v1/dancers/${dancer}/balance`)).body.cents;
const refusalOf = (given: Awaited<ReturnType<Tablet['give']>>) => (given.ok ? 'accepted' : given.problem.code);

test('a small night, from its opening to its close, comes out to the cent', async () => {
  const one = await newClub();
  const { owner, dancers, rooms, drawers, stage } = one;
  const [jade = '', ruby = '', star = ''] = dancers;
  const [bar = '', office = ''] = drawers;
  const [room = ''] = rooms;
  const [door, dj, host, bartender] = [
    await one.tablet('Dora'),
    await one.tablet('DJ'),
    await one.tablet('Victor'),
    await one.tablet('Ben'),
  ];
  const day = one.edge.reads.day.open()?.day ?? '';

  await bartender.must('drawer.open', { drawer: bar, responsible: bartender.staff, bankCents: 20_000 });
  for (const dancer of [jade, ruby, star]) await door.must('attendance.check_in', { dancer });
  await door.must('house_fee.pay', { fee: await feeOf(door, jade), drawer: bar });
  await owner.must('house_fee.defer', { fee: await feeOf(door, ruby), reason: 'pays at the end' });
  await owner.must('house_fee.waive', { fee: await feeOf(door, star), reason: 'birthday' });

  for (const dancer of [jade, ruby, star]) await dj.must('rotation.add', { stage, dancer });
  const entry = one.edge.reads.rotation.ofDancer(jade)[0]?.entry ?? '';
  await dj.must('rotation.call', { entry, away: 0 });
  const set = await dj.must('stage_set.start', { entry });
  await dj.must('stage_set.end', { set, outcome: 'COMPLETED' });

  const session = await host.must('room_session.quote', { room, rate: 'vip30', dancers: [jade, ruby] });
  await owner.must('price_list.set', {
    houseFeeCents: 9_900,
    roomRates: [{ rate: 'vip30', name: '30', minutes: 30, grossCents: 99_900, houseCents: 50_000 }],
  });
  await host.must('room_session.start', { session });
  await host.must('room_session.end', { session, reason: 'time' });
  await host.must('room_session.settle', { session, method: 'cash', drawer: bar, tipCents: 2_001 });
  await host.must('room.clean', { room });

  expect(await balanceOf(door, jade)).toBe(-(9_500 + 1_001));
  expect(await balanceOf(door, ruby)).toBe(6_000 - (9_500 + 1_000));
  await owner.must('day.begin_closing', {});
  for (const dancer of [jade, ruby, star]) await door.must('attendance.check_out', { dancer });
  for (const dancer of [jade, ruby, star]) await door.must('attendance.settle', { dancer, drawer: bar });
  for (const dancer of [jade, ruby, star]) expect(await balanceOf(door, dancer)).toBe(0);
  expect(one.edge.reads.attendance.owedBy(ruby)).toEqual([]);

  await bartender.must('drawer.drop', { drawer: bar, cents: 10_000 });
  const expected = 20_000 + 6_000 + 28_000 + 2_001 - 10_501 - 4_500 - 10_000;
  expect(one.edge.reads.drawers.openCents(bar)).toBe(expected);
  await bartender.must('drawer.count', { drawer: bar, countedCents: expected - 250 });
  await owner.must('drawer.close', { drawer: bar });
  await owner.must('drawer.open', { drawer: office, responsible: owner.staff, bankCents: 0 });
  await owner.must('drawer.count', { drawer: office, countedCents: 5 });
  await owner.must('drawer.close', { drawer: office });
  await owner.must('day.close', {});

  const { body } = await owner.ask<Night>('GET', `/api/v1/nights/${day}`);
  expect(body).toMatchObject({ state: 'CLOSED', date: '2026-11-21' });
  expect(body.totals).toEqual({
    checkIns: 3,
    stageSets: 1,
    roomSessions: 1,
    houseFeeCents: 18_000,
    waivedCents: 6_000,
    roomCents: 9_000,
    taxCents: 0,
    cardCents: 0,
    dancersOwedCents: 0,
    overShortCents: -245,
  });
  expect(Object.values(body.byClass).reduce((sum, cents) => sum + cents, 0)).toBe(0);
  expect(body.byClass).toMatchObject({ cash_drawer: 0, dancer: 0 });
  expectWhole(one);
});

test('a count is blind: nothing that a bartender can ask says what should be in the drawer before it', async () => {
  const one = await newClub();
  const bartender = await one.tablet('Ben');
  const [bar = ''] = one.drawers;
  await bartender.must('drawer.open', { drawer: bar, responsible: bartender.staff, bankCents: 12_345 });
  const asked = await Promise.all(
    ['/view', '/status', '/nights', '/dancers'].map((path) => bartender.ask('GET', `/api/v1${path}`)),
  );
  expect(JSON.stringify(asked)).not.toContain('12345');
  expect(await rowOf(bartender, 'drawer', bar)).toEqual({
    id: bar,
    name: one.edge.reads.club.drawer(bar)?.name,
    state: 'OPENED',
    responsible: 'Ben Bar',
    bankCents: null,
  });
  await bartender.must('drawer.count', { drawer: bar, countedCents: 12_000 });
  expect(refusalOf(await bartender.give('drawer.count', { drawer: bar, countedCents: 12_345 }))).toBe('drawer_counted');
});

test('a night closes only when each loose end is tied', async () => {
  const one = await newClub();
  const { owner, dancers, rooms, drawers, stage } = one;
  const [jade = '', ruby = ''] = dancers;
  const [bar = ''] = drawers;
  const [room = ''] = rooms;
  await owner.must('drawer.open', { drawer: bar, responsible: owner.staff, bankCents: 50_000 });
  for (const dancer of [jade, ruby]) {
    await owner.must('attendance.check_in', { dancer });
    await owner.must('house_fee.waive', { fee: await feeOf(owner, dancer), reason: 'test' });
  }
  const entry = await owner.must('rotation.add', { stage, dancer: jade });
  const set = await owner.must('stage_set.start', { entry });
  const session = await owner.must('room_session.quote', { room, rate: 'vip15', dancers: [ruby] });
  await owner.must('room_session.start', { session });
  const close = async () => refusalOf(await owner.give('day.close', {}));

  expect(await close()).toBe('day_not_closing');
  await owner.must('day.begin_closing', {});
  expect(refusalOf(await owner.give('attendance.check_in', { dancer: dancers[2] ?? '' }))).toBe('day_closing');
  expect(
    refusalOf(await owner.give('room_session.quote', { room: rooms[1] ?? '', rate: 'vip15', dancers: [jade] })),
  ).toBe('day_closing');
  expect(refusalOf(await owner.give('attendance.check_out', { dancer: jade }))).toBe('on_stage');
  expect(await close()).toBe('stage_set_open');
  await owner.must('stage_set.end', { set, outcome: 'CUT_SHORT' });
  expect(refusalOf(await owner.give('attendance.check_out', { dancer: ruby }))).toBe('in_room');
  expect(await close()).toBe('room_session_open');
  await owner.must('room_session.end', { session, reason: 'manager' });
  expect(await close()).toBe('room_session_open');
  await owner.must('room_session.settle', { session, method: 'card', drawer: null, tipCents: 0 });
  expect(await close()).toBe('attendance_open');
  for (const dancer of [jade, ruby]) await owner.must('attendance.check_out', { dancer });
  expect(await close()).toBe('drawer_open');
  await owner.must('drawer.count', { drawer: bar, countedCents: 50_000 });
  expect(await close()).toBe('drawer_open');
  await owner.must('drawer.close', { drawer: bar });
  expect(await close()).toBe('accepted');
  expect(await close()).toBe('day_not_open');
});

test('a date is worked once, and what was earned and not paid is paid in a later night', async () => {
  const one = await newClub();
  const { owner, dancers, rooms, drawers } = one;
  const [jade = ''] = dancers;
  const [bar = ''] = drawers;
  await owner.must('attendance.check_in', { dancer: jade });
  await owner.must('house_fee.defer', { fee: await feeOf(owner, jade), reason: 'later' });
  const fee = await feeOf(owner, jade);
  const session = await owner.must('room_session.quote', { room: rooms[0] ?? '', rate: 'vip30', dancers: [jade] });
  await owner.must('room_session.start', { session });
  await owner.must('room_session.end', { session, reason: 'time' });
  await owner.must('room_session.settle', { session, method: 'card', drawer: null, tipCents: 0 });
  await owner.must('attendance.check_out', { dancer: jade });
  await owner.must('day.begin_closing', {});
  await owner.must('day.close', {});
  expect(refusalOf(await owner.give('day.open', { date: null }))).toBe('date_used');
  expect(refusalOf(await owner.give('house_fee.waive', { fee, reason: 'too late' }))).toBe('day_not_open');
  expect(one.edge.sqlite.prepare('SELECT count(*) FROM posting WHERE day IS NULL').pluck().get()).toBe(0);

  await owner.must('day.open', { date: '2026-11-22' });
  await owner.must('attendance.check_in', { dancer: jade });
  await owner.must('house_fee.waive', { fee: await feeOf(owner, jade), reason: 'test' });
  await owner.must('attendance.check_out', { dancer: jade });
  await owner.must('drawer.open', { drawer: bar, responsible: owner.staff, bankCents: 50_000 });
  await owner.must('attendance.settle', { dancer: jade, drawer: bar });
  expect(one.edge.reads.drawers.openCents(bar)).toBe(50_000 - (19_000 - 6_000));
  expect(one.edge.reads.attendance.fee(fee)?.state).toBe('PAID');
  expect(await balanceOf(owner, jade)).toBe(0);
});

test('who comes back the same night is in the same attendance and owes no second fee', async () => {
  const one = await newClub();
  const { owner, dancers, drawers } = one;
  const [jade = ''] = dancers;
  await owner.must('drawer.open', { drawer: drawers[0] ?? '', responsible: owner.staff, bankCents: 0 });
  await owner.must('attendance.check_in', { dancer: jade });
  await owner.must('house_fee.pay', { fee: await feeOf(owner, jade), drawer: drawers[0] ?? '' });
  await owner.must('attendance.check_out', { dancer: jade });
  await owner.must('attendance.settle', { dancer: jade, drawer: drawers[0] ?? '' });
  await owner.must('attendance.check_in', { dancer: jade });
  const tonight = one.edge.reads.attendance.ofNight(jade, one.edge.reads.day.open()?.day);
  expect(tonight).toMatchObject({ state: 'CHECKED_IN', segment: 2 });
  expect(one.edge.reads.attendance.feesOf(tonight?.attendance ?? '')).toHaveLength(1);
  expect(await balanceOf(owner, jade)).toBe(0);
});

test('two DJs drag the same entry: one moves it, the other gets the rotation as it is now', async () => {
  const one = await newClub();
  const { owner, dancers, stage } = one;
  const [first, second] = [await one.tablet('DJ'), await one.tablet('DJ')];
  for (const dancer of dancers.slice(0, 3)) {
    await owner.must('attendance.check_in', { dancer });
    await owner.must('rotation.add', { stage, dancer });
  }
  const [a, b, c] = one.edge.reads.rotation.ofStage(stage);
  const version = c?.version ?? 0;
  const given = await Promise.all([
    first.give('rotation.move', { entry: c?.entry ?? '', afterEntry: null, version }),
    second.give('rotation.move', { entry: c?.entry ?? '', afterEntry: a?.entry ?? '', version }),
  ]);
  expect(given.map(refusalOf).toSorted()).toEqual(['accepted', 'entry_changed']);
  const problem = given.flatMap((answer) => (answer.ok ? [] : [answer.problem]))[0];
  const now = one.edge.reads.rotation.ofStage(stage).map(({ entry, rank, version: at }) => [entry, rank, at]);
  const current = problem?.current as readonly (readonly [
    string,
    string,
    { readonly rank: number; readonly version: number },
  ])[];
  expect(current.map(([, id, row]) => [id, row.rank, row.version])).toEqual(now);
  expect(b?.entry).toBe(now[2]?.[0]);
});

test('two dancers who leave a room together come back to the rotation at two places', async () => {
  const one = await newClub();
  const { owner, dancers, rooms, stage } = one;
  const four = dancers.slice(0, 4);
  for (const dancer of four) {
    await owner.must('attendance.check_in', { dancer });
    await owner.must('rotation.add', { stage, dancer });
  }
  const [a = '', b = '', c = '', d = ''] = four;
  const session = await owner.must('room_session.quote', { room: rooms[0] ?? '', rate: 'vip15', dancers: [b, a] });
  await owner.must('room_session.start', { session });
  expect(one.edge.reads.rotation.ofStage(stage).map(({ held }) => held)).toEqual([true, true, false, false]);
  const entry = one.edge.reads.rotation.ofDancer(a)[0]?.entry ?? '';
  expect(refusalOf(await owner.give('stage_set.start', { entry }))).toBe('entry_held');
  await owner.must('room_session.end', { session, reason: 'time' });
  const back = one.edge.reads.rotation.ofStage(stage);
  expect(back.map(({ dancer }) => dancer)).toEqual([c, a, b, d]);
  expect(new Set(back.map(({ rank }) => rank)).size).toBe(4);
});

test('who is called and goes to a room instead is called no more, and is not called while she is there', async () => {
  const one = await newClub();
  const { owner, dancers, rooms, stage } = one;
  const [jade = ''] = dancers;
  await owner.must('attendance.check_in', { dancer: jade });
  const entry = await owner.must('rotation.add', { stage, dancer: jade });
  await owner.must('rotation.call', { entry, away: 1 });
  const session = await owner.must('room_session.quote', { room: rooms[0] ?? '', rate: 'vip15', dancers: [jade] });
  await owner.must('room_session.start', { session });
  expect(await rowOf(owner, 'entry', entry)).toMatchObject({ state: 'WAITING', away: null, held: true });
  expect(refusalOf(await owner.give('rotation.call', { entry, away: 0 }))).toBe('entry_held');
  await owner.must('room_session.end', { session, reason: 'guest' });
  expect(await rowOf(owner, 'entry', entry)).toMatchObject({ state: 'WAITING', away: null, held: false });
  expect(await rowOf(owner, 'attendance', jade)).toMatchObject({ where: 'floor' });
});

test('nobody under age or without papers is checked in, and the refusal says so', async () => {
  const one = await newClub();
  const { owner } = one;
  const person = { legalName: 'A Person', engagement: 'lease' } as const;
  const young = await owner.must('dancer.register', { ...person, stageName: 'Young', birthDate: '2005-11-22' });
  const grown = await owner.must('dancer.register', { ...person, stageName: 'Grown', birthDate: '2005-11-21' });
  await owner.must('credential.add', {
    dancer: young,
    kind: 'contract',
    issuer: 'Club',
    expiresOn: null,
    verified: true,
  });
  expect(refusalOf(await owner.give('attendance.check_in', { dancer: young }))).toBe('not_eligible');
  expect(refusalOf(await owner.give('attendance.check_in', { dancer: grown }))).toBe('not_eligible');
  await owner.must('credential.add', {
    dancer: grown,
    kind: 'contract',
    issuer: 'Club',
    expiresOn: '2026-11-21',
    verified: true,
  });
  expect(refusalOf(await owner.give('attendance.check_in', { dancer: grown }))).toBe('accepted');
});
