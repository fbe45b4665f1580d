import type { PolicyPack } from './policy-words.ts';

const CHECKED = '2026-11-22';

/** Fulton County, Georgia. */
export const US_GA_FULTON: PolicyPack = {
  pack: 'us-ga-fulton',
  version: 1,
  effectiveFrom: '2020-01-01',
  effectiveTo: null,
  rules: [
    {
      id: 'us-ga-fulton.minimum_age',
      source: 'Fulton County Code 18-79, 18-81',
      summary: 'Nobody under 18 works.',
      checkedOn: CHECKED,
    },
    {
      id: 'us-ga-fulton.identity',
      source: 'Fulton County Code 18-81',
      summary: "The club keeps dancers' names, addresses and ages for 3 years, for inspection at any time.",
      checkedOn: CHECKED,
    },
    {
      id: 'us-ga-fulton.permit',
      source: 'Fulton County Code 18-79',
      summary: 'She has an employee permit, for which fingerprints were taken.',
      checkedOn: CHECKED,
    },
  ],
  minimumAges: [{ basis: 'local', years: 18, rule: 'us-ga-fulton.minimum_age' }],
  identity: {
    anyOf: ['driver_license', 'state_id', 'passport', 'us_military_id'],
    severity: 'BLOCK',
    rule: 'us-ga-fulton.identity',
  },
  credentials: [{ anyOf: ['adult_permit'], engagements: null, rule: 'us-ga-fulton.permit' }],
  terms: [],
  warningDays: 14,
  validOn: 'business_date',
  overrides: [],
  forbiddenFees: [],
  feeCap: null,
  entryFee: null,
};
