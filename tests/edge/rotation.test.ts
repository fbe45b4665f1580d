import { afterEach, expect, test } from 'vitest';
import type { RotationAnswer, RotationOverride } from '#shared/contract/rotation-api.ts';
import { BUILT_IN_PACKS } from '#shared/domain/policy-pack.ts';
import type { CommandInput, RoutedCommand } from '../../edge-node/features/command.ts';
import { nodeActor } from '../../edge-node/give.ts';
import { newKey } from '../support/key.ts';
import { openClub, pass, rowOf, stepWall, type Club } from '../support/night.ts';
import { seeded } from '../support/seeded.ts';
import type { Tablet } from '../support/tablet.ts';
import { expectWhole } from '../support/whole.ts';

let club: Club | null = null;
afterEach(async () => {
  await club?.close();
  club = null;
});

type Night = Club & { readonly dj: Tablet; readonly main: string; readonly side: string };
/** A night with two stages and a DJ at the booth. */
async function newNight(options: { readonly openDay?: boolean } = {}): Promise<Night> {
  const one = await openClub(options);
  club = one;
  const [main = '', side = ''] = one.edge.reads.club.stages().map(({ stage }) => stage);
  return { ...one, dj: await one.tablet('DJ'), main, side };
}
/** Checks the first so many dancers in and puts them in line; answers their entries. */
async function inLine(night: Night, dancers: number, stage = night.main): Promise<readonly string[]> {
  const entries: string[] = [];
  for (const dancer of night.dancers.slice(0, dancers)) {
    await night.owner.must('attendance.check_in', { dancer });
    entries.push(await night.dj.must('rotation.add', { stage, dancer }));
  }
  return entries;
}
const refusalOf = (given: Awaited<ReturnType<Tablet['give']>>) => (given.ok ? 'accepted' : given.problem.code);
const rotationOf = async (tablet: Tablet) => (await tablet.ask<RotationAnswer>('GET', '/api/v1/rotation')).body;
const stateOf = async (night: Night, entry: string) => (await rowOf(night.dj, 'entry', entry))?.state;
const SHARED = { mode: 'shared', songsPerSet: 3, callTimeoutS: 120 } as const;
const SONGS = [
  { track: 'track-1', title: 'Slow one' },
  { track: 'track-2', title: 'Fast one' },
];

function isWhole({ edge }: Club): void {
  expectWhole({ edge });
}

test('what the DJ set plays is told at every position, and goes with the set', async () => {
  const night = await newNight();
  const [a = '', b = ''] = await inLine(night, 3);
  await night.dj.must('rotation.plan', { entry: a, songs: SONGS });
  expect((await rotationOf(night.dj)).queues[0]?.entries).toMatchObject([
    { entry: a, away: 0, songs: SONGS },
    { entry: b, away: 1, songs: [] },
    { away: 2, songs: [] },
  ]);
  const set = await night.dj.must('stage_set.start', { entry: a });
  const now = await rotationOf(night.dj);
  expect(now.stages[0]?.live).toMatchObject({ set, songs: SONGS, dancers: [night.dancers[0]] });
  expect(now.queues[0]?.entries).toMatchObject([
    { entry: a, away: null, songs: [] },
    { entry: b, away: 1 },
    { away: 2 },
  ]);
  await night.owner.must('rotation.configure', { mode: 'per_stage', songsPerSet: 1, callTimeoutS: 60 });
  expect(refusalOf(await night.dj.give('rotation.plan', { entry: b, songs: SONGS }))).toBe('set_too_long');
  isWhole(night);
});

