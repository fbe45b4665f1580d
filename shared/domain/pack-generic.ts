import type { BanTerm, Kept, PolicyPack } from './policy-words.ts';
import type { BanEvidence, RecordKind } from './safety-words.ts';

const CHECKED = '2026-11-22';

/** Years with room for leap days: a clock is never short of what a law asks. */
const FIVE_YEARS = 5 * 366;
const THREE_YEARS = 3 * 366;

/**
 * An incident counts from its close, a complaint from the latest allegation against the same customer, a ban from its end, a
 * training from its last valid date, the others from when they were written.
 */
export const GENERIC_RETENTION: Readonly<Record<RecordKind, Kept>> = {
  incident: { days: FIVE_YEARS, how: 'erased', rule: 'generic.kept_incident' },
  complaint: { days: FIVE_YEARS, how: 'erased', rule: 'generic.kept_complaint' },
  refusal: { days: 366, how: 'deleted', rule: 'generic.kept_refusal' },
  blocklist_entry: { days: 366, how: 'deleted', rule: 'generic.kept_ban' },
  site_visit: { days: FIVE_YEARS, how: 'erased', rule: 'generic.kept_visit' },
  training: { days: THREE_YEARS, how: 'deleted', rule: 'generic.kept_training' },
  safety_test: { days: FIVE_YEARS, how: 'deleted', rule: 'generic.kept_test' },
};

export const GENERIC_BAN_TERMS: Readonly<Record<BanEvidence, BanTerm>> = {
  sworn_statement: { minimumYears: 3, scope: 'common_ownership', rule: 'generic.ban_term' },
  other_credible: { minimumYears: 3, scope: 'common_ownership', rule: 'generic.ban_term' },
  house_decision: { minimumYears: 0, scope: null, rule: 'generic.house_ban' },
};

const kept = (what: string, long: string, source = 'ClubOps default') => ({
  id: `generic.kept_${what}`,
  source,
  summary: `Kept ${long}.`,
  checkedOn: CHECKED,
});

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
    kept('incident', 'five years from its close'),
    kept(
      'complaint',
      'five years from the latest allegation against the same customer',
      'ClubOps default, after WAC 296-831',
    ),
    kept('refusal', 'one year'),
    kept('ban', 'one year after its end'),
    kept('visit', 'five years'),
    kept('training', 'three years after its last valid date'),
    kept('test', 'five years', 'ClubOps default, after WAC 296-831'),
    {
      id: 'generic.ban_term',
      source: 'ClubOps default, after WAC 296-831',
      summary: 'With credible evidence a ban lasts three years from the incident, in all clubs of the same owner.',
      checkedOn: CHECKED,
    },
    {
      id: 'generic.house_ban',
      source: "The club's own policy",
      summary: 'The house bans for as long as it wants.',
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
  retention: (Object.keys(GENERIC_RETENTION) as readonly RecordKind[]).map((kind) => ({
    kind,
    ...GENERIC_RETENTION[kind],
  })),
  banTerms: (Object.keys(GENERIC_BAN_TERMS) as readonly BanEvidence[]).map((evidence) => ({
    evidence,
    ...GENERIC_BAN_TERMS[evidence],
  })),
};
