import { afterEach, expect, test } from 'vitest';
import type { CloseChecks, LedgerProof, NightReportAnswer, TipOutRow, ZReport } from '#shared/contract/cash-api.ts';
import { nextHash } from '#shared/log/chain.ts';
import { csvLine } from '../../edge-node/http/csv.ts';
import { arrive, closeBar, openBar, owed, refusalOf, sellRoom } from '../support/cash.ts';
import { openClub, pass, type Club } from '../support/night.ts';
import { expectWhole } from '../support/whole.ts';

let club: Club | null = null;
afterEach(async () => {
  await club?.close();
  club = null;
});
const newClub = async (): Promise<Club> => (club = await openClub());
const HOUR = 3_600_000;
const nightOf = (one: Club): string => one.edge.reads.day.nights().at(-1)?.day ?? '';
const checksOf = async ({ owner }: Club) => (await owner.ask<CloseChecks>('GET', '/api/v1/business-day/checks')).body;
const text = async ({ url, owner }: Club, path: string) => {
  const response = await fetch(`${url}/api/v1${path}`, { headers: { authorization: `Bearer ${owner.token}` } });
  return { type: response.headers.get('content-type'), body: await response.text() };
};
function expectOnItsDay(one: Club): void {
  expectWhole(one);
  expect(one.edge.sqlite.prepare('SELECT count(*) FROM posting WHERE day IS NULL').pluck().get()).toBe(0);
}
async function nextNight(one: Club): Promise<void> {
  pass(one.clock, 24 * HOUR);
  await one.owner.must('day.open', { date: null });
}
async function closeNight({ owner }: Club): Promise<void> {
  await owner.must('day.begin_closing', {});
  await owner.must('day.close', {});
}

test('sales at 00:30, 05:59 and 06:00 belong to the night that is open; from 06:00 on somebody is warned', async () => {
  const one = await newClub();
  const [jade = ''] = one.dancers;
  const day = nightOf(one);
  const bar = await openBar(one, one.owner);
  await arrive(one, jade);
  const past: boolean[] = [];
  for (const minutes of [210, 329, 1]) {
    pass(one.clock, minutes * 60_000);
    await sellRoom(one, [jade], { room: one.rooms[0] ?? '', drawer: bar });
    past.push((await checksOf(one)).isPastCutoff);
  }
  expect(past).toEqual([false, false, true]);
  expect(new Date(one.clock.wall()).toISOString()).toBe('2026-11-22T14:00:00.000Z');
  expect(one.edge.reads.day.totalsOf(day).get('room_income')).toBe(-3 * 9_000);
  expect((await checksOf(one)).date).toBe('2026-11-21');
});

test('a balance is carried over two nights and paid on the third, to one who left unsettled', async () => {
  const one = await newClub();
  const { owner } = one;
  const [jade = ''] = one.dancers;
  const room = one.rooms[0] ?? '';
  for (const _night of [1, 2]) {
    await arrive(one, jade);
    await sellRoom(one, [jade], { room, drawer: null });
    await owner.must('attendance.check_out', { dancer: jade });
    await closeNight(one);
    await nextNight(one);
  }
  expect(owed(one, jade)).toBe(38_000);
  expect(one.edge.reads.cash.unsettledOf(jade)).toHaveLength(2);
  const bar = await openBar(one, owner, 50_000);
  const pay = async (cents: number) =>
    refusalOf(await owner.give('dancer.pay_out', { dancer: jade, cents, drawer: bar }));
  expect(await pay(38_001)).toBe('balance_too_low');
  expect(await pay(8_000)).toBe('accepted');
  expect(one.edge.reads.cash.unsettledOf(jade)).toHaveLength(2);
  expect(await pay(30_000)).toBe('accepted');
  expect(owed(one, jade)).toBe(0);
  expect(one.edge.reads.cash.unsettledOf(jade)).toEqual([]);
  await closeBar(one, bar);
  expectOnItsDay(one);
});

test('who works tonight is settled tonight, and paid by no other way', async () => {
  const one = await newClub();
  const [jade = ''] = one.dancers;
  const bar = await openBar(one, one.owner);
  await arrive(one, jade);
  await sellRoom(one, [jade], { room: one.rooms[0] ?? '', drawer: null });
  const payout = { dancer: jade, cents: 1, drawer: bar };
  expect(refusalOf(await one.owner.give('dancer.pay_out', payout))).toBe('settle_tonight');
});

