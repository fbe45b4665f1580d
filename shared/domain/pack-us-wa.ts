import type { PolicyPack } from './policy-words.ts';

const CHECKED = '2026-11-22';
const STATUTE = 'RCW 49.46.360; WAC 296-128-90020 and -90040';

/** Washington State. */
export const US_WA: PolicyPack = {
  pack: 'us-wa',
  version: 1,
  effectiveFrom: '2020-01-01',
  effectiveTo: null,
  rules: [
    {
      id: 'us-wa.minimum_age',
      source: 'RCW 49.46.360',
      summary: 'Nobody under 18 works.',
      checkedOn: CHECKED,
    },
    {
      id: 'us-wa.alcohol_age',
      source: 'RCW 49.46.360',
      summary: 'Where alcohol is served nobody under 21 works.',
      checkedOn: CHECKED,
    },
    {
      id: 'us-wa.identity',
      source: 'ClubOps default',
      summary: 'Somebody has compared her with a government photo document.',
      checkedOn: CHECKED,
    },
    {
      id: 'us-wa.contract',
      source: STATUTE,
      summary: 'The leasing fee and the estimate that it rests on stand in a written contract.',
      checkedOn: CHECKED,
    },
    {
      id: 'us-wa.training',
      source: 'WAC 296-831',
      summary: 'She is trained before she works.',
      checkedOn: CHECKED,
    },
    {
      id: 'us-wa.fee_cap',
      source: STATUTE,
      summary:
        'For each 8 hours the fee is at most 30 % of the estimate of public dances, no more than $150 of them, and 30 % of that of private ones; never more than she receives.',
      checkedOn: CHECKED,
    },
    { id: 'us-wa.no_late_fee', source: STATUTE, summary: 'No fee for paying late.', checkedOn: CHECKED },
    { id: 'us-wa.no_non_payment_fee', source: STATUTE, summary: 'No fee for not paying.', checkedOn: CHECKED },
    { id: 'us-wa.no_interest', source: STATUTE, summary: 'No interest on a fee.', checkedOn: CHECKED },
    { id: 'us-wa.no_no_show_fee', source: STATUTE, summary: 'No fee for not coming.', checkedOn: CHECKED },
    {
      id: 'us-wa.no_carry',
      source: STATUTE,
      summary: 'An unpaid leasing fee is not carried into another shift.',
      checkedOn: CHECKED,
    },
    {
      id: 'us-wa.complaint_log',
      source: 'WAC 296-831',
      summary: 'The log of allegations against customers is kept five years after the latest one.',
      checkedOn: CHECKED,
    },
    {
      id: 'us-wa.panic_button',
      source: 'WAC 296-831',
      summary: 'Tests of the panic buttons are kept five years.',
      checkedOn: CHECKED,
    },
    {
      id: 'us-wa.blocklist',
      source: 'WAC 296-831',
      summary:
        'With credible evidence a customer is banned for three years from the incident, by all clubs of the same owner.',
      checkedOn: CHECKED,
    },
  ],
  minimumAges: [
    { basis: 'state', years: 18, rule: 'us-wa.minimum_age' },
    { basis: 'alcohol', years: 21, rule: 'us-wa.alcohol_age' },
  ],
  identity: {
    anyOf: ['driver_license', 'state_id', 'passport', 'us_military_id'],
    severity: 'WARN',
    rule: 'us-wa.identity',
  },
  credentials: [
    { anyOf: ['contract'], engagements: null, rule: 'us-wa.contract' },
    { anyOf: ['training'], engagements: null, rule: 'us-wa.training' },
  ],
  terms: [],
  warningDays: 14,
  validOn: 'business_date',
  overrides: [],
  forbiddenFees: [
    { kind: 'late', rule: 'us-wa.no_late_fee' },
    { kind: 'non_payment', rule: 'us-wa.no_non_payment_fee' },
    { kind: 'interest', rule: 'us-wa.no_interest' },
    { kind: 'no_show', rule: 'us-wa.no_no_show_fee' },
    { kind: 'carry_forward', rule: 'us-wa.no_carry' },
  ],
  feeCap: { percent: 30, publicMaxCents: 15_000, periodHours: 8, rule: 'us-wa.fee_cap' },
  entryFee: null,
  retention: [
    { kind: 'complaint', days: 5 * 366, how: 'erased', rule: 'us-wa.complaint_log' },
    { kind: 'safety_test', days: 5 * 366, how: 'deleted', rule: 'us-wa.panic_button' },
  ],
  banTerms: [
    { evidence: 'sworn_statement', minimumYears: 3, scope: 'common_ownership', rule: 'us-wa.blocklist' },
    { evidence: 'other_credible', minimumYears: 3, scope: 'common_ownership', rule: 'us-wa.blocklist' },
  ],
};
