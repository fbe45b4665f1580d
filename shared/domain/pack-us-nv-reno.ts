import type { PolicyPack } from './policy-words.ts';

const CHECKED = '2026-11-22';

/** Reno, Nevada. */
export const US_NV_RENO: PolicyPack = {
  pack: 'us-nv-reno',
  version: 1,
  effectiveFrom: '2020-01-01',
  effectiveTo: null,
  rules: [
    {
      id: 'us-nv-reno.minimum_age',
      source: 'ClubOps default: the sections that were read name no age',
      summary: 'Nobody under 21 works.',
      checkedOn: CHECKED,
    },
    {
      id: 'us-nv-reno.identity',
      source: 'Reno Mun. Code 5.06.100',
      summary: 'The licensee has written policies on the checking of age, and keeps copies; originals stay with her.',
      checkedOn: CHECKED,
    },
    {
      id: 'us-nv-reno.work_card',
      source: 'Reno Mun. Code 5.05.012 and 5.06.100',
      summary: 'She has a work card before she works, valid on each date that she works.',
      checkedOn: CHECKED,
    },
    {
      id: 'us-nv-reno.business_license',
      source: 'Reno Mun. Code 5.06.100',
      summary: 'Who is an independent contractor also has a business licence.',
      checkedOn: CHECKED,
    },
  ],
  minimumAges: [{ basis: 'local', years: 21, rule: 'us-nv-reno.minimum_age' }],
  identity: {
    anyOf: ['driver_license', 'state_id', 'passport', 'us_military_id'],
    severity: 'BLOCK',
    rule: 'us-nv-reno.identity',
  },
  credentials: [
    { anyOf: ['work_card'], engagements: null, rule: 'us-nv-reno.work_card' },
    {
      anyOf: ['business_license'],
      engagements: ['independent_contractor', 'lease'],
      rule: 'us-nv-reno.business_license',
    },
  ],
  terms: [],
  warningDays: 14,
  validOn: 'each_date',
  overrides: [],
  forbiddenFees: [],
  feeCap: null,
  entryFee: null,
};
