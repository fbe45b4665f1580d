import { afterEach, expect, test } from 'vitest';
import type { XReport, ZReport } from '#shared/contract/cash-api.ts';
import type { CashOverLimit } from '#shared/domain/cash-watch.ts';
import { arrive, closeBar, openBar, refusalOf, sellRoom, signing } from '../support/cash.ts';
import { openClub, type Club } from '../support/night.ts';
import type { Tablet } from '../support/tablet.ts';
import { expectWhole } from '../support/whole.ts';

let club: Club | null = null;
afterEach(async () => {
  await club?.close();
  club = null;
});
const newClub = async (): Promise<Club> => (club = await openClub());
const xOf = (tablet: Tablet, drawer: string) =>
  tablet.ask<XReport & { readonly code?: string }>('GET', `/api/v1/drawers/${drawer}/x-report`);
const zOf = async (one: Club) => {
  const day = one.edge.reads.day.nights().at(-1)?.day ?? '';
  return (await one.owner.ask<readonly ZReport[]>('GET', `/api/v1/nights/${day}/z-reports`)).body;
};

test('a drawer’s whole life comes out to the cent, and its Z report is kept with the chain’s hash', async () => {
  const one = await newClub();
  const [jade = ''] = one.dancers;
  const bartender = await one.tablet('Ben');
  const bar = await openBar(one, bartender);
  await arrive(one, jade);
  await sellRoom(one, [jade], { room: one.rooms[0] ?? '', drawer: bar });
  await bartender.must('drawer.pay_in', { drawer: bar, cents: 1_000, reason: 'coins' });
  await bartender.must('drawer.pay_out', { drawer: bar, cents: 2_500, reason: 'ice', approver: null });
  await bartender.must('drawer.drop', { drawer: bar, cents: 10_000 });
  await one.owner.must('drawer.no_sale', { drawer: bar, reason: 'change' });
  const expectedCents = 20_000 + 28_000 + 1_000 - 2_500 - 10_000;
  expect((await xOf(one.owner, bar)).body).toMatchObject({ state: 'OPENED', expectedCents, overShortCents: null });
  await bartender.must('drawer.count', { drawer: bar, countedCents: expectedCents - 300 });
  await one.owner.must('drawer.recount', { drawer: bar, countedCents: expectedCents - 100 });
  await bartender.must('drawer.explain', { drawer: bar, reason: 'a bill stuck' });
  await one.owner.must('drawer.close', { drawer: bar });
  const [z] = await zOf(one);
  expect(z).toMatchObject({ scope: 'drawer', of: bar, z: 1 });
  expect(z?.hash).toBe(one.edge.log.hashAt(z?.pos ?? 0)?.toString('hex'));
  expect(z?.report).toEqual({
    responsible: bartender.staff,
    bankCents: 20_000,
    paidInCents: 1_000,
    droppedCents: 10_000,
    paidOutCents: 2_500,
    noSales: 1,
    takings: [{ type: 'room_session.settled', cents: 28_000 }],
    expectedCents,
    counts: [
      { by: bartender.staff, countedCents: expectedCents - 300 },
      { by: one.owner.staff, countedCents: expectedCents - 100 },
    ],
    overShortCents: -100,
    explanation: 'a bill stuck',
  });
  expect(one.edge.reads.ledger.balanceCents(`cash_drawer:${bar}`)).toBe(0);
  expect(one.edge.reads.ledger.balanceCents('over_short')).toBe(100);
  expect(one.edge.reads.drawers.session(bar)).toMatchObject({
    countedCents: expectedCents - 300,
    overShortCents: -100,
  });
  expectWhole(one);
});

test('an X report says nothing before the count to who answers for the drawer, nor to who is no boss', async () => {
  const one = await newClub();
  const [bartender, door, manager] = [await one.tablet('Ben'), await one.tablet('Dora'), await one.tablet('Max')];
  const bar = await openBar(one, manager);
  for (const tablet of [bartender, door, manager])
    expect(await xOf(tablet, bar)).toMatchObject({ status: 409, body: { code: 'drawer_not_counted' } });
  expect((await xOf(one.owner, bar)).body.expectedCents).toBe(20_000);
  expect((await xOf(await one.tablet('DJ'), bar)).status).toBe(403);
  await manager.must('drawer.count', { drawer: bar, countedCents: 20_000 });
  expect((await xOf(bartender, bar)).body).toMatchObject({ expectedCents: 20_000, overShortCents: 0 });
});

test('two tablets count the same drawer at once: one count stands, the other is told so', async () => {
  const one = await newClub();
  const [here, there] = [await one.tablet('Ben'), await one.tablet('Dora')];
  const bar = await openBar(one, here);
  const given = await Promise.all([
    here.give('drawer.count', { drawer: bar, countedCents: 20_000 }),
    there.give('drawer.count', { drawer: bar, countedCents: 19_000 }),
  ]);
  expect(given.map(refusalOf)).toEqual(['accepted', 'drawer_counted']);
  expect(one.edge.reads.drawers.session(bar)?.countedCents).toBe(20_000);
  expect(refusalOf(await here.give('drawer.recount', { drawer: bar, countedCents: 19_000 }))).toBe('same_person');
  await there.must('drawer.recount', { drawer: bar, countedCents: 19_000 });
  expect(one.edge.reads.drawers.session(bar)?.countedCents).toBe(20_000);
  expectWhole(one);
});

