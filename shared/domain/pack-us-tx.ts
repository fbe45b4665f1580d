import type { PolicyPack } from './policy-words.ts';

const CHECKED = '2026-11-22';

/** Texas. E-Verify, signs and the keeping of records are told, not enforced. */
export const US_TX: PolicyPack = {
  pack: 'us-tx',
  version: 1,
  effectiveFrom: '2020-01-01',
  effectiveTo: null,
  rules: [
    {
      id: 'us-tx.minimum_age',
      source: 'Tex. Lab. Code 51.016 (SB 315 of 2021)',
      summary: 'Nobody under 21 is employed or contracted.',
      checkedOn: CHECKED,
    },
    {
      id: 'us-tx.identity',
      source: 'Tex. Lab. Code 51.016',
      summary: 'The business keeps a copy of a government photo document of each person, for 2 years after she leaves.',
      checkedOn: CHECKED,
    },
    {
      id: 'us-tx.e_verify',
      source: 'Tex. Lab. Code 51.016',
      summary: 'Who may work is asked of E-Verify.',
      checkedOn: CHECKED,
    },
    {
      id: 'us-tx.entry_fee',
      source: 'Texas Comptroller, sexually oriented business fee; 34 TAC 3.722',
      summary: 'The state takes $5 for each entry of each customer, by quarter, due on the 20th.',
      checkedOn: CHECKED,
    },
    {
      id: 'us-tx.id_scan',
      source: 'Tex. Transp. Code 521.126; Tex. Alco. Bev. Code 109.61',
      summary: 'What a scan for an alcohol check reads is not kept.',
      checkedOn: CHECKED,
    },
    {
      id: 'us-tx.signs',
      source: 'Tex. Bus. & Com. Code 102.101',
      summary: 'Signs on trafficking hang at the entrance, in English and Spanish, and in the restrooms.',
      checkedOn: CHECKED,
    },
  ],
  minimumAges: [{ basis: 'state', years: 21, rule: 'us-tx.minimum_age' }],
  identity: {
    anyOf: ['driver_license', 'state_id', 'passport', 'us_military_id'],
    severity: 'BLOCK',
    rule: 'us-tx.identity',
  },
  credentials: [],
  terms: [],
  warningDays: 14,
  validOn: 'business_date',
  overrides: [],
  forbiddenFees: [],
  feeCap: null,
  entryFee: { cents: 500, dueDay: 20, rule: 'us-tx.entry_fee' },
};
