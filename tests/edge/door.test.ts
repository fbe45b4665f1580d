import { afterEach, expect, test } from 'vitest';
import type { DoorAnswer } from '#shared/contract/safety-api.ts';
import { DEMO_STAFF } from '../../edge-node/demo.ts';
import type { CommandInput } from '../../edge-node/features/command.ts';
import { newKey } from '../support/key.ts';
import { openClub, type Club } from '../support/night.ts';
import type { Tablet } from '../support/tablet.ts';
import { linesOf, replayOf, tablesOf } from '../support/verify-log.ts';
import { expectWhole } from '../support/whole.ts';

let club: Club | null = null;
afterEach(async () => {
  await club?.close();
  club = null;
});
const newClub = async (): Promise<Club> => (club = await openClub());
const refusalOf = (given: Awaited<ReturnType<Tablet['give']>>) => (given.ok ? 'accepted' : given.problem.code);
const houseOf = (one: Club): string => one.edge.reads.door.areaNamed('House')?.area ?? '';
const pinOf = (name: string): string => DEMO_STAFF.find((person) => person.name.startsWith(name))?.pin ?? '';
const doorOf = async (tablet: Tablet) => (await tablet.ask<DoorAnswer>('GET', '/api/v1/door')).body;

type Entry = CommandInput<'door.enter'>;
const entry = (one: Club, over: Partial<Entry> = {}): Entry => ({
  area: houseOf(one),
  kind: 'entry',
  category: 'paying',
  count: 1,
  paidCents: 2_000,
  method: 'card',
  drawer: null,
  reason: null,
  approver: null,
  countedAt: null,
  ...over,
});
const FREE = { paidCents: 0, method: null, drawer: null } as const;

test('two door tablets count at once while one was away: its late counts add up, once each, in whatever order', async () => {
  const one = await newClub();
  const area = houseOf(one);
  const [here, away] = [await one.tablet('Dora'), await one.tablet('Helen')];
  await here.must('door.enter', entry(one, { count: 10 }));
  await here.must('door.leave', { area, count: 4, countedAt: null });
  const countedAt = one.clock.wall() - 600_000;
  const late = [
    { key: newKey(), give: (key: string) => away.give('door.leave', { area, count: 7, countedAt }, key) },
    { key: newKey(), give: (key: string) => away.give('door.enter', entry(one, { count: 5, countedAt }), key) },
  ];
  await Promise.all([...late.map(({ key, give }) => give(key)), here.give('door.enter', entry(one, { count: 3 }))]);
  const given = await Promise.all(late.map(({ key, give }) => give(key)));
  expect(given.map(refusalOf)).toEqual(['accepted', 'accepted']);
  expect(await doorOf(here)).toMatchObject({ inside: 10 - 4 + 3 + 5 - 7, tonight: { payingEntries: 18, exits: 11 } });
  expect(replayOf(one.edge.sqlite)).toEqual(tablesOf(one.edge.sqlite));
});

test('occupancy below zero is shown as nobody, asks for a correction, and the next night begins empty', async () => {
  const one = await newClub();
  const area = houseOf(one);
  const door = await one.tablet('Dora');
  await door.must('door.leave', { area, count: 2, countedAt: null });
  expect((await doorOf(door)).areas[0]).toMatchObject({ inside: 0, level: 'below_zero' });
  expect(refusalOf(await door.give('occupancy.correct', { area, counted: 0, reason: 'nobody is here' }))).toBe(
    'accepted',
  );
  expect((await doorOf(door)).areas[0]).toMatchObject({ inside: 0, level: 'ok' });
  await door.must('door.enter', entry(one, { count: 9 }));
  await one.owner.must('day.begin_closing', {});
  await door.must('door.enter', entry(one, { count: 1 }));
  await one.owner.must('day.close', {});
  expect(await doorOf(door)).toMatchObject({ inside: 0, tonight: null });
  expect(refusalOf(await door.give('door.enter', entry(one)))).toBe('day_not_open');
  await one.owner.must('day.open', { date: '2026-11-22' });
  expect(await doorOf(door)).toMatchObject({ inside: 0, tonight: { payingEntries: 0 } });
});

test('limit reached: the door sees it, it is written down, and areas are counted each for itself', async () => {
  const one = await newClub();
  const house = houseOf(one);
  const door = await one.tablet('Dora');
  await one.owner.must('area.set_limit', { area: house, limit: 20 });
  const patio = await one.owner.must('area.add', { name: 'Patio', limit: 5 });
  const levels = async () => (await doorOf(door)).areas.map(({ name, inside, level }) => `${name} ${inside} ${level}`);
  await door.must('door.enter', entry(one, { count: 18 }));
  expect(await levels()).toEqual(['House 18 near', 'Patio 0 ok']);
  await door.must('door.enter', entry(one, { count: 4 }));
  expect(await levels()).toEqual(['House 22 full', 'Patio 0 ok']);
  await door.must('door.move', { from: house, to: patio, count: 5, countedAt: null });
  expect(await levels()).toEqual(['House 17 ok', 'Patio 5 full']);
  expect(await doorOf(door)).toMatchObject({ inside: 22, limit: 25 });
  const warned = linesOf(one.edge.sqlite).filter(({ line }) => line.includes('"occupancy.warned"'));
  expect(warned).toHaveLength(3);
});

