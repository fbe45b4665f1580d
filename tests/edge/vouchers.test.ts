import { afterEach, expect, test } from 'vitest';
import type { VoucherRow } from '#shared/contract/voucher-api.ts';
import { arrive, openBar, refusalOf, signing } from '../support/cash.ts';
import { openClub, type Club } from '../support/night.ts';
import { faultsOf, replayOf, sumOfPostings, tablesOf } from '../support/verify-log.ts';

let club: Club | null = null;
afterEach(async () => {
  await club?.close();
  club = null;
});
const balance = (one: Club, account: string) => one.edge.reads.ledger.balanceCents(account);
const listed = async ({ owner }: Club) => (await owner.ask<readonly VoucherRow[]>('GET', '/api/v1/vouchers')).body;

test('sold, redeemed to her balance and out of a drawer, voided: what circulates is what is owed', async () => {
  const one = (club = await openClub());
  const bar = await openBar(one, one.owner);
  const [jade = ''] = one.dancers;
  await arrive(one, jade);
  const sale = { denominationCents: 2_000, feeCents: 200, method: 'cash', drawer: bar, expiresOn: null } as const;
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
  expect(sumOfPostings(one.edge.sqlite)).toBe(0);
  expect(faultsOf(one.edge.sqlite)).toEqual([]);
  expect(replayOf(one.edge.sqlite)).toEqual(tablesOf(one.edge.sqlite));
});
