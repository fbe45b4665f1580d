import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import type { NightStatement, YearStatement } from '#shared/contract/tally-api.ts';
import type { VoucherRow } from '#shared/contract/voucher-api.ts';
import { arrive, openBar, refusalOf, sellRoom, signing } from '../support/cash.ts';
import { openClub, pass, type Club } from '../support/night.ts';
import { MINUTE } from '../support/rules.ts';
import { linesOf, replayOf, tablesOf } from '../support/verify-log.ts';
import { expectWhole } from '../support/whole.ts';

let club: Club | null = null;
afterEach(async () => {
  await club?.close();
  club = null;
});
const balance = (one: Club, account: string) => one.edge.reads.ledger.balanceCents(account);
const listed = async ({ owner }: Club) => (await owner.ask<readonly VoucherRow[]>('GET', '/api/v1/vouchers')).body;
const saleAt = (drawer: string) =>
  ({ denominationCents: 2_000, feeCents: 200, discountCents: 300, method: 'cash', drawer, expiresOn: null }) as const;

test('sold, redeemed to her balance and out of a drawer, voided: what circulates is what is owed', async () => {
  const one = (club = await openClub());
  const bar = await openBar(one, one.owner);
  const [jade = ''] = one.dancers;
  await arrive(one, jade);
  const sale = saleAt(bar);
  await one.owner.must('voucher.sell', { ...sale, count: 4 });
  const [a = '', b = '', c = ''] = (await listed(one)).map(({ voucher }) => voucher);
  await one.owner.must('voucher.redeem', { voucher: a, dancer: jade, discountCents: 300, drawer: null });
  await one.owner.must('voucher.redeem', { voucher: b, dancer: jade, discountCents: 300, drawer: bar });
  const twice = { voucher: a, dancer: jade, discountCents: 0, drawer: null };
  expect(refusalOf(await one.owner.give('voucher.redeem', twice))).toBe('voucher_gone');
  const second = signing(one, 'Max');
  await one.owner.must('voucher.void', { voucher: c, reason: 'torn', drawer: bar, second });
  expect(await listed(one)).toHaveLength(1);
  expect(balance(one, 'voucher_liability')).toBe(-2_000);
  expect(balance(one, 'voucher_fee_income')).toBe(-(200 * 3 + 300 * 2));
  expect(balance(one, `dancer:${jade}`)).toBe(-1_700);
  expect(one.edge.reads.drawers.openCents(bar)).toBe(20_000 + 4 * 2_200 - 1_700 - 2_200);
  const dj = await one.tablet('DJ');
  expect(refusalOf(await dj.give('voucher.sell', { ...sale, count: 1 }))).toBe('not_allowed');
  expectWhole(one);
});

test('both deductions stand on her statement, also of what a drawer paid, and a year counts the whole worth', async () => {
  const one = (club = await openClub());
  const bar = await openBar(one, one.owner);
  const [jade = ''] = one.dancers;
  const sale = {
    denominationCents: 2_000,
    feeCents: 200,
    discountCents: 300,
    method: 'card',
    drawer: null,
    expiresOn: null,
  } as const;
  await one.owner.must('voucher.sell', { ...sale, count: 2 });
  const [a = '', b = ''] = (await listed(one)).map(({ voucher }) => voucher);
  await one.owner.must('voucher.redeem', { voucher: a, dancer: jade, discountCents: 300, drawer: null });
  await one.owner.must('voucher.redeem', { voucher: b, dancer: jade, discountCents: 300, drawer: bar });
  const night = one.edge.reads.day.open()?.day ?? '';
  const path = `/api/v1/dancers/${jade}`;
  const statement = (await one.owner.ask<NightStatement>('GET', `${path}/statements/${night}`)).body;
  const sold = { denominationCents: 2_000, premiumCents: 200 };
  expect(statement.vouchers).toEqual(
    [
      { voucher: a, ...sold, discountCents: 300, herCents: 1_700 },
      { voucher: b, ...sold, discountCents: 300, herCents: 1_700 },
    ].toSorted((x, y) => (x.voucher < y.voucher ? -1 : 1)),
  );
  const year = (await one.owner.ask<YearStatement>('GET', `${path}/years/2026`)).body;
  expect(year).toMatchObject({ throughClubCents: 4_000, voucherDiscountCents: 600 });
  expect(replayOf(one.edge.sqlite)).toEqual(tablesOf(one.edge.sqlite));
});

test('a year does not count a room that was voided', async () => {
  const one = (club = await openClub());
  const bar = await openBar(one, one.owner);
  const [jade = ''] = one.dancers;
  const [room = ''] = one.rooms;
  await arrive(one, jade);
  const kept = { room, drawer: bar };
  await sellRoom(one, [jade], kept);
  const session = await sellRoom(one, [jade], kept);
  await one.owner.must('room_session.void', { session, reason: 'twice', drawer: bar, second: signing(one, 'Max') });
  const year = (await one.owner.ask<YearStatement>('GET', `/api/v1/dancers/${jade}/years/2026`)).body;
  expect(year.throughClubCents).toBe(19_000);
  expect(year.byType).not.toContainEqual(expect.objectContaining({ type: 'room_session.voided' }));
});