test('calls go by the places, are answered, or are missed in time', async () => {
  const night = await newNight();
  const [a = '', b = '', c = ''] = await inLine(night, 5);
  await night.dj.must('rotation.run_calls', { stage: night.main });
  expect((await rotationOf(night.dj)).queues[0]?.entries.map(({ calledAway }) => calledAway)).toEqual([
    0,
    1,
    2,
    3,
    null,
  ]);
  await night.dj.must('rotation.acknowledge', { entry: b });
  expect(await stateOf(night, b)).toBe('ON_DECK');
  expect(refusalOf(await night.dj.give('rotation.miss', { entry: b }))).toBe('on_deck');
  expect(refusalOf(await night.dj.give('rotation.run_calls', { stage: night.main }))).toBe('nothing_due');
  pass(night.clock, 119_000);
  stepWall(night.clock, 3_600_000);
  await night.dj.must('rotation.plan', { entry: c, songs: [] });
  expect(refusalOf(await night.dj.give('rotation.run_calls', { stage: night.main }))).toBe('nothing_due');
  pass(night.clock, 1_000);
  await night.dj.must('rotation.run_calls', { stage: night.main });
  const order = night.edge.reads.rotation.ofStage(night.main);
  expect(order.map(({ entry, state, round }) => [entry, state, round])).toMatchObject([
    [b, 'ON_DECK', 1],
    [expect.any(String), 'CALLED', 1],
    [a, 'CALLED', 2],
    [c, 'CALLED', 2],
    [expect.any(String), 'WAITING', 2],
  ]);
  isWhole(night);
});

test('a dancer who leaves while ON_DECK has LEFT, and the one behind her is next', async () => {
  const night = await newNight();
  const [a = '', b = ''] = await inLine(night, 2);
  await night.dj.must('rotation.call', { entry: a, away: null });
  expect(await rowOf(night.dj, 'entry', a)).toMatchObject({ state: 'CALLED', away: 0 });
  await night.dj.must('rotation.acknowledge', { entry: a });
  const dancer = night.dancers[0] ?? '';
  const fee = (await rowOf(night.owner, 'attendance', dancer))?.fee?.fee ?? '';
  await night.owner.must('house_fee.waive', { fee, reason: 'test' });
  await night.owner.must('attendance.check_out', { dancer });
  expect(await rowOf(night.dj, 'entry', a)).toBeUndefined();
  expect((await rotationOf(night.dj)).queues[0]?.entries).toMatchObject([{ entry: b, away: 0 }]);
  expect(refusalOf(await night.dj.give('stage_set.start', { entry: a }))).toBe('entry_unknown');
  isWhole(night);
});

test('a room that ends 20 s before her call: she goes behind the next performer, who was called already', async () => {
  const night = await newNight();
  const [a = '', b = '', c = ''] = await inLine(night, 3);
  const room = night.rooms[0] ?? '';
  const session = await night.owner.must('room_session.quote', {
    room,
    rate: 'vip15',
    dancers: [night.dancers[0] ?? ''],
  });
  await night.owner.must('room_session.start', { session });
  await night.dj.must('rotation.run_calls', { stage: night.main });
  expect(await rowOf(night.dj, 'entry', b)).toMatchObject({ state: 'CALLED', away: 0 });
  pass(night.clock, 880_000);
  await night.owner.must('room_session.end', { session, reason: 'guest' });
  expect((await rotationOf(night.dj)).queues[0]?.entries).toMatchObject([
    { entry: b, away: 0 },
    { entry: a, away: 1, state: 'WAITING', held: false },
    { entry: c, away: 2 },
  ]);
  isWhole(night);
});

test('one queue for all stages: whoever is next dances where a stage is free, on one stage at a time', async () => {
  const night = await newNight();
  await night.owner.must('rotation.configure', SHARED);
  const [a = '', b = '', c = ''] = await inLine(night, 3);
  expect(refusalOf(await night.dj.give('rotation.add', { stage: night.side, dancer: night.dancers[0] ?? '' }))).toBe(
    'in_rotation_already',
  );
  expect((await rotationOf(night.dj)).queues).toMatchObject([
    { stages: [night.main, night.side], entries: [{ away: 0 }, { away: 0 }, { away: 1 }] },
  ]);
  await night.dj.must('stage_set.start', { entry: a });
  await night.dj.must('stage_set.start', { entry: b, stage: night.side });
  expect(refusalOf(await night.dj.give('stage_set.start', { entry: c, stage: night.side }))).toBe('stage_busy');
  expect(refusalOf(await night.owner.give('rotation.configure', { ...SHARED, mode: 'per_stage' }))).toBe(
    'rotation_running',
  );
  const set = night.edge.reads.rotation.liveOnStage(night.main)?.set ?? '';
  await night.dj.must('stage_set.end', { set, outcome: 'COMPLETED' });
  await night.dj.must('stage.close', { stage: night.main, into: null });
  expect(night.edge.reads.rotation.ofQueue(night.side).map(({ entry, stage, state }) => [entry, stage, state])).toEqual(
    [
      [b, night.side, 'ON_STAGE'],
      [c, night.side, 'WAITING'],
      [a, night.side, 'WAITING'],
    ],
  );
  isWhole(night);
});

