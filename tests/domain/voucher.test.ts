import fc from 'fast-check';
import { expect, test } from 'vitest';
import { adjustLedger } from '#shared/domain/adjustment.ts';
import { redeemVoucher, sellVouchers, voidVoucher, type VoucherFact } from '#shared/domain/voucher.ts';
import { asking, CLOSING, eventOf } from '../support/rules.ts';

const SOLD: VoucherFact = {
  voucher: 'v',
  state: 'CIRCULATING',
  denominationCents: 2_000,
  feeCents: 200,
  discountCents: 300,
  method: 'cash',
  expiresOn: '2026-11-21',
};
const sale = {
  count: 3,
  denominationCents: 2_000,
  feeCents: 200,
  discountCents: 300,
  method: 'cash',
  drawer: 'bar',
  expiresOn: null,
} as const;
const tonight = { drawerOpen: true, businessDate: '2026-11-21' };
const redeem = { voucher: SOLD, dancerKnown: true, businessDate: '2026-11-21', drawerCents: null };
const hers = { dancer: 'jade', discountCents: 300, drawer: null };

test('a sale owes their worth to whoever brings them; what was paid above is income', () => {
  expect(eventOf(sellVouchers(tonight, sale, asking())).body).toMatchObject({
    vouchers: ['born-1', 'born-2', 'born-3'],
    discountCents: 300,
    postings: [
      { account: 'cash_drawer:bar', cents: 6_600 },
      { account: 'voucher_liability', cents: -6_000 },
      { account: 'voucher_fee_income', cents: -600 },
    ],
  });
  expect(sellVouchers({ ...tonight, drawerOpen: false }, sale, asking())).toMatchObject({ refusal: 'drawer_not_open' });
  expect(sellVouchers(tonight, sale, asking({ day: CLOSING }))).toMatchObject({ refusal: 'day_closing' });
  expect(sellVouchers(tonight, { ...sale, expiresOn: '2026-11-20' }, asking())).toMatchObject({
    refusal: 'date_in_past',
  });
});

test('a dancer gets its worth less the discount, and both deductions are in the ledger', () => {
  expect(eventOf(redeemVoucher(redeem, hers, asking())).body.postings).toEqual([
    { account: 'voucher_liability', cents: 2_000 },
    { account: 'dancer:jade', cents: -1_700 },
    { account: 'voucher_fee_income', cents: -300 },
  ]);
  const cash = { ...hers, drawer: 'bar' };
  expect(redeemVoucher({ ...redeem, drawerCents: 1_699 }, cash, asking())).toMatchObject({
    refusal: 'not_enough_cash',
  });
  expect(redeemVoucher(redeem, cash, asking())).toMatchObject({ refusal: 'drawer_not_open' });
});

test('the discount is that of the sale: a redemption that says otherwise is refused, of one sold before it is taken', () => {
  expect(sellVouchers(tonight, { ...sale, discountCents: 2_001 }, asking())).toMatchObject({
    refusal: 'share_too_large',
  });
  for (const discountCents of [0, 299, 301, 2_001])
    expect(redeemVoucher(redeem, { ...hers, discountCents }, asking())).toMatchObject({
      refusal: 'voucher_terms_differ',
    });
  const before = { ...redeem, voucher: { ...SOLD, discountCents: null } };
  const said = (discountCents: number) => redeemVoucher(before, { ...hers, discountCents }, asking());
  expect(eventOf(said(100)).body).toMatchObject({ discountCents: 100 });
  expect(said(2_001)).toMatchObject({ refusal: 'share_too_large' });
});

test('what the guest paid is hers and both deductions, and sale and redemption leave nothing owed', () => {
  const terms = fc.record({ hers: fc.nat(90_000), discountCents: fc.nat(90_000), feeCents: fc.nat(90_000) });
  fc.assert(
    fc.property(terms, fc.constantFrom('bar', null), ({ hers: herCents, discountCents, feeCents }, drawer) => {
      fc.pre(herCents + discountCents > 0);
      const denominationCents = herCents + discountCents;
      const asked = { ...sale, count: 1, denominationCents, feeCents, discountCents };
      const sold = eventOf(sellVouchers(tonight, asked, asking())).body;
      const facts = { ...redeem, voucher: { ...SOLD, ...sold }, drawerCents: 1_000_000 };
      const { postings } = eventOf(redeemVoucher(facts, { dancer: 'jade', discountCents, drawer }, asking())).body;
      const sum = (account: string) =>
        [...sold.postings, ...postings]
          .filter((one) => one.account === account)
          .reduce((all, one) => all + one.cents, 0);
      const inDrawer = denominationCents + feeCents - (drawer === null ? 0 : herCents);
      expect(sum('cash_drawer:bar')).toBe(inDrawer);
      expect(sum('dancer:jade')).toBe(drawer === null ? 0 - herCents : 0);
      expect(sum('voucher_fee_income')).toBe(0 - feeCents - discountCents);
      expect(sum('voucher_liability')).toBe(0);
    }),
  );
});

test('a voucher redeemed after its last date, twice, or that is none', () => {
  expect(redeemVoucher({ ...redeem, businessDate: '2026-11-22' }, hers, asking())).toMatchObject({
    refusal: 'voucher_expired',
  });
  const used = { ...redeem, voucher: { ...SOLD, state: 'REDEEMED' } } as const;
  expect(redeemVoucher(used, hers, asking())).toMatchObject({ refusal: 'voucher_gone' });
  expect(redeemVoucher({ ...redeem, voucher: undefined }, hers, asking())).toMatchObject({
    refusal: 'voucher_unknown',
  });
});

test('a void gives worth and fee back the way they came, with a second person', () => {
  const facts = { voucher: SOLD, second: { staff: 'boss', roles: ['owner'] }, drawerCents: 2_200 } as const;
  const why = { reason: 'torn', drawer: 'bar' };
  expect(eventOf(voidVoucher(facts, why, asking())).body.postings).toEqual([
    { account: 'voucher_liability', cents: 2_000 },
    { account: 'voucher_fee_income', cents: 200 },
    { account: 'cash_drawer:bar', cents: -2_200 },
  ]);
  expect(voidVoucher({ ...facts, drawerCents: 2_199 }, why, asking())).toMatchObject({ refusal: 'not_enough_cash' });
  expect(voidVoucher({ ...facts, second: { staff: 'staff-1', roles: ['owner'] } }, why, asking())).toMatchObject({
    refusal: 'second_person_same',
  });
  expect(voidVoucher({ ...facts, second: { staff: 'x', roles: ['dj'] } }, why, asking())).toMatchObject({
    refusal: 'second_person_not_allowed',
  });
});

test('what is owed for vouchers is those that circulate: nobody adjusts it', () => {
  const postings = [
    { account: 'voucher_liability', cents: 1 },
    { account: 'safe', cents: -1 },
  ];
  const facts = { correctsKnown: true, dancerKnown: () => true };
  expect(adjustLedger(facts, { corrects: null, reason: 'x', postings }, asking())).toMatchObject({
    refusal: 'account_not_adjustable',
  });
});
