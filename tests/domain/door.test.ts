import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  correctOccupancy,
  enterDoor,
  leaveDoor,
  moveBetweenAreas,
  refuseAtDoor,
  type Enter,
  type EnterFacts,
} from '#shared/domain/door.ts';
import type { ClubEvent } from '#shared/domain/event.ts';
import { occupancyOf, type AreaFact } from '#shared/domain/occupancy.ts';
import { refuse } from '#shared/kit/decision.ts';
import { asking, CLOSING, eventOf, eventsOf } from '../support/rules.ts';

const house = (over: Partial<AreaFact> = {}): AreaFact => ({ area: 'house', limit: 100, sum: 0, ...over });
const facts = (over: Partial<EnterFacts> = {}): EnterFacts => ({
  area: house(),
  drawerOpen: true,
  approver: null,
  ...over,
});
const two = (over: Partial<Enter> = {}): Enter => ({
  area: 'house',
  kind: 'entry',
  category: 'paying',
  count: 2,
  paidCents: 4_000,
  method: 'cash',
  drawer: 'door',
  reason: null,
  countedAt: null,
  ...over,
});
const FREE = { paidCents: 0, method: null, drawer: null } as const;
const leave = (count: number) => ({ area: 'house', count, countedAt: null });

test('a cover in cash goes into the drawer, and is income of the door', () => {
  expect(eventOf(enterDoor(facts(), two(), asking()))).toMatchObject({
    type: 'door.entered',
    body: {
      count: 2,
      approver: null,
      postings: [
        { account: 'cash_drawer:door', cents: 4_000 },
        { account: 'door_income', cents: -4_000 },
      ],
    },
  });
});

test('a cover by card needs no drawer', () => {
  const [event] = eventsOf(enterDoor(facts({ drawerOpen: false }), two({ method: 'card', drawer: null }), asking()));
  expect(event?.body).toMatchObject({ postings: [{ account: 'card_clearing' }, { account: 'door_income' }] });
});

test.each([
  ['paying, for nothing', { ...FREE }, 'cover_missing'],
  ['staff, with a cover', { category: 'staff' }, 'cover_not_due'],
  ['a vendor, with a cover', { category: 'vendor' }, 'cover_not_due'],
  ['a comp, with a cover', { category: 'comp', reason: 'birthday' }, 'cover_not_due'],
  ['paid, nobody says how', { method: null, drawer: null }, 'pay_method_wrong'],
  ['in cash, into no drawer', { drawer: null }, 'pay_method_wrong'],
  ['by card, into a drawer', { method: 'card' }, 'pay_method_wrong'],
  ['a reason where there is no comp', { reason: 'birthday' }, 'body_invalid'],
] as const)('who comes in %s is not counted', (_what, over, refusal) => {
  expect(enterDoor(facts(), two(over), asking())).toEqual(refuse(refusal));
});

test.each(['staff', 'vendor', 'vip'] as const)('%s come in for nothing and nothing is booked', (category) => {
  expect(eventOf(enterDoor(facts(), two({ category, ...FREE }), asking())).body).toMatchObject({ postings: [] });
});

test('a re-entry may cost nothing', () => {
  expect(eventOf(enterDoor(facts(), two({ kind: 'reentry', ...FREE }), asking())).body).toMatchObject({
    kind: 'reentry',
  });
});

test('a comp has a reason and an approver who may approve', () => {
  const comp = two({ category: 'comp', ...FREE, reason: 'birthday' });
  const by = (staff: string, role: 'manager' | 'door') => facts({ approver: { staff, roles: [role] } });
  expect(enterDoor(by('max', 'manager'), { ...comp, reason: null }, asking())).toEqual(refuse('reason_missing'));
  expect(enterDoor(facts(), comp, asking())).toEqual(refuse('approver_missing'));
  expect(enterDoor(by('dora', 'door'), comp, asking())).toEqual(refuse('approver_not_allowed'));
  expect(eventOf(enterDoor(by('max', 'manager'), comp, asking())).body).toMatchObject({
    approver: 'max',
    reason: 'birthday',
    postings: [],
  });
});

test('who approves a comp stands in no paid entry', () => {
  const boss = facts({ approver: { staff: 'max', roles: ['manager'] } });
  expect(eventOf(enterDoor(boss, two(), asking())).body).toMatchObject({ approver: null });
});

test('cash needs an open drawer, and counting a night that is open or closing', () => {
  expect(enterDoor(facts({ drawerOpen: false }), two(), asking())).toEqual(refuse('drawer_not_open'));
  expect(enterDoor(facts(), two(), asking({ day: null }))).toEqual(refuse('day_not_open'));
  expect(enterDoor(facts(), two(), asking({ day: CLOSING })).ok).toBe(true);
  expect(leaveDoor(house(), leave(1), asking({ day: null }))).toEqual(refuse('day_not_open'));
});

test('limit reached: the door is warned at nine tenths and when it is full, once each, and goes on counting', () => {
  const warned = (sum: number, count: number) =>
    eventsOf(enterDoor(facts({ area: house({ sum }) }), two({ count }), asking()))
      .slice(1)
      .map(({ type, body }) => ('level' in body ? body.level : type));
  expect(warned(88, 1)).toEqual([]);
  expect(warned(88, 2)).toEqual(['near']);
  expect(warned(90, 2)).toEqual([]);
  expect(warned(98, 2)).toEqual(['full']);
  expect(warned(88, 20)).toEqual(['full']);
  expect(warned(100, 2)).toEqual([]);
});