test('a stage closes mid-round: who waits there goes on waiting at the other, and it opens again', async () => {
  const night = await newNight();
  const [a = '', b = ''] = await inLine(night, 2);
  const dancer = night.dancers[2] ?? '';
  await night.owner.must('attendance.check_in', { dancer });
  const x = await night.dj.must('rotation.add', { stage: night.side, dancer });
  await night.dj.must('rotation.call', { entry: x, away: null });
  await night.dj.must('stage.close', { stage: night.side, into: null });
  expect(night.edge.reads.rotation.ofStage(night.main).map(({ entry, state }) => [entry, state])).toEqual([
    [a, 'WAITING'],
    [b, 'WAITING'],
    [x, 'WAITING'],
  ]);
  expect(await rowOf(night.dj, 'stage', night.side)).toMatchObject({ open: false });
  expect(refusalOf(await night.dj.give('rotation.add', { stage: night.side, dancer }))).toBe('stage_closed');
  await night.dj.must('stage.open', { stage: night.side });
  expect((await rotationOf(night.dj)).queues).toMatchObject([{ entries: [{}, {}, {}] }, { entries: [] }]);
  isWhole(night);
});

test('round the house: each goes on at the second stage while the next dances the first', async () => {
  const night = await newNight();
  await night.owner.must('rotation.configure', { ...SHARED, mode: 'round_the_house' });
  const [a = '', b = ''] = await inLine(night, 2, night.side);
  const first = await night.dj.must('stage_set.start', { entry: a });
  await night.dj.must('stage_set.end', { set: first, outcome: 'COMPLETED' });
  const second = await night.dj.must('stage_set.start', { entry: a });
  await night.dj.must('stage_set.start', { entry: b });
  expect((await rotationOf(night.dj)).stages.map(({ live }) => live?.dancers)).toEqual([
    [night.dancers[1]],
    [night.dancers[0]],
  ]);
  await night.dj.must('stage_set.end', { set: second, outcome: 'COMPLETED' });
  expect(night.edge.reads.rotation.entry(a)).toMatchObject({ stage: night.main, round: 2, state: 'WAITING' });
  isWhole(night);
});

test('two dance one set: both are on stage, neither elsewhere, both come back', async () => {
  const night = await newNight();
  const [a = '', b = '', c = ''] = await inLine(night, 3);
  const set = await night.dj.must('stage_set.start', { entry: a });
  await night.dj.must('stage_set.join', { set, entry: b });
  expect(refusalOf(await night.dj.give('stage_set.join', { set, entry: c }))).toBe('duo_full');
  const dancer = night.dancers[1] ?? '';
  expect(await rowOf(night.dj, 'attendance', dancer)).toMatchObject({ where: 'stage' });
  expect(refusalOf(await night.owner.give('attendance.check_out', { dancer }))).toBe('on_stage');
  await night.dj.must('stage_set.end', { set, outcome: 'COMPLETED' });
  expect(night.edge.reads.rotation.ofStage(night.main).map(({ entry, round }) => [entry, round])).toEqual([
    [c, 1],
    [a, 2],
    [b, 2],
  ]);
  expect(await rowOf(night.dj, 'attendance', dancer)).toMatchObject({ where: 'floor' });
  isWhole(night);
});

