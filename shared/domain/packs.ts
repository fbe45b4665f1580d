import type { PolicyPack } from './policy-pack.ts';

const CHECKED_ON = '2026-11-22';
const FROM = '2026-01-01';
const rule = (name: string, summary: string, source: string) => ({
  rule: name,
  summary,
  source,
  checkedOn: CHECKED_ON,
});

/**
 * The conservative default: 21, because alcohol is served and several states ask it, and one verified credential or
 * signed contract, valid on each date worked.
 */
const GENERIC: PolicyPack = {
  pack: 'generic',
  version: 1,
  name: 'Anywhere (conservative)',
  effectiveFrom: FROM,
  minimumAges: [{ years: 21, rule: 'generic.minimum_age' }],
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
  warningDays: 14,
  rules: [
    rule('generic.minimum_age', 'Nobody under 21 performs.', 'ClubOps default: the strictest of the places known'),
    rule(
      'generic.credential',
      'Each dancer has a verified card, permit, licence or signed contract that is valid on the date she works.',
      'ClubOps default',
    ),
  ],
};

const WASHINGTON: PolicyPack = {
  pack: 'us-wa',
  version: 1,
  name: 'Washington',
  effectiveFrom: FROM,
  minimumAges: [
    { years: 18, rule: 'us-wa.minimum_age' },
    { years: 21, rule: 'us-wa.alcohol_age' },
  ],
  credentials: [
    { anyOf: ['contract'], engagements: ['independent_contractor', 'lease'], rule: 'us-wa.written_contract' },
    { anyOf: ['training'], engagements: null, rule: 'us-wa.training' },
  ],
  warningDays: 14,
  rules: [
    rule('us-wa.minimum_age', 'No entertainer is under 18.', 'RCW 49.46.360'),
    rule('us-wa.alcohol_age', 'Where alcohol is served, no entertainer is under 21.', 'RCW 49.46.360'),
    rule(
      'us-wa.written_contract',
      'The leasing fee and what it is reckoned by stand in a written contract.',
      'RCW 49.46.360; WAC 296-128-90020',
    ),
    rule('us-wa.training', 'An entertainer has had the safety training before she works.', 'WAC 296-831-400'),
  ],
};

const TEXAS: PolicyPack = {
  pack: 'us-tx',
  version: 1,
  name: 'Texas',
  effectiveFrom: FROM,
  minimumAges: [{ years: 21, rule: 'us-tx.minimum_age' }],
  credentials: [],
  warningDays: 14,
  rules: [
    rule(
      'us-tx.minimum_age',
      'A sexually oriented business employs or contracts nobody under 21.',
      'Tex. Lab. Code 51.016',
    ),
  ],
};

const FLORIDA: PolicyPack = {
  pack: 'us-fl',
  version: 1,
  name: 'Florida',
  effectiveFrom: FROM,
  minimumAges: [{ years: 21, rule: 'us-fl.minimum_age' }],
  credentials: [],
  warningDays: 14,
  rules: [
    rule(
      'us-fl.minimum_age',
      'Nobody under 21 works in an adult entertainment establishment, in any capacity.',
      'Florida HB 7063 (2024)',
    ),
  ],
};

const RENO: PolicyPack = {
  pack: 'us-nv-reno',
  version: 1,
  name: 'Reno, Nevada',
  effectiveFrom: FROM,
  minimumAges: [{ years: 21, rule: 'generic.minimum_age' }],
  credentials: [
    { anyOf: ['work_card'], engagements: null, rule: 'us-nv-reno.work_card' },
    {
      anyOf: ['business_license'],
      engagements: ['independent_contractor', 'lease'],
      rule: 'us-nv-reno.business_license',
    },
  ],
  warningDays: 14,
  rules: [
    rule('generic.minimum_age', 'Nobody under 21 performs.', 'ClubOps default: the ordinance’s own was not read'),
    rule(
      'us-nv-reno.work_card',
      'A work card is held before any work, and is valid on each date worked.',
      'Reno Municipal Code 5.05.012, 5.06.100',
    ),
    rule(
      'us-nv-reno.business_license',
      'Who works as an independent contractor has a business licence too.',
      'Reno Municipal Code 5.06.100',
    ),
  ],
};

const PHOENIX: PolicyPack = {
  pack: 'us-az-phoenix',
  version: 1,
  name: 'Phoenix, Arizona',
  effectiveFrom: FROM,
  minimumAges: [{ years: 19, rule: 'us-az-phoenix.minimum_age' }],
  credentials: [
    {
      anyOf: ['performer_card', 'provisional_card', 'temporary_authorization'],
      engagements: null,
      rule: 'us-az-phoenix.performer_card',
    },
  ],
  warningDays: 14,
  rules: [
    rule('us-az-phoenix.minimum_age', 'No erotic entertainer is under 19.', 'Phoenix City Code 6-16, 6-27'),
    rule(
      'us-az-phoenix.performer_card',
      'An entertainer holds her card, a provisional card, or a temporary authorisation of ten days by the licensee.',
      'Phoenix City Code 6-16, 6-27',
    ),
  ],
};

const FULTON: PolicyPack = {
  pack: 'us-ga-fulton',
  version: 1,
  name: 'Fulton County, Georgia',
  effectiveFrom: FROM,
  minimumAges: [{ years: 18, rule: 'us-ga-fulton.minimum_age' }],
  credentials: [{ anyOf: ['adult_permit'], engagements: null, rule: 'us-ga-fulton.permit' }],
  warningDays: 14,
  rules: [
    rule('us-ga-fulton.minimum_age', 'No dancer is under 18.', 'Fulton County Code 18-79'),
    rule(
      'us-ga-fulton.permit',
      'A dancer has an employee permit, for which her fingerprints are taken.',
      'Fulton County Code 18-79, 18-81',
    ),
  ],
};

/** Every pack and every version of it. */
export const PACKS: readonly PolicyPack[] = [GENERIC, WASHINGTON, TEXAS, FLORIDA, RENO, PHOENIX, FULTON];
