import type { PolicyPack } from './policy-words.ts';

const CHECKED = '2026-11-22';

/**
 * The conservative default: 21, because alcohol is served and several states ask it (see the club's rules, known rules by
 * place), and one verified credential or signed contract, valid on each date worked. A missing identity check warns only.
 */
export const GENERIC: PolicyPack = {
  pack: 'generic',
  version: 1,
  effectiveFrom: '2020-01-01',
  effectiveTo: null,
  rules: [
    {
      id: 'generic.minimum_age',
      source: 'ClubOps default, after Tex. Lab. Code 51.016 and Florida HB 7063 (2024)',
      summary: 'Nobody under 21 works.',
      checkedOn: CHECKED,
    },
    {
      id: 'generic.identity',
      source: 'ClubOps default',
      summary: 'Somebody has compared her with a government photo document.',
      checkedOn: CHECKED,
    },
    {
      id: 'generic.credential',
      source: 'ClubOps default, after Reno Mun. Code 5.06.100',
      summary: 'She has a verified credential or a signed contract that is valid on each date that she works.',
      checkedOn: CHECKED,
    },
    {
      id: 'generic.override',
      source: 'ClubOps default',
      summary: 'A manager may let her work on a paper that ran out or was not verified yet, with a second manager.',
      checkedOn: CHECKED,
    },
  ],
  minimumAges: [{ basis: 'local', years: 21, rule: 'generic.minimum_age' }],
  identity: {
    anyOf: ['driver_license', 'state_id', 'passport', 'us_military_id'],
    severity: 'WARN',
    rule: 'generic.identity',
  },
  credentials: [
    {
      anyOf: [
        'work_card',
        'performer_card',
        'adult_permit',
        'business_license',
        'provisional_card',
        'temporary_authorization',
        'contract',
      ],
      engagements: null,
      rule: 'generic.credential',
    },
  ],
  terms: [],
  warningDays: 14,
  validOn: 'each_date',
  overrides: [
    {
      of: 'generic.credential',
      codes: ['credential_expired', 'credential_unverified'],
      roles: ['owner', 'manager'],
      second: ['owner', 'manager'],
      rule: 'generic.override',
    },
  ],
  forbiddenFees: [],
  feeCap: null,
  entryFee: null,
};