test('a feature pre-empts at its time, and the dancer whose set was cut short is next after it', async () => {
  const night = await newNight();
  const [a = '', b = ''] = await inLine(night, 2);
  const dancer = night.dancers[5] ?? '';
  await night.owner.must('attendance.check_in', { dancer });
  const showsAt = night.clock.wall() + 60_000;
  const feature = await night.owner.must('feature.schedule', { stage: night.main, dancer, showsAt });
  expect(refusalOf(await night.dj.give('feature.schedule', { stage: night.main, dancer, showsAt }))).toBe(
    'not_allowed',
  );
  expect(refusalOf(await night.dj.give('stage.close', { stage: night.main, into: null }))).toBe('feature_waits');
  await night.dj.must('stage_set.start', { entry: a });
  expect(refusalOf(await night.dj.give('feature.start', { feature }))).toBe('stage_busy');
  pass(night.clock, 60_000);
  const show = await night.dj.must('feature.start', { feature });
  expect((await rotationOf(night.dj)).features).toMatchObject([{ feature, state: 'LIVE' }]);
  expect(refusalOf(await night.dj.give('stage_set.start', { entry: b }))).toBe('stage_busy');
  await night.dj.must('stage_set.end', { set: show, outcome: 'COMPLETED' });
  const now = await rotationOf(night.dj);
  expect(now.features).toMatchObject([{ state: 'DONE' }]);
  expect(now.queues[0]?.entries).toMatchObject([{ entry: a, away: 0 }, { entry: b }]);
  const late = await night.owner.must('feature.schedule', { stage: night.main, dancer, showsAt: showsAt + 1_000 });
  pass(night.clock, 1_000);
  expect(refusalOf(await night.dj.give('stage_set.start', { entry: a }))).toBe('feature_due');
  await night.owner.must('feature.cancel', { feature: late });
  await night.dj.must('stage_set.start', { entry: a });
  isWhole(night);
});

test('DJ shift handover: the next DJ finds order, calls and plans as they stand, and overrides say whose they were', async () => {
  const night = await newNight();
  const [a = '', b = '', c = ''] = await inLine(night, 3);
  await night.dj.must('rotation.plan', { entry: b, songs: SONGS });
  await night.dj.must('rotation.call', { entry: a, away: 2 });
  const version = night.edge.reads.rotation.entry(c)?.version ?? 0;
  await night.dj.must('rotation.move', { entry: c, afterEntry: a, version, reason: 'guest_asked' });
  const next = await night.tablet('Helen');
  expect((await rotationOf(next)).queues[0]?.entries).toMatchObject([
    { entry: a, state: 'CALLED', calledAway: 2 },
    { entry: c },
    { entry: b, songs: SONGS },
  ]);
  await next.must('stage_set.start', { entry: b, reason: 'dancer_asked' });
  await next.must('rotation.skip', { entry: a, reason: 'break' });
  await next.must('rotation.remove', { entry: c, reason: 'manager' });
  const day = night.edge.reads.day.open()?.day ?? '';
  const path = `/api/v1/nights/${day}/rotation-overrides`;
  const { body } = await next.ask<readonly RotationOverride[]>('GET', path);
  expect(body.map(({ by, kind, entry, reason }) => [by, kind, entry, reason])).toEqual([
    [night.dj.staff, 'moved', c, 'guest_asked'],
    [next.staff, 'out_of_order', b, 'dancer_asked'],
    [next.staff, 'skipped', a, 'break'],
    [next.staff, 'removed', c, 'manager'],
  ]);
  expect(body.every(({ at, dancer }) => at === night.clock.wall() && night.dancers.includes(dancer))).toBe(true);
  expect((await (await night.tablet('Dora')).ask('GET', path)).status).toBe(403);
  expect((await next.ask('GET', '/api/v1/nights/nothing/rotation-overrides')).status).toBe(404);
  isWhole(night);
});

test('two DJs on two tablets drag the same entry of a shared queue: the loser gets the whole of it', async () => {
  const night = await newNight();
  await night.owner.must('rotation.configure', SHARED);
  const other = await night.tablet('Helen');
  const [a = '', b = ''] = await inLine(night, 2);
  const dancer = night.dancers[2] ?? '';
  await night.owner.must('attendance.check_in', { dancer });
  const c = await night.dj.must('rotation.add', { stage: night.side, dancer });
  const version = night.edge.reads.rotation.entry(c)?.version ?? 0;
  await night.dj.must('rotation.move', { entry: c, afterEntry: null, version });
  const lost = await other.give('rotation.move', { entry: c, afterEntry: a, version });
  if (lost.ok) throw new Error('Both moved it.');
  expect(lost.problem.code).toBe('entry_changed');
  expect((lost.problem.current as readonly (readonly [string, string])[]).map(([, id]) => id)).toEqual([c, a, b]);
});