test('occupancy never below zero: more who leave than came ask for a correction, and nobody is shown less than nobody', () => {
  const [left, warning] = eventsOf(leaveDoor(house({ sum: 1 }), leave(3), asking()));
  expect(left?.type).toBe('door.left');
  expect(warning?.body).toEqual({ area: 'house', level: 'below_zero', inside: 0, limit: 100 });
  expect(occupancyOf({ limit: 100, sum: -2 })).toEqual({ inside: 0, limit: 100, level: 'below_zero' });
  expect(eventsOf(leaveDoor(house({ sum: -2 }), leave(1), asking()))).toHaveLength(1);
});

test('a correction says what was counted, what it adds, and why', () => {
  const command = { area: 'house', counted: 40, reason: 'fire alarm, all out and in again' };
  expect(eventOf(correctOccupancy(house({ sum: 46 }), command, asking())).body).toMatchObject({ counted: 40, by: -6 });
  expect(eventsOf(correctOccupancy(house({ sum: -3 }), { ...command, counted: 95 }, asking()))).toMatchObject([
    { body: { by: 98 } },
    { body: { level: 'near', inside: 95 } },
  ]);
  expect(correctOccupancy(house({ sum: 40 }), command, asking())).toEqual(refuse('nothing_changed'));
  expect(correctOccupancy(undefined, command, asking())).toEqual(refuse('area_unknown'));
});

test('who goes from one area to another leaves the house as full as it was', () => {
  const patio = house({ area: 'patio', limit: 10, sum: 8 });
  const command = { from: 'house', to: 'patio', count: 2, countedAt: null };
  expect(eventsOf(moveBetweenAreas({ from: house({ sum: 5 }), to: patio }, command, asking()))).toMatchObject([
    { type: 'door.moved', body: { count: 2 } },
    { body: { area: 'patio', level: 'full', inside: 10 } },
  ]);
  expect(moveBetweenAreas({ from: patio, to: patio }, command, asking())).toEqual(refuse('nothing_changed'));
  expect(moveBetweenAreas({ from: patio, to: undefined }, command, asking())).toEqual(refuse('area_unknown'));
});

test('who is turned away is counted nowhere, and names a ban only where there is one', () => {
  const command = { area: 'house', count: 1, because: 'blocklisted', blocklistEntry: 'ban' } as const;
  expect(eventOf(refuseAtDoor({ areaKnown: true, banKnown: true }, command, asking())).type).toBe('door.refused');
  expect(refuseAtDoor({ areaKnown: true, banKnown: false }, command, asking())).toEqual(refuse('ban_unknown'));
  expect(refuseAtDoor({ areaKnown: false, banKnown: true }, command, asking())).toEqual(refuse('area_unknown'));
});

type Tap = { readonly device: number; readonly kind: 'in' | 'out'; readonly count: number };

/** What an area holds after taps in this order, as the events add it up, and what was said on the way. */
function arrive(taps: readonly Tap[]): { readonly sum: number; readonly events: readonly ClubEvent[] } {
  let sum = 0;
  const events: ClubEvent[] = [];
  for (const { kind, count } of taps) {
    const area = house({ limit: 20, sum });
    const decision =
      kind === 'in'
        ? enterDoor(facts({ area }), two({ category: 'vip', ...FREE, count }), asking())
        : leaveDoor(area, leave(count), asking());
    for (const one of eventsOf(decision)) {
      events.push(one);
      if (one.type === 'door.entered') sum += one.body.count;
      if (one.type === 'door.left') sum -= one.body.count;
    }
  }
  return { sum, events };
}

const someTaps = fc.array(
  fc.record({
    device: fc.integer({ min: 0, max: 3 }),
    kind: fc.constantFrom('in' as const, 'out' as const),
    count: fc.integer({ min: 1, max: 5 }),
  }),
  { maxLength: 40 },
);

test('several devices count, in whatever order their counts arrive the house is as full, and is never below zero unflagged', () => {
  fc.assert(
    fc.property(
      someTaps.chain((taps) => fc.tuple(fc.constant(taps), fc.shuffledSubarray(taps, { minLength: taps.length }))),
      ([taps, shuffled]) => {
        const [one, other] = [arrive(taps), arrive(shuffled)];
        expect(occupancyOf({ limit: 20, sum: other.sum })).toEqual(occupancyOf({ limit: 20, sum: one.sum }));
        for (const { sum, events } of [one, other]) {
          const { inside, level } = occupancyOf({ limit: 20, sum });
          expect(inside).toBeGreaterThanOrEqual(0);
          expect(level === 'below_zero').toBe(sum < 0);
          const isFlagged = events.some(({ body }) => 'level' in body && body.level === 'below_zero');
          expect(sum >= 0 || isFlagged).toBe(true);
        }
      },
    ),
  );
});

test('after a correction the house is what was counted, whatever had arrived before', () => {
  fc.assert(
    fc.property(someTaps, fc.integer({ min: 0, max: 60 }), (taps, counted) => {
      const { sum } = arrive(taps);
      const decision = correctOccupancy(house({ sum }), { area: 'house', counted, reason: 'counted' }, asking());
      const by = decision.ok
        ? decision.events.reduce((all, { type, body }) => (type === 'occupancy.corrected' ? all + body.by : all), 0)
        : 0;
      expect(sum + by).toBe(counted);
    }),
  );
});