test('a tip-out goes from her to the DJ: proposed at the door, agreed by him, paid from what she is owed', async () => {
  const one = await newClub();
  const [jade = ''] = one.dancers;
  const [door, dj] = [await one.tablet('Dora'), await one.tablet('DJ')];
  const bar = await openBar(one, door);
  await arrive(one, jade);
  await sellRoom(one, [jade], { room: one.rooms[0] ?? '', drawer: bar });
  const tip = await door.must('tip_out.propose', { dancer: jade, to: dj.staff, cents: 2_000 });
  const waiting = async (tablet: typeof door) =>
    (await tablet.ask<readonly TipOutRow[]>('GET', '/api/v1/tip-outs')).body.map(({ state }) => state);
  expect([await waiting(dj), await waiting(door), await waiting(one.owner)]).toEqual([['PROPOSED'], [], ['PROPOSED']]);
  expect(refusalOf(await door.give('tip_out.pay', { tip, drawer: bar }))).toBe('tip_out_not_acknowledged');
  expect(refusalOf(await door.give('tip_out.acknowledge', { tip }))).toBe('not_yours');
  await dj.must('tip_out.acknowledge', { tip });
  await door.must('tip_out.pay', { tip, drawer: bar });
  expect(refusalOf(await dj.give('tip_out.decline', { tip }))).toBe('tip_out_done');
  expect(owed(one, jade)).toBe(17_000);
  expect(one.edge.reads.drawers.openCents(bar)).toBe(20_000 + 28_000 - 2_000);
  expect(await waiting(dj)).toEqual([]);
  expectOnItsDay(one);
});

test('a night nobody closed is closed by the owner: what runs is ended, money is left to be counted and paid', async () => {
  const one = await newClub();
  const { owner, stage, rooms } = one;
  const [jade = '', ruby = '', star = ''] = one.dancers;
  const bar = await openBar(one, owner);
  for (const dancer of [jade, ruby]) await arrive(one, dancer);
  await owner.must('attendance.check_in', { dancer: star });
  const entry = await owner.must('rotation.add', { stage, dancer: jade });
  await owner.must('stage_set.start', { entry });
  const session = await owner.must('room_session.quote', { room: rooms[0] ?? '', rate: 'vip30', dancers: [ruby] });
  await owner.must('room_session.start', { session });
  pass(one.clock, 15 * HOUR);
  const day = nightOf(one);
  expect(await checksOf(one)).toMatchObject({ isPastCutoff: true, canClose: false, drawers: [bar] });
  const force = async (tablet = owner) => refusalOf(await tablet.give('day.force_close', { reason: 'nobody did' }));
  expect(await force()).toBe('day_not_closing');
  await owner.must('day.begin_closing', {});
  expect(await force(await one.tablet('Max'))).toBe('not_allowed');
  expect(await force()).toBe('accepted');
  const settling = { session, method: 'card', drawer: null, tipCents: 0 } as const;
  expect(refusalOf(await owner.give('room_session.settle', settling))).toBe('day_not_open');
  expect(refusalOf(await owner.give('drawer.count', { drawer: bar, countedCents: 1 }))).toBe('day_not_open');
  const fee = one.edge.reads.attendance.owedBy(star)[0]?.fee ?? '';
  expect(refusalOf(await owner.give('house_fee.pay', { fee, drawer: bar }))).toBe('drawer_not_open');
  const { body: zs } = await owner.ask<readonly ZReport[]>('GET', `/api/v1/nights/${day}/z-reports`);
  expect(zs).toMatchObject([{ scope: 'night', of: day, z: 1, report: { totals: { stageSets: 1 } } }]);

  await owner.must('day.open', { date: null });
  await owner.must('day.begin_closing', {});
  expect(refusalOf(await owner.give('day.close', {}))).toBe('room_session_open');
  await owner.must('room_session.settle', settling);
  expect(refusalOf(await owner.give('day.close', {}))).toBe('drawer_open');
  await closeBar(one, bar);
  await owner.must('day.close', {});
  expect(owed(one, ruby)).toBe(19_000);
  expectOnItsDay(one);
});

test('a closed night is reopened by the owner, and what was booked in it stands beside what comes now', async () => {
  const one = await newClub();
  const { owner } = one;
  const [jade = ''] = one.dancers;
  await arrive(one, jade);
  await sellRoom(one, [jade], { room: one.rooms[0] ?? '', drawer: null });
  await owner.must('attendance.check_out', { dancer: jade });
  await closeNight(one);
  const night = nightOf(one);
  const before = one.edge.reads.reports.postingsOf(night);
  expect(refusalOf(await (await one.tablet('Max')).give('day.reopen', { night, reason: 'x' }))).toBe('not_allowed');
  await owner.must('day.reopen', { night, reason: 'Jade left unsettled' });
  expect(refusalOf(await owner.give('attendance.check_in', { dancer: jade }))).toBe('day_closing');
  expect(refusalOf(await owner.give('day.reopen', { night, reason: 'x' }))).toBe('day_open_already');
  const bar = await openBar(one, owner);
  await owner.must('attendance.settle', { dancer: jade, drawer: bar });
  const { pos, line } = before.at(-1) ?? { pos: 0, line: '{}' };
  const adjust = (event: string) => ({
    corrects: { pos, event },
    reason: 'booked too much',
    postings: [
      { account: 'room_income', cents: 500 },
      { account: 'card_clearing', cents: -500 },
    ],
  });
  expect(refusalOf(await owner.give('ledger.adjust', adjust('another')))).toBe('ledger_entry_unknown');
  await owner.must('ledger.adjust', adjust((JSON.parse(line) as { readonly id: string }).id));
  await closeBar(one, bar);
  await owner.must('day.close', {});
  const after = one.edge.reads.reports.postingsOf(night);
  expect(after.slice(0, before.length)).toEqual(before);
  const { body } = await owner.ask<NightReportAnswer>('GET', `/api/v1/nights/${night}/report`);
  expect(body).toMatchObject({ state: 'CLOSED', adjustments: 1, totals: { roomCents: 8_500, cardCents: 27_500 } });
  expect(one.edge.reads.cash.zReportsOf(night).map(({ scope, z }) => [scope, z])).toEqual([
    ['night', 1],
    ['drawer', 1],
    ['night', 2],
  ]);
  expectOnItsDay(one);
});