test('the terms of a sale hold: the list shows both deductions, and a redemption that says otherwise is refused', async () => {
  const one = (club = await openClub());
  const [jade = ''] = one.dancers;
  const terms = { denominationCents: 2_000, feeCents: 200, discountCents: 300 } as const;
  await one.owner.must('voucher.sell', { ...terms, count: 1, method: 'card', drawer: null, expiresOn: null });
  const [row] = await listed(one);
  expect(row).toMatchObject(terms);
  const hers = { voucher: row?.voucher ?? '', dancer: jade, drawer: null };
  const more = { ...hers, discountCents: 1_000 };
  expect(refusalOf(await one.owner.give('voucher.redeem', more))).toBe('voucher_terms_differ');
  await one.owner.must('voucher.redeem', { ...hers, discountCents: 300 });
  expect(balance(one, `dancer:${jade}`)).toBe(-1_700);
});

test('a voucher that ran out is not taken any more, and what it is worth stays owed', async () => {
  const one = (club = await openClub());
  const [jade = ''] = one.dancers;
  const terms = { denominationCents: 2_000, feeCents: 200, discountCents: 300 } as const;
  const date = one.edge.reads.policy.datesAt(one.clock.wall()).business;
  await one.owner.must('voucher.sell', { ...terms, count: 1, method: 'card', drawer: null, expiresOn: date });
  const [voucher = ''] = (await listed(one)).map((row) => row.voucher);
  await one.owner.must('day.begin_closing', {});
  await one.owner.must('day.close', {});
  pass(one.clock, 24 * 60 * MINUTE);
  await one.owner.must('day.open', { date: null });
  const late = { voucher, dancer: jade, discountCents: 300, drawer: null };
  expect(refusalOf(await one.owner.give('voucher.redeem', late))).toBe('voucher_expired');
  expect(balance(one, 'voucher_liability')).toBe(-2_000);
});

test('two tablets redeem one voucher at once: one of them is refused', async () => {
  const one = (club = await openClub());
  const [jade = '', ruby = ''] = one.dancers;
  const sale = {
    denominationCents: 2_000,
    feeCents: 0,
    discountCents: 0,
    method: 'card',
    drawer: null,
    expiresOn: null,
  } as const;
  await one.owner.must('voucher.sell', { ...sale, count: 1 });
  const [voucher = ''] = (await listed(one)).map((row) => row.voucher);
  const door = await one.tablet('Dora');
  const hers = { voucher, discountCents: 0, drawer: null };
  const both = await Promise.all([
    one.owner.give('voucher.redeem', { ...hers, dancer: jade }),
    door.give('voucher.redeem', { ...hers, dancer: ruby }),
  ]);
  expect(both.map(refusalOf).toSorted()).toEqual(['accepted', 'voucher_gone']);
  expect(balance(one, `dancer:${jade}`) + balance(one, `dancer:${ruby}`)).toBe(-2_000);
});

test('a drawer is handed over with vouchers inside: they are paper, only cash is counted', async () => {
  const one = (club = await openClub());
  const bar = await openBar(one, one.owner);
  const [jade = ''] = one.dancers;
  const sale = saleAt(bar);
  await one.owner.must('voucher.sell', { ...sale, count: 1 });
  const [voucher = ''] = (await listed(one)).map((row) => row.voucher);
  await one.owner.must('voucher.redeem', { voucher, dancer: jade, discountCents: 300, drawer: bar });
  const inside = 20_000 + 2_200 - 1_700;
  await one.owner.must('drawer.hand_over', { drawer: bar, countedCents: inside, receiver: signing(one, 'Ben') });
  const line = linesOf(one.edge.sqlite).findLast((row) => row.line.includes('"drawer.handed_over"'))?.line ?? '{}';
  expect(JSON.parse(line)).toMatchObject({ body: { overShortCents: 0, expectedCents: inside } });
});

test('a night closes with vouchers that circulate: they stay owed, and stand in its report', async () => {
  const one = (club = await openClub());
  const sale = {
    denominationCents: 2_000,
    feeCents: 200,
    discountCents: 300,
    method: 'card',
    drawer: null,
    expiresOn: null,
  } as const;
  await one.owner.must('voucher.sell', { ...sale, count: 1 });
  const night = one.edge.reads.day.open()?.day ?? '';
  await one.owner.must('day.begin_closing', {});
  expect(refusalOf(await one.owner.give('voucher.sell', { ...sale, count: 1 }))).toBe('day_closing');
  await one.owner.must('day.close', {});
  const { byClass } = one.edge.reads.reports.night(night);
  expect(byClass).toContainEqual({ class: 'voucher_liability', cents: -2_000 });
  expect(byClass).toContainEqual({ class: 'voucher_fee_income', cents: -200 });
});

test('vouchers that were redeemed before statements showed them are on them after the upgrade', async () => {
  const one = (club = await openClub());
  const [jade = ''] = one.dancers;
  const sale = {
    denominationCents: 2_000,
    feeCents: 200,
    discountCents: 300,
    method: 'card',
    drawer: null,
    expiresOn: null,
  } as const;
  await one.owner.must('voucher.sell', { ...sale, count: 1 });
  const [voucher = ''] = (await listed(one)).map((row) => row.voucher);
  await one.owner.must('voucher.redeem', { voucher, dancer: jade, discountCents: 300, drawer: null });
  const { sqlite } = one.edge;
  const rows = () => sqlite.prepare('SELECT * FROM voucher ORDER BY voucher').all();
  const before = rows();
  sqlite.exec('DROP INDEX voucher_redeemed');
  for (const column of ['redeemed_by', 'redeemed_day', 'discount_cents'])
    sqlite.exec(`ALTER TABLE voucher DROP COLUMN ${column}`);
  expect(rows()).not.toEqual(before);
  sqlite.exec(readFileSync('edge-node/db/migrations/0015_redeemed_vouchers.sql', 'utf8'));
  expect(rows()).toEqual(before);
});
