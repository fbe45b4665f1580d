import { expect, test } from 'vitest';
import { closeDrawer, countDrawer, dropCash, openDrawer, type DrawerFact } from '#shared/domain/drawer.ts';
import { refuse } from '#shared/kit/decision.ts';
import { asking, CLOSING, eventOf } from '../support/rules.ts';

const FREE = { known: true, open: false, responsibleKnown: true };
const OPENING = { drawer: 'bar', responsible: 'ben', bankCents: 20_000 };
const drawer = (over: Partial<DrawerFact> = {}): DrawerFact => ({
  drawerSession: 'ds',
  drawer: 'bar',
  state: 'OPENED',
  expectedCents: 45_000,
  ...over,
});
const COUNTED = drawer({ state: 'COUNTED' });
const CLOSED = drawer({ state: 'CLOSED' });

test('the opening bank comes out of the safe', () => {
  expect(eventOf(openDrawer(FREE, OPENING, asking())).body).toEqual({
    drawerSession: 'born',
    ...OPENING,
    postings: [
      { account: 'cash_drawer:bar', cents: 20_000 },
      { account: 'safe', cents: -20_000 },
    ],
  });
});

test('a drawer opens while the night closes, so that what is owed can be paid', () => {
  expect(openDrawer(FREE, OPENING, asking({ day: CLOSING })).ok).toBe(true);
});

test.each([
  [{ ...FREE, known: false }, 'drawer_unknown'],
  [{ ...FREE, open: true }, 'drawer_open_already'],
  [{ ...FREE, responsibleKnown: false }, 'staff_unknown'],
] as const)('a drawer with %j does not open: %s', (facts, refusal) => {
  expect(openDrawer(facts, OPENING, asking())).toEqual(refuse(refusal));
});

test('a drawer does not open without a night', () => {
  expect(openDrawer(FREE, OPENING, asking({ day: null }))).toEqual(refuse('day_not_open'));
});

test('cash drops to the safe, to the last cent and not one more', () => {
  expect(eventOf(dropCash(drawer(), { cents: 45_000 })).body.postings).toEqual([
    { account: 'safe', cents: 45_000 },
    { account: 'cash_drawer:bar', cents: -45_000 },
  ]);
  expect(dropCash(drawer(), { cents: 45_001 })).toEqual(refuse('not_enough_cash'));
});

test.each([
  ['short', 44_800, -200],
  ['over', 45_150, 150],
])('a count that is %s is booked to over and short', (_what, countedCents, overShortCents) => {
  const { body } = eventOf(countDrawer(drawer(), { countedCents }));
  expect(body).toMatchObject({ countedCents, expectedCents: 45_000, overShortCents });
  expect(body.postings).toEqual([
    { account: 'cash_drawer:bar', cents: overShortCents },
    { account: 'over_short', cents: -overShortCents },
  ]);
});

test('a count that is right books nothing', () => {
  expect(eventOf(countDrawer(drawer(), { countedCents: 45_000 })).body).toMatchObject({
    overShortCents: 0,
    postings: [],
  });
});

test('the first count stands, and after it nothing is dropped', () => {
  expect(countDrawer(COUNTED, { countedCents: 1 })).toEqual(refuse('drawer_counted'));
  expect(dropCash(COUNTED, { cents: 1 })).toEqual(refuse('drawer_counted'));
});

test('a drawer closes when it is counted, and what is in it goes to the safe', () => {
  expect(closeDrawer(drawer())).toEqual(refuse('drawer_not_counted'));
  expect(eventOf(closeDrawer(COUNTED)).body.postings).toEqual([
    { account: 'safe', cents: 45_000 },
    { account: 'cash_drawer:bar', cents: -45_000 },
  ]);
});

test.each([undefined, CLOSED])('nothing happens to a drawer that is not open (%j)', (facts) => {
  expect(dropCash(facts, { cents: 1 })).toEqual(refuse('drawer_not_open'));
  expect(countDrawer(facts, { countedCents: 1 })).toEqual(refuse('drawer_not_open'));
  expect(closeDrawer(facts)).toEqual(refuse('drawer_not_open'));
});