test('a count after the close has begun is as good as one before', async () => {
  const one = await newClub();
  const bar = await openBar(one, one.owner);
  await one.owner.must('day.begin_closing', {});
  await one.owner.must('drawer.count', { drawer: bar, countedCents: 20_000 });
  await one.owner.must('drawer.close', { drawer: bar });
  expect(refusalOf(await one.owner.give('day.close', {}))).toBe('accepted');
});

test('a paid-out above the limit takes the PIN of a boss, and a wrong one is refused', async () => {
  const one = await newClub();
  const bartender = await one.tablet('Ben');
  const bar = await openBar(one, bartender);
  await one.owner.must('cash_limits.set', { paidOutCents: 1_000, overShortCents: 50, drawerCents: 15_000 });
  const pay = async (approver: { readonly staff: string; readonly pin: string } | null) =>
    refusalOf(await bartender.give('drawer.pay_out', { drawer: bar, cents: 1_001, reason: 'taxi', approver }));
  expect(await pay(null)).toBe('approver_missing');
  expect(await pay(signing(one, 'Dora'))).toBe('approver_not_allowed');
  expect(await pay({ ...signing(one, 'Max'), pin: '0000' })).toBe('pin_wrong');
  expect(await pay(signing(one, 'Max'))).toBe('accepted');
  expect((await xOf(one.owner, bar)).body).toMatchObject({ paidOutCents: 1_001, isDropDue: true });
  const wholeLog = JSON.stringify(one.edge.log.linesFrom(1, 10_000));
  expect(wholeLog).not.toContain(signing(one, 'Max').pin.concat('"'));
  await bartender.must('drawer.count', { drawer: bar, countedCents: 18_999 - 51 });
  expect(refusalOf(await one.owner.give('drawer.close', { drawer: bar }))).toBe('over_short_unexplained');
  await bartender.must('drawer.explain', { drawer: bar, reason: 'miscounted' });
  await one.owner.must('drawer.close', { drawer: bar });
  expectWhole(one);
});

test('a hand-over is signed by both, and each answers for a session of their own', async () => {
  const one = await newClub();
  const [ben, dora] = [await one.tablet('Ben'), await one.tablet('Dora')];
  const bar = await openBar(one, ben);
  const [jade = ''] = one.dancers;
  const hand = async (tablet: Tablet, receiver: { readonly staff: string; readonly pin: string }) =>
    refusalOf(await tablet.give('drawer.hand_over', { drawer: bar, countedCents: 19_900, receiver }));
  expect(await hand(dora, signing(one, 'Dora'))).toBe('not_responsible');
  expect(await hand(ben, signing(one, 'Ben'))).toBe('same_person');
  expect(await hand(ben, { ...signing(one, 'Dora'), pin: '9999' })).toBe('pin_wrong');
  expect(await hand(ben, signing(one, 'Dora'))).toBe('accepted');
  expect(one.edge.reads.drawers.session(bar)).toMatchObject({
    responsible: dora.staff,
    state: 'OPENED',
    bankCents: 19_900,
    countedCents: null,
  });
  await arrive(one, jade);
  await sellRoom(one, [jade], { room: one.rooms[0] ?? '', drawer: bar });
  await closeBar(one, bar);
  expect((await zOf(one)).map(({ z, report }) => [z, report])).toMatchObject([
    [1, { responsible: ben.staff, expectedCents: 20_000, overShortCents: -100, takings: [] }],
    [2, { responsible: dora.staff, bankCents: 19_900, expectedCents: 47_900, overShortCents: 0 }],
  ]);
  expectWhole(one);
});

test('rounding remainders of a split stay in the ledger: the drawer’s takings are what the guest paid', async () => {
  const one = await newClub();
  const three = one.dancers.slice(0, 3);
  const bar = await openBar(one, one.owner);
  for (const dancer of three) await arrive(one, dancer);
  await sellRoom(one, three, { room: one.rooms[0] ?? '', drawer: bar, tipCents: 100 });
  const cents = three.map((dancer) => -one.edge.reads.ledger.balanceCents(`dancer:${dancer}`));
  const house = -one.edge.reads.ledger.balanceCents('room_income');
  expect(cents.reduce((sum, share) => sum + share, house)).toBe(28_100);
  expect(new Set(cents).size).toBeGreaterThan(1);
  await closeBar(one, bar);
  expect((await zOf(one))[0]?.report).toMatchObject({ takings: [{ type: 'room_session.settled', cents: 28_100 }] });
  expectWhole(one);
});

test('cash over the limit from one payer is in the watch, card is not, and nothing else of the payer', async () => {
  const one = await newClub();
  const [jade = '', ruby = ''] = one.dancers;
  const bar = await openBar(one, one.owner);
  for (const dancer of [jade, ruby]) await arrive(one, dancer);
  const tipCents = 1_000_000 - 28_000;
  await sellRoom(one, [jade], { room: one.rooms[0] ?? '', drawer: bar, tipCents });
  await sellRoom(one, [jade], { room: one.rooms[1] ?? '', drawer: null, tipCents: tipCents + 1 });
  const session = await sellRoom(one, [ruby], { room: one.rooms[2] ?? '', drawer: bar, tipCents: tipCents + 1 });
  const { body } = await one.owner.ask<readonly CashOverLimit[]>('GET', '/api/v1/cash-watch');
  const overAt = one.clock.wall();
  expect(body).toEqual([
    { payer: `room_session:${session}`, cents: 1_000_001, payments: 1, overAt, reportBy: overAt + 15 * 86_400_000 },
  ]);
});