test('paying entries and re-entries are counted apart, staff and vendors in neither, and cover goes to the cent', async () => {
  const one = await newClub();
  const door = await one.tablet('Dora');
  const [bar = ''] = one.drawers;
  await one.owner.must('drawer.open', { drawer: bar, responsible: door.staff, bankCents: 10_000 });
  await door.must('door.enter', entry(one, { count: 103, paidCents: 206_000, method: 'cash', drawer: bar }));
  await door.must('door.enter', entry(one, { count: 200, paidCents: 400_000 }));
  await door.must('door.enter', entry(one, { kind: 'reentry', count: 9, ...FREE }));
  await door.must('door.enter', entry(one, { category: 'staff', count: 12, ...FREE }));
  await door.must('door.enter', entry(one, { category: 'vendor', count: 2, ...FREE }));
  const { tonight } = await doorOf(door);
  expect(tonight).toMatchObject({ payingEntries: 303, payingReentries: 9, staff: 12, vendors: 2, coverCents: 606_000 });
  expect(one.edge.reads.drawers.openCents(bar)).toBe(216_000);
  expect(one.edge.reads.ledger.balanceCents('door_income')).toBe(-606_000);
  expectWhole(one);
  expect(refusalOf(await door.give('door.enter', entry(one, { method: 'cash', drawer: one.drawers[1] ?? '' })))).toBe(
    'drawer_not_open',
  );
});

test('a comp at the door takes the PIN of one who may allow it, and the PIN goes nowhere', async () => {
  const one = await newClub();
  const door = await one.tablet('Dora');
  const { staff: max = '' } = one.edge.reads.club.staffNamed('Max Manager') ?? {};
  const comp = (approver: Entry['approver']) =>
    door.give('door.enter', entry(one, { category: 'comp', ...FREE, reason: 'birthday', approver }));
  expect(refusalOf(await comp(null))).toBe('approver_missing');
  expect(refusalOf(await comp({ staff: max, pin: '0000' }))).toBe('pin_wrong');
  expect(refusalOf(await comp({ staff: 'nobody', pin: '0000' }))).toBe('staff_unknown');
  expect(refusalOf(await comp({ staff: door.staff, pin: pinOf('Dora') }))).toBe('approver_not_allowed');
  expect(refusalOf(await comp({ staff: max, pin: pinOf('Max') }))).toBe('accepted');
  const asOwner = { category: 'comp', ...FREE, reason: 'regular' } as const;
  await one.owner.must('door.enter', entry(one, asOwner));
  const lines = linesOf(one.edge.sqlite).filter(({ line }) => line.includes('"comp"'));
  expect(lines.map(({ line }) => (JSON.parse(line) as { body: { approver: string } }).body.approver)).toEqual([
    max,
    one.owner.staff,
  ]);
  expect(lines.map(({ line }) => line).join('')).not.toContain(`"${pinOf('Max')}"`);
  for (let turn = 0; turn < 5; turn += 1) await comp({ staff: max, pin: '0000' });
  expect(refusalOf(await comp({ staff: max, pin: pinOf('Max') }))).toBe('pin_locked');
});

test('who was turned away is in the list of the night with who did it and where, and what was seen is not in clear', async () => {
  const one = await newClub();
  const door = await one.tablet('Dora');
  const day = one.edge.reads.day.open()?.day ?? '';
  const refusal = await door.must('door.refuse', {
    area: houseOf(one),
    count: 2,
    because: 'intoxicated',
    blocklistEntry: null,
    text: 'could not stand on his feet',
  });
  const path = `/api/v1/nights/${day}/door`;
  type Night = { readonly counts: { readonly refused: number }; readonly events: readonly object[] };
  const { body } = await one.owner.ask<Night>('GET', path);
  expect(body).toMatchObject({ counts: { refused: 2 }, events: [{ type: 'door.refused', by: door.staff }] });
  const lines = linesOf(one.edge.sqlite).map(({ line }) => line);
  expect(JSON.stringify([body, lines])).not.toContain('could not stand');
  const { body: opened } = await one.owner.ask('POST', `/api/v1/records/${refusal}/open`);
  expect(opened).toEqual({ record: refusal, texts: { text: 'could not stand on his feet' } });
  expect(await door.ask('GET', path)).toMatchObject({ status: 403 });
  expect(await one.owner.ask('GET', '/api/v1/nights/x/door')).toMatchObject({ status: 404 });
});
