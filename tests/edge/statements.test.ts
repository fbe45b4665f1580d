import { afterEach, expect, test } from 'vitest';
import type { CloseChecks } from '#shared/contract/cash-api.ts';
import type { NightStatement, YearStatement } from '#shared/contract/tally-api.ts';
import type { EntryFeeWorksheet } from '#shared/domain/entry-fee.ts';
import type { CommandInput } from '../../edge-node/features/command.ts';
import { arrive, closeBar, openBar, owed, refusalOf, sellRoom, signing } from '../support/cash.ts';
import { openClub, pass, rowOf, type Club } from '../support/night.ts';
import { linesOf } from '../support/verify-log.ts';
import { expectWhole } from '../support/whole.ts';

let club: Club | null = null;
afterEach(async () => {
  await club?.close();
  club = null;
});
const HOUR = 3_600_000;
const nightOf = (one: Club): string => one.edge.reads.day.nights().at(-1)?.day ?? '';

/** A club that stands under a place's pack from tonight on, and whose night is open. */
async function clubIn(pack: string, houseFeeCents: number): Promise<Club> {
  const one = (club = await openClub({ openDay: false }));
  await one.owner.must('price_list.set', { houseFeeCents, roomRates: RATES });
  await one.owner.must('club_policy.set', {
    pack,
    effectiveFrom: '2026-11-21',
    servesAlcohol: true,
    minimumAgeYears: null,
  });
  await one.owner.must('day.open', { date: null });
  return one;
}
const RATES: CommandInput<'price_list.set'>['roomRates'] = [
  { rate: 'vip30', name: '30 minutes', minutes: 30, grossCents: 28_000, houseCents: 9_000 },
];

/** A trained dancer at work in Washington, her fee paid at the door. */
async function trainedDancer(one: Club, drawer: string): Promise<string> {
  const [dancer = ''] = one.dancers;
  await one.owner.must('credential.add', { dancer, kind: 'training', issuer: 'Club', expiresOn: null, verified: true });
  const fee = await one.owner.must('attendance.check_in', { dancer });
  await one.owner.must('house_fee.pay', { fee, drawer });
  return dancer;
}
const statementOf = async ({ owner }: Club, dancer: string, day: string) =>
  (await owner.ask<NightStatement>('GET', `/api/v1/dancers/${dancer}/statements/${day}`)).body;

test('Washington: $250 paid, 15 public dances at $20 and 4 private at $100: the statement says $210.00, and $40.00 are refunded', async () => {
  const one = await clubIn('us-wa', 25_000);
  const bar = await openBar(one, one.owner);
  const dancer = await trainedDancer(one, bar);
  await one.owner.must('dance_tally.record', { dancer, area: 'public', dances: 15, priceCents: 2_000 });
  await one.owner.must('dance_tally.record', { dancer, area: 'private', dances: 4, priceCents: 10_000 });
  expect(refusalOf(await one.owner.give('house_fee.charge', { dancer, kind: 'late', cents: 1_500 }))).toBe(
    'fee_forbidden',
  );
  pass(one.clock, 6 * HOUR);
  await one.owner.must('attendance.check_out', { dancer });
  expect(owed(one, dancer)).toBe(4_000);
  const statement = await statementOf(one, dancer, nightOf(one));
  expect(statement.cap).toMatchObject({
    rule: 'us-wa.fee_cap',
    periods: [{ publicCents: 30_000, publicCapCents: 9_000, privateCents: 40_000, privateCapCents: 12_000 }],
    contractCents: 25_000,
    capCents: 21_000,
    allowedCents: 21_000,
    excessCents: 4_000,
  });
  expect(statement.cap?.source).toContain('RCW 49.46.360');
  expect(statement.lines.map(({ type, cents, rule }) => [type, cents, rule])).toEqual([
    ['house_fee.assessed', 25_000, 'price_list.house_fee'],
    ['house_fee.paid', -25_000, null],
    ['house_fee.capped', -4_000, null],
  ]);
  await one.owner.must('attendance.settle', { dancer, drawer: bar });
  expect(owed(one, dancer)).toBe(0);
  expectWhole(one);
});

