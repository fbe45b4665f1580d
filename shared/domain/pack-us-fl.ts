import type { PolicyPack } from './policy-words.ts';

const CHECKED = '2026-11-22';

/** Florida. Jacksonville's own card is a pack of its own to install. */
export const US_FL: PolicyPack = {
  pack: 'us-fl',
  version: 1,
  effectiveFrom: '2020-01-01',
  effectiveTo: null,
  rules: [
    {
      id: 'us-fl.minimum_age',
      source: 'Florida HB 7063 (2024)',
      summary: 'Nobody under 21 works, in whatever capacity.',
      checkedOn: CHECKED,
    },
    {
      id: 'us-fl.identity',
      source: 'Florida HB 7063 (2024), amendment 545678',
      summary: "A driver's licence or identity card, a passport or a uniformed services card is checked with care.",
      checkedOn: CHECKED,
    },
  ],
  minimumAges: [{ basis: 'state', years: 21, rule: 'us-fl.minimum_age' }],
  identity: {
    anyOf: ['driver_license', 'state_id', 'passport', 'us_military_id'],
    severity: 'BLOCK',
    rule: 'us-fl.identity',
  },
  credentials: [],
  terms: [],
  warningDays: 14,
  validOn: 'business_date',
  overrides: [],
  forbiddenFees: [],
  feeCap: null,
  entryFee: null,
};
