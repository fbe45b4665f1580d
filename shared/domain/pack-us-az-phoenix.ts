import type { PolicyPack } from './policy-words.ts';

const CHECKED = '2026-11-22';

/** Phoenix, Arizona. */
export const US_AZ_PHOENIX: PolicyPack = {
  pack: 'us-az-phoenix',
  version: 1,
  effectiveFrom: '2020-01-01',
  effectiveTo: null,
  rules: [
    {
      id: 'us-az-phoenix.minimum_age',
      source: 'Phoenix City Code 6-16, 6-27',
      summary: 'Nobody under 19 works.',
      checkedOn: CHECKED,
    },
    {
      id: 'us-az-phoenix.identity',
      source: 'ClubOps default, for the list of true names that the code asks for',
      summary: 'Somebody has compared her with a government photo document.',
      checkedOn: CHECKED,
    },
    {
      id: 'us-az-phoenix.card',
      source: 'Phoenix City Code 6-16, 6-27',
      summary: "She has an entertainer's card, a provisional one, or the licensee's temporary authorisation.",
      checkedOn: CHECKED,
    },
    {
      id: 'us-az-phoenix.temporary',
      source: 'Phoenix City Code 6-16, 6-27',
      summary: 'A temporary authorisation lasts 10 calendar days.',
      checkedOn: CHECKED,
    },
  ],
  minimumAges: [{ basis: 'local', years: 19, rule: 'us-az-phoenix.minimum_age' }],
  identity: {
    anyOf: ['driver_license', 'state_id', 'passport', 'us_military_id'],
    severity: 'BLOCK',
    rule: 'us-az-phoenix.identity',
  },
  credentials: [
    {
      anyOf: ['performer_card', 'provisional_card', 'temporary_authorization'],
      engagements: null,
      rule: 'us-az-phoenix.card',
    },
  ],
  terms: [{ kind: 'temporary_authorization', days: 10, rule: 'us-az-phoenix.temporary' }],
  warningDays: 14,
  validOn: 'business_date',
  overrides: [],
  forbiddenFees: [],
  feeCap: null,
  entryFee: null,
};