test('the ledger of a night leaves as CSV that adds up, and as JSON whose chain anybody can check', async () => {
  const one = await newClub();
  const [jade = ''] = one.dancers;
  const day = nightOf(one);
  const bar = await openBar(one, one.owner);
  await arrive(one, jade);
  await sellRoom(one, [jade], { room: one.rooms[0] ?? '', drawer: bar });
  await one.owner.must('drawer.pay_out', { drawer: bar, cents: 100, reason: 'ice', approver: null });
  const ledger = await text(one, `/nights/${day}/ledger.csv`);
  expect(ledger.type).toBe('text/csv; charset=utf-8');
  const rows = ledger.body
    .trimEnd()
    .split('\r\n')
    .map((row) => row.split(','));
  expect(rows[0]).toEqual(['date', 'place', 'at', 'event', 'type', 'account', 'cents', 'by', 'hash']);
  expect(rows.slice(1).reduce((sum, row) => sum + Number(row[6]), 0)).toBe(0);
  expect(rows).toHaveLength(1 + one.edge.reads.reports.postingsOf(day).length);
  await one.owner.must('drawer.count', { drawer: bar, countedCents: 47_890 });
  await one.owner.must('drawer.explain', { drawer: bar, reason: '=1+1, "ice"' });
  await one.owner.must('drawer.close', { drawer: bar });
  const report = await text(one, `/nights/${day}/report.csv`);
  expect(report.body).toContain('2026-11-21,total,,paidOutCents,100\r\n');
  expect(report.body).toContain('expectedCents,47900\r\n');
  expect(report.body).toContain(`explanation,"'=1+1, ""ice"""\r\n`);
  const proof = JSON.parse((await text(one, `/nights/${day}/ledger.json`)).body) as LedgerProof;
  expect(proof.entries.at(-1)?.hash).toBe(one.edge.log.head().hash.toString('hex'));
  const hashes = proof.entries.map(({ hash }) => hash);
  expect(proof.entries.slice(1).map(({ prev }) => prev)).toEqual(hashes.slice(0, -1));
  for (const { prev, hash, line } of proof.entries) {
    expect(nextHash(Buffer.from(prev, 'hex'), line).toString('hex')).toBe(hash);
  }
});

test.each([
  ['plain', 'plain'],
  ['a, b', '"a, b"'],
  ['she said "no"', '"she said ""no"""'],
  ['two\nlines', '"two\nlines"'],
  ['=1+1', "'=1+1"],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "'\t=1"],
  ['=cmd|"/c calc"!A1', `"'=cmd|""/c calc""!A1"`],
])('a text %j stands in CSV as %s', (cell, written) => {
  expect(csvLine([cell])).toBe(`${written}\r\n`);
});

test('a number stays a number in CSV, also below zero, and nothing stays nothing', () => {
  expect(csvLine([-500, null, 0])).toBe('-500,,0\r\n');
});

test('money is read by owners and managers alone', async () => {
  const one = await newClub();
  const day = nightOf(one);
  const paths = ['/business-day/checks', '/cash-limits', '/cash-watch', `/nights/${day}/report`].concat(
    ['z-reports', 'report.csv', 'ledger.csv', 'ledger.json'].map((name) => `/nights/${day}/${name}`),
  );
  for (const [name, status] of [
    ['Max', 200],
    ['Ben', 403],
    ['DJ', 403],
    ['Dora', 403],
  ] as const) {
    const tablet = await one.tablet(name);
    for (const path of paths.filter((one) => !one.endsWith('.csv')))
      expect([path, (await tablet.ask('GET', `/api/v1${path}`)).status]).toEqual([path, status]);
  }
  expect((await one.owner.ask('GET', '/api/v1/nights/no-such-night/report')).status).toBe(404);
  expect((await fetch(`${one.url}/api/v1/nights/${day}/ledger.csv`)).status).toBe(401);
});