/** She came without paying her $250, and danced what makes it $210. */
async function unpaidDancer(one: Club): Promise<string> {
  const [dancer = ''] = one.dancers;
  await one.owner.must('credential.add', { dancer, kind: 'training', issuer: 'Club', expiresOn: null, verified: true });
  await one.owner.must('attendance.check_in', { dancer });
  await one.owner.must('dance_tally.record', { dancer, area: 'public', dances: 15, priceCents: 2_000 });
  await one.owner.must('dance_tally.record', { dancer, area: 'private', dances: 4, priceCents: 10_000 });
  return dancer;
}

test('Washington: who has not paid leaves owing the capped fee, and the night does not close before she is settled', async () => {
  const one = await clubIn('us-wa', 25_000);
  const bar = await openBar(one, one.owner);
  const dancer = await unpaidDancer(one);
  expect((await rowOf(one.owner, 'attendance', dancer))?.fee).toMatchObject({ cents: 25_000, mayWait: true });
  await one.owner.must('attendance.check_out', { dancer });
  expect(owed(one, dancer)).toBe(-21_000);
  expect((await rowOf(one.owner, 'attendance', dancer))?.fee).toMatchObject({ state: 'ASSESSED', cents: 21_000 });
  await one.owner.must('day.begin_closing', {});
  expect(refusalOf(await one.owner.give('day.close', {}))).toBe('fee_unsettled');
  const checks = async () => (await one.owner.ask<CloseChecks>('GET', '/api/v1/business-day/checks')).body;
  expect((await checks()).fees).toHaveLength(1);
  await one.owner.must('attendance.settle', { dancer, drawer: bar });
  expect([owed(one, dancer), one.edge.reads.drawers.openCents(bar)]).toEqual([0, 41_000]);
  await closeBar(one, bar);
  await one.owner.must('day.close', {});
  expectWhole(one);
});

test('Washington: a capped fee that is paid, or let go, after she left is what is left of it', async () => {
  const one = await clubIn('us-wa', 25_000);
  const bar = await openBar(one, one.owner);
  const dancer = await unpaidDancer(one);
  const fee = one.edge.reads.attendance.owedBy(dancer)[0]?.fee ?? '';
  await one.owner.must('attendance.check_out', { dancer });
  await one.owner.must('house_fee.pay', { fee, drawer: bar });
  expect([owed(one, dancer), one.edge.reads.drawers.openCents(bar)]).toEqual([0, 41_000]);
  // She comes back and dances one more in private: $30 of the $40 are due after all.
  await one.owner.must('attendance.check_in', { dancer });
  await one.owner.must('dance_tally.record', { dancer, area: 'private', dances: 1, priceCents: 10_000 });
  await one.owner.must('attendance.check_out', { dancer });
  expect(owed(one, dancer)).toBe(-3_000);
  expectWhole(one);
});

test('Washington: at a forced close the cap is booked for who paid, and what nobody paid is let go', async () => {
  const one = await clubIn('us-wa', 25_000);
  const bar = await openBar(one, one.owner);
  const unpaid = await unpaidDancer(one);
  const paid = one.dancers[1] ?? '';
  await one.owner.must('credential.add', {
    dancer: paid,
    kind: 'training',
    issuer: 'Club',
    expiresOn: null,
    verified: true,
  });
  await one.owner.must('house_fee.pay', {
    fee: await one.owner.must('attendance.check_in', { dancer: paid }),
    drawer: bar,
  });
  await one.owner.must('dance_tally.record', { dancer: paid, area: 'public', dances: 15, priceCents: 2_000 });
  const day = nightOf(one);
  await one.owner.must('day.begin_closing', {});
  await one.owner.must('day.force_close', { reason: 'nobody closed' });
  expect([owed(one, unpaid), owed(one, paid)]).toEqual([0, 16_000]);
  expect(one.edge.reads.attendance.owedBy(unpaid)).toEqual([]);
  const closed = linesOf(one.edge.sqlite).findLast(({ line }) => line.includes('"day.closed"'))?.line ?? '{}';
  const { totals } = (JSON.parse(closed) as { readonly body: { readonly totals: unknown } }).body;
  expect(totals).toEqual(one.edge.reads.day.dayTotals(day));
  expect(totals).toMatchObject({ houseFeeCents: 34_000, waivedCents: 25_000, dancersOwedCents: 16_000 });
  expectWhole(one);
});

