import { expect, test } from 'vitest';
import { eligibility, type DancerFacts } from '#shared/domain/eligibility.ts';
import { isDate } from '#shared/domain/calendar.ts';
import { isPack, minimumAge, packOn, type PolicyPack } from '#shared/domain/policy-pack.ts';
import { PACKS } from '#shared/domain/packs.ts';

const DATE = '2026-11-21';
const NAMES = ['generic', 'us-wa', 'us-tx', 'us-fl', 'us-nv-reno', 'us-az-phoenix', 'us-ga-fulton'];

test('there is a pack for each place that the rules know', () => {
  expect(PACKS.map(({ pack }) => pack)).toEqual(NAMES);
  expect(NAMES.every(isPack)).toBe(true);
  expect(isPack('atlantis')).toBe(false);
});

test.each(PACKS)(
  '$pack: each rule that it can name says what it asks, where that stands, and when it was read',
  (pack) => {
    const named = [...pack.minimumAges, ...pack.credentials].map(({ rule }) => rule);
    expect(named.toSorted()).toEqual(pack.rules.map(({ rule }) => rule).toSorted());
    for (const { summary, source, checkedOn } of pack.rules) {
      expect(summary).toMatch(/\S.*\.$/);
      expect(source).toMatch(/\S/);
      expect(isDate(checkedOn)).toBe(true);
    }
    expect(isDate(pack.effectiveFrom)).toBe(true);
    expect(minimumAge(pack)?.years).toBeGreaterThanOrEqual(18);
    expect(pack.credentials.every(({ anyOf }) => anyOf.length > 0)).toBe(true);
  },
);

test('a version holds from its first date on, on the business date itself, and the one before it until the day before', () => {
  const version = (number: number, effectiveFrom: string): PolicyPack => ({
    ...packOn('us-tx', DATE),
    version: number,
    effectiveFrom,
  });
  const packs = [version(2, '2026-11-21'), version(1, '2020-01-01'), version(3, '2027-01-01')];
  const inForce = (date: string) => packOn('us-tx', date, packs).version;
  expect(['2019-05-05', '2026-11-20', '2026-11-21', '2026-12-31', '2027-01-01'].map(inForce)).toEqual([1, 1, 2, 2, 3]);
});

test('a pack that nobody knows is the generic one, never none', () => {
  expect(packOn('atlantis', DATE)).toBe(packOn('generic', DATE));
});

const born = (years: number): string => `${2026 - years}-11-21`;
const grown: DancerFacts = {
  birthDate: born(30),
  engagement: 'independent_contractor',
  credentials: [],
  restrictions: [],
};
const card = (kind: DancerFacts['credentials'][number]['kind']) => ({ kind, expiresOn: null, verified: true });
const rulesOf = (facts: DancerFacts, pack: string) =>
  eligibility(facts, packOn(pack, DATE), DATE).reasons.map(({ code, rule }) => `${code} ${rule}`);

test('Washington: 21 where alcohol is served, a written contract unless she is employed, and the training', () => {
  expect(rulesOf(grown, 'us-wa')).toEqual([
    'credential_missing us-wa.written_contract',
    'credential_missing us-wa.training',
  ]);
  expect(rulesOf({ ...grown, engagement: 'employee', credentials: [card('training')] }, 'us-wa')).toEqual([]);
  const young = { ...grown, birthDate: born(20), credentials: [card('training'), card('contract')] };
  expect(rulesOf(young, 'us-wa')).toEqual(['under_age us-wa.alcohol_age']);
});

test('Texas and Florida: 21, on the day itself, and no card of the state', () => {
  for (const pack of ['us-tx', 'us-fl']) {
    expect(rulesOf({ ...grown, birthDate: born(21) }, pack)).toEqual([]);
    expect(rulesOf({ ...grown, birthDate: '2005-11-22' }, pack)).toEqual([`under_age ${pack}.minimum_age`]);
  }
});

test('Reno: a work card, and a business licence of whoever is no employee', () => {
  expect(rulesOf({ ...grown, credentials: [card('work_card')] }, 'us-nv-reno')).toEqual([
    'credential_missing us-nv-reno.business_license',
  ]);
  expect(rulesOf({ ...grown, engagement: 'employee', credentials: [card('work_card')] }, 'us-nv-reno')).toEqual([]);
});

test('Phoenix: 19, and any of the three cards, the temporary one through its tenth day', () => {
  expect(rulesOf({ ...grown, birthDate: born(18) }, 'us-az-phoenix')).toEqual([
    'under_age us-az-phoenix.minimum_age',
    'credential_missing us-az-phoenix.performer_card',
  ]);
  const temporary = (expiresOn: string) => ({ ...card('temporary_authorization'), expiresOn });
  const verdictWith = (expiresOn: string) =>
    eligibility(
      { ...grown, birthDate: born(19), credentials: [temporary(expiresOn)] },
      packOn('us-az-phoenix', DATE),
      DATE,
    ).verdict;
  expect([verdictWith('2026-11-20'), verdictWith(DATE)]).toEqual(['BLOCK', 'WARN']);
});

test('Fulton County: 18, and the permit', () => {
  expect(rulesOf({ ...grown, birthDate: born(18), credentials: [card('adult_permit')] }, 'us-ga-fulton')).toEqual([]);
  expect(rulesOf({ ...grown, credentials: [card('alcohol_permit')] }, 'us-ga-fulton')).toEqual([
    'credential_missing us-ga-fulton.permit',
  ]);
});
