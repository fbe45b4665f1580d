/**
 * The ledger's accounts. A debit is a positive amount, a credit a negative one; an entry sums to zero.
 * The part before the colon is the account's class, by which a night's totals are kept on the box and in the cloud.
 */
export const ACCOUNT_CLASSES = [
  'cash_drawer',
  'safe',
  'card_clearing',
  'dancer',
  'house_fee_income',
  'room_income',
  'door_income',
  'tax_payable',
  'fee_waivers',
  'paid_outs',
  'comps',
  'voucher_liability',
  'voucher_fee_income',
  'over_short',
] as const;
export type AccountClass = (typeof ACCOUNT_CLASSES)[number];

/** No posting is larger, so that the ten or so postings of each of a batch's 2,000 events still add up exactly. Box and cloud share the bound. */
export const POSTING_CENTS_MAX = 100_000_000_000;

export const accounts = {
  safe: 'safe',
  cardClearing: 'card_clearing',
  houseFeeIncome: 'house_fee_income',
  roomIncome: 'room_income',
  doorIncome: 'door_income',
  taxPayable: 'tax_payable',
  feeWaivers: 'fee_waivers',
  /** What was bought out of drawers. */
  paidOuts: 'paid_outs',
  overShort: 'over_short',
  /** What was given away, at its price. */
  comps: 'comps',
  /** What circulating vouchers are worth, owed to whoever brings them. */
  voucherLiability: 'voucher_liability',
  /** What guests paid above their worth, and dancers did not get of it. */
  voucherFeeIncome: 'voucher_fee_income',
  cashDrawer: (drawer: string) => `cash_drawer:${drawer}`,
  /** Above zero she owes the club, below zero the club owes her. */
  dancer: (dancer: string) => `dancer:${dancer}`,
} as const;

export function accountClass(account: string): AccountClass | null {
  const head = account.split(':', 1)[0];
  return ACCOUNT_CLASSES.find((known) => known === head) ?? null;
}