test('Washington: who comes back and dances on is worked out anew, and refunded once', async () => {
  const one = await clubIn('us-wa', 25_000);
  const bar = await openBar(one, one.owner);
  const dancer = await trainedDancer(one, bar);
  const wrong = await one.owner.must('dance_tally.record', { dancer, area: 'private', dances: 40, priceCents: 10_000 });
  await one.owner.must('dance_tally.record', { dancer, area: 'public', dances: 10, priceCents: 2_000 });
  await one.owner.must('dance_tally.withdraw', { tally: wrong, reason: 'another dancer' });
  await one.owner.must('attendance.check_out', { dancer });
  expect(owed(one, dancer)).toBe(25_000 - 6_000);
  await one.owner.must('attendance.check_in', { dancer });
  await one.owner.must('attendance.check_out', { dancer });
  expect(owed(one, dancer)).toBe(25_000 - 6_000);
  await one.owner.must('attendance.check_in', { dancer });
  await one.owner.must('dance_tally.record', { dancer, area: 'public', dances: 5, priceCents: 2_000 });
  await one.owner.must('attendance.check_out', { dancer });
  expect(owed(one, dancer)).toBe(25_000 - 9_000);
  expect(linesOf(one.edge.sqlite).filter(({ line }) => line.includes('"house_fee.capped"'))).toHaveLength(2);
  expectWhole(one);
});

test('where no law caps the fee, nothing is taken off it', async () => {
  const one = await clubIn('generic', 25_000);
  const dancer = await trainedDancer(one, await openBar(one, one.owner));
  await one.owner.must('attendance.check_out', { dancer });
  expect(owed(one, dancer)).toBe(0);
  expect((await statementOf(one, dancer, nightOf(one))).cap).toBeNull();
});

test('her statement on paper, for those who may see the roster', async () => {
  const one = await clubIn('us-wa', 25_000);
  const dancer = await trainedDancer(one, await openBar(one, one.owner));
  await one.owner.must('attendance.check_out', { dancer });
  const path = `/api/v1/dancers/${dancer}/statements/${nightOf(one)}`;
  const get = (token: string) =>
    fetch(`${one.url}${path}/statement.pdf`, { headers: { authorization: `Bearer ${token}` } });
  const pdf = await get(one.owner.token);
  expect([pdf.status, pdf.headers.get('content-type')]).toEqual([200, 'application/pdf']);
  expect(
    Buffer.from(await pdf.arrayBuffer())
      .subarray(0, 5)
      .toString(),
  ).toBe('%PDF-');
  const dj = await one.tablet('DJ');
  expect((await dj.ask('GET', path)).status).toBe(403);
  expect((await one.owner.ask('GET', `/api/v1/dancers/nobody/statements/${nightOf(one)}`)).status).toBe(404);
});

test('a year counts what went through the club’s hands, against that year’s threshold', async () => {
  const one = await clubIn('generic', 6_000);
  const bar = await openBar(one, one.owner);
  const dancer = await trainedDancer(one, bar);
  const yearOf = async () => (await one.owner.ask<YearStatement>('GET', `/api/v1/dancers/${dancer}/years/2026`)).body;
  await sellRoom(one, [dancer], { room: one.rooms[0] ?? '', drawer: bar });
  expect(await yearOf()).toMatchObject({ throughClubCents: 19_000, feeCents: 6_000, mustFile: false });
  for (let at = 0; at < 10; at += 1) await sellRoom(one, [dancer], { room: one.rooms[1 + at] ?? '', drawer: bar });
  expect(await yearOf()).toMatchObject({
    throughClubCents: 11 * 19_000,
    threshold: { cents: 200_000 },
    mustFile: true,
  });
});