test('a check-in under a second stage name is the same dancer, once here and once in the rotation', async () => {
  const night = await newNight();
  await inLine(night, 1);
  const dancer = night.dancers[0] ?? '';
  await night.owner.must('dancer.rename', { dancer, stageName: 'Another Name' });
  expect(refusalOf(await night.owner.give('attendance.check_in', { dancer }))).toBe('already_checked_in');
  expect(refusalOf(await night.dj.give('rotation.add', { stage: night.main, dancer }))).toBe('in_rotation_already');
  expect((await rotationOf(night.dj)).queues[0]?.entries).toMatchObject([{ name: 'Another Name' }]);
});

test('a buy-out skips her turn, unless the pack of the place forbids it', async () => {
  const night = await newNight();
  const [a = ''] = await inLine(night, 2);
  await night.dj.must('rotation.skip', { entry: a, reason: 'buyout' });
  expect(night.edge.reads.rotation.entry(a)).toMatchObject({ round: 2 });
  await night.close();
  const strict = await newNight({ openDay: false });
  const generic = structuredClone(BUILT_IN_PACKS[0]) as CommandInput<'policy_pack.install'>['pack'];
  const forbiddenFees = [{ kind: 'stage_buyout', rule: generic.rules[0]?.id ?? '' }] as const;
  const pack = { ...generic, version: 2, effectiveFrom: '2026-11-21', forbiddenFees: [...forbiddenFees] };
  await strict.owner.must('policy_pack.install', { pack });
  await strict.owner.must('day.open', { date: null });
  const [b = ''] = await inLine(strict, 1);
  expect(refusalOf(await strict.dj.give('rotation.skip', { entry: b, reason: 'buyout' }))).toBe('buyout_not_allowed');
  await strict.dj.must('rotation.skip', { entry: b, reason: 'break' });
});

test.each([11, 12, 13])('random orders of every kind, seed %i: replay equals tables', async (seed) => {
  const night = await newNight();
  const random = seeded(seed);
  await night.owner.must('rotation.configure', {
    ...SHARED,
    mode: random.pick(['shared', 'round_the_house', 'per_stage']),
  });
  await inLine(night, 8);
  const { reads } = night.edge;
  const give = <N extends RoutedCommand>(name: N, input: CommandInput<N>) =>
    night.edge.command(name, input, { key: newKey(), actor: nodeActor('random') });
  let accepted = 0;
  for (let turn = 0; turn < 250; turn += 1) {
    pass(night.clock, random.between(1, 90) * 1_000);
    const one = random.pick([undefined, ...reads.rotation.all()].map((row) => ({ row }))).row;
    const entry = one?.entry ?? 'x';
    const stage = random.pick([night.main, night.side]);
    const dancer = random.pick(night.dancers.slice(0, 8));
    const set = reads.rotation.liveOnStage(stage)?.set ?? 'x';
    const feature = reads.rotation.features().at(-1)?.feature ?? 'x';
    const answer = await random.pick([
      () => give('rotation.run_calls', { stage }),
      () => give('rotation.acknowledge', { entry }),
      () => give('rotation.skip', { entry, reason: random.pick(['break', 'dj']) }),
      () => give('rotation.plan', { entry, songs: SONGS }),
      () => give('rotation.remove', { entry, reason: 'dj' }),
      () => give('rotation.add', { stage, dancer }),
      () => give('stage_set.start', { entry, stage: random.pick([stage, one?.stage ?? stage]) }),
      () => give('stage_set.join', { set, entry }),
      () => give('stage_set.end', { set, outcome: 'COMPLETED' }),
      () => give('stage.close', { stage, into: null }),
      () => give('stage.open', { stage }),
      () => give('feature.schedule', { stage, dancer, showsAt: night.clock.wall() + 30_000 }),
      () => give('feature.start', { feature }),
      () => give('feature.cancel', { feature }),
    ])();
    if (answer.ok) accepted += 1;
  }
  expect(accepted).toBeGreaterThan(60);
  isWhole(night);
});