test('for the accountant: a year of every dancer, and a night of one, as tables', async () => {
  const one = await clubIn('generic', 6_000);
  const bar = await openBar(one, one.owner);
  const dancer = await trainedDancer(one, bar);
  for (let at = 0; at < 11; at += 1) await sellRoom(one, [dancer], { room: one.rooms[at] ?? '', drawer: bar });
  const text = async (path: string) => {
    const headers = { authorization: `Bearer ${one.owner.token}` };
    return (await (await fetch(`${one.url}/api/v1${path}`, { headers })).text()).trimEnd().split('\r\n');
  };
  expect(await text('/years/2026/dancers.csv')).toEqual([
    'year,stage_name,dancer,through_club_cents,fee_cents,voucher_discount_cents,threshold_cents,must_file',
    `2026,Amber,${dancer},209000,6000,0,200000,yes`,
  ]);
  expect((await text('/years/2027/dancers.csv')).length).toBe(1);
  const night = await text(`/dancers/${dancer}/statements/${nightOf(one)}/statement.csv`);
  expect(night.slice(0, 2).map((row) => row.split(',').slice(3))).toEqual([
    ['type', 'rule', 'cents', 'chain'],
    ['house_fee.assessed', 'price_list.house_fee', '6000', ''],
  ]);
  expect(night.at(-1)?.split(',').at(-1)).toMatch(/^[0-9a-f]{64}$/);
});

test('the share of a session that another dancer collected went through the club: it counts in her year, until it is voided', async () => {
  const one = await clubIn('generic', 6_000);
  const [jade = '', ruby = ''] = one.dancers;
  await arrive(one, jade);
  await arrive(one, ruby);
  const [room = ''] = one.rooms;
  const session = await one.owner.must('room_session.quote', { room, rate: 'vip30', dancers: [jade, ruby] });
  await one.owner.must('room_session.start', { session });
  await one.owner.must('room_session.end', { session, reason: 'time' });
  await one.owner.must('room_session.collect', { session, dancer: jade });
  const years = () =>
    Promise.all(
      [jade, ruby].map(
        async (dancer) =>
          (await one.owner.ask<YearStatement>('GET', `/api/v1/dancers/${dancer}/years/2026`)).body.throughClubCents,
      ),
    );
  expect(await years()).toEqual([0, 9_500]);
  await one.owner.must('room_session.void', { session, reason: 'x', drawer: null, second: signing(one, 'Max') });
  expect(await years()).toEqual([0, 0]);
  expectWhole(one);
});

test('Texas: 312 paying entries, 9 of them re-entries: $1,560.00 with and $1,515.00 without; staff and vendors in neither', async () => {
  const one = await clubIn('us-tx', 6_000);
  const area = one.edge.reads.door.areaNamed('House')?.area ?? '';
  const free = { paidCents: 0, method: null, drawer: null, reason: null, approver: null, countedAt: null } as const;
  const enter = (over: Partial<CommandInput<'door.enter'>>) =>
    one.owner.must('door.enter', { area, kind: 'entry', category: 'paying', count: 1, ...free, ...over });
  const paying = { paidCents: 2_000, method: 'card' } as const;
  await enter({ ...paying, count: 200 });
  await enter({ ...paying, count: 103 });
  await enter({ ...paying, kind: 'reentry', count: 9 });
  await enter({ category: 'staff', count: 14 });
  await enter({ category: 'vendor', count: 3 });
  const { body } = await one.owner.ask<EntryFeeWorksheet>('GET', '/api/v1/entry-fees/2026-Q4');
  expect(body).toMatchObject({
    entries: 312,
    reentries: 9,
    withReentriesCents: 156_000,
    withoutReentriesCents: 151_500,
    dueOn: '2027-01-20',
    byCategory: { staff: 14, vendor: 3 },
  });
  const csv = await fetch(`${one.url}/api/v1/entry-fees/2026-Q4/entries.csv`, {
    headers: { authorization: `Bearer ${one.owner.token}` },
  });
  expect((await csv.text()).split('\r\n')).toContain('2026-11-21,paying,reentry,9');
  expect((await one.owner.ask('GET', '/api/v1/entry-fees/2027-Q1')).body).toMatchObject({ entries: 0 });
  // Another pack held then.
  expect((await one.owner.ask('GET', '/api/v1/entry-fees/2026-Q3')).status).toBe(404);
  expect((await one.owner.ask('GET', '/api/v1/entry-fees/2026')).status).toBe(400);
});

test('a place without a fee on entries has no worksheet', async () => {
  const one = await clubIn('us-wa', 6_000);
  expect((await one.owner.ask('GET', '/api/v1/entry-fees/2026-Q4')).status).toBe(404);
});
