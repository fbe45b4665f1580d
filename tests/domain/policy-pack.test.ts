import { Compile } from 'typebox/compile';
import { describe, expect, test } from 'vitest';
import { PackSchema, type PackFits } from '#shared/contract/policy-pack-schema.ts';
import {
  BUILT_IN_PACKS,
  forbidding,
  installPack,
  isSoundPack,
  packOn,
  ruleNamed,
  setPolicy,
} from '#shared/domain/policy-pack.ts';
import type { FeeKind, PolicyPack } from '#shared/domain/policy-words.ts';
import { refuse } from '#shared/kit/decision.ts';
import { GENERIC, packNamed } from '../support/policy.ts';
import { asking, eventOf } from '../support/rules.ts';

const schema = Compile(PackSchema);
const changed = (over: object): unknown => ({ ...structuredClone(GENERIC), ...over });

test('the packs of the program are those of the club rules', () => {
  expect(BUILT_IN_PACKS.map(({ pack }) => pack)).toEqual([
    'generic',
    'us-wa',
    'us-tx',
    'us-fl',
    'us-nv-reno',
    'us-az-phoenix',
    'us-ga-fulton',
  ]);
});

describe.each(BUILT_IN_PACKS)('the pack $pack', (pack) => {
  test('fits its schema and is sound', () => {
    const fits: PackFits = pack as PackFits;
    expect([...schema.Errors(fits)]).toEqual([]);
    expect(isSoundPack(pack)).toBe(true);
  });

  test('has a source and a date of checking for each rule, and quotes nobody', () => {
    expect(pack.rules.filter(({ source, checkedOn }) => source === '' || checkedOn < '2026-01-01')).toEqual([]);
    expect(pack.rules.filter(({ summary }) => /["\u201c\u201d]/.test(summary))).toEqual([]);
  });
});

test.each([
  ['a field too many', { more: 1 }],
  ['a field too few', { warningDays: undefined }],
  ['an age below eighteen', { minimumAges: [{ basis: 'state', years: 17, rule: 'generic.minimum_age' }] }],
  ['no age', { minimumAges: [] }],
  ['an override of age', { overrides: [{ ...GENERIC.overrides[0], codes: ['under_age'] }] }],
  ['an override of identity', { overrides: [{ ...GENERIC.overrides[0], codes: ['identity_missing'] }] }],
  ['an override of a missing birth date', { overrides: [{ ...GENERIC.overrides[0], codes: ['birth_date_missing'] }] }],
  ['an override of a ban', { overrides: [{ ...GENERIC.overrides[0], codes: ['banned'] }] }],
  ['one broken rule among good ones', { rules: [...GENERIC.rules, { id: 'generic.more' }] }],
  ['a record that is kept for no day', { retention: [{ ...GENERIC.retention?.[0], days: 0 }] }],
  ['a document that nobody knows', { identity: { ...GENERIC.identity, anyOf: ['library_card'] } }],
])('a pack with %s does not fit the schema, and is refused whole', (_what, over) => {
  expect(schema.Check(changed(over))).toBe(false);
});

test.each([
  ['a rule that is not there', { identity: { ...GENERIC.identity, rule: 'generic.nowhere' } }],
  ['a rule that is there twice', { rules: [...GENERIC.rules, GENERIC.rules[0]] }],
  ["another pack's rule", { rules: [...GENERIC.rules, { ...GENERIC.rules[0], id: 'us-wa.minimum_age' }] }],
  ['an override of a rule on no credential', { overrides: [{ ...GENERIC.overrides[0], of: 'generic.identity' }] }],
  ['an age for alcohol only', { minimumAges: [{ basis: 'alcohol', years: 21, rule: 'generic.minimum_age' }] }],
  ['a beginning that is no date', { effectiveFrom: '2026-02-30' }],
  [
    'one kind of record that is kept for two times',
    { retention: [GENERIC.retention?.[0], { ...GENERIC.retention?.[0], days: 9 }] },
  ],
  ['a ban term by no rule of its own', { banTerms: [{ ...GENERIC.banTerms?.[0], rule: 'generic.nowhere' }] }],
  ['an end before its beginning', { effectiveFrom: '2026-12-01', effectiveTo: '2026-11-30' }],
])('a pack with %s fits the schema and is refused all the same', (_what, over) => {
  const pack = { ...(changed(over) as PolicyPack), version: 9 };
  expect(schema.Check(pack)).toBe(true);
  expect(installPack([], pack, { lastDate: null })).toEqual(refuse('pack_invalid'));
});

test('a pack is taken once for each version, and from a coming night on', () => {
  const next: PolicyPack = { ...GENERIC, version: 2, effectiveFrom: '2026-11-22' };
  const nights = { lastDate: '2026-11-21' };
  expect(eventOf(installPack(BUILT_IN_PACKS, next, nights)).body).toEqual({ pack: next });
  expect(installPack([...BUILT_IN_PACKS, next], next, nights)).toEqual(refuse('version_old'));
  expect(installPack(BUILT_IN_PACKS, { ...next, version: 1 }, nights)).toEqual(refuse('version_old'));
  expect(installPack(BUILT_IN_PACKS, { ...next, effectiveFrom: '2026-11-21' }, nights)).toEqual(refuse('date_past'));
});

test('the version that holds on a business date is the highest in force', () => {
  const two: PolicyPack = { ...GENERIC, version: 2, effectiveFrom: '2026-11-22', effectiveTo: '2026-12-31' };
  const three: PolicyPack = { ...GENERIC, version: 3, effectiveFrom: '2027-02-01' };
  const on = (date: string) => packOn([three, GENERIC, two], 'generic', date).version;
  expect([on('2026-11-21'), on('2026-11-22'), on('2026-12-31'), on('2027-01-01'), on('2027-02-01')]).toEqual([
    1, 2, 2, 1, 3,
  ]);
});

test('before its first day, and in a gap, a pack is its earliest version; one that nobody knows is the generic one', () => {
  const late: PolicyPack = { ...GENERIC, effectiveFrom: '2027-01-01', effectiveTo: '2027-01-31' };
  expect(packOn([late], 'generic', '2026-11-21')).toBe(late);
  expect(packOn([late], 'generic', '2027-06-01')).toBe(late);
  expect(packOn(BUILT_IN_PACKS, 'atlantis', '2026-11-21')).toBe(GENERIC);
});

test('a club changes its pack from a coming night on', () => {
  const command = { pack: 'us-wa', effectiveFrom: '2026-11-22', servesAlcohol: false, minimumAgeYears: 19 };
  const give = (over: object, lastDate: string | null = '2026-11-21') =>
    setPolicy(BUILT_IN_PACKS, { ...command, ...over }, { lastDate }, asking());
  expect(eventOf(give({})).body).toEqual({ policy: 'born', ...command });
  expect(give({ effectiveFrom: '2026-11-21' })).toEqual(refuse('date_past'));
  expect(give({ effectiveFrom: '2026-11-21' }, null).ok).toBe(true);
  expect(give({ effectiveFrom: '2026-11-31' })).toEqual(refuse('body_invalid'));
  expect(give({ pack: 'atlantis' })).toEqual(refuse('pack_unknown'));
});

test.each([
  ['late', 'us-wa.no_late_fee'],
  ['no_show', 'us-wa.no_no_show_fee'],
  ['non_payment', 'us-wa.no_non_payment_fee'],
  ['interest', 'us-wa.no_interest'],
  ['carry_forward', 'us-wa.no_carry'],
] as const)('Washington forbids the fee %s by the rule %s', (kind: FeeKind, rule) => {
  expect(forbidding(packNamed('us-wa'), kind)?.id).toBe(rule);
  expect(forbidding(GENERIC, kind)).toBeNull();
});

test('Washington allows what it does not name', () => {
  expect(forbidding(packNamed('us-wa'), 'cleaning')).toBeNull();
});

test("a rule is the pack's or the club's own, or there is none", () => {
  expect(ruleNamed(GENERIC, 'generic.credential')?.id).toBe('generic.credential');
  expect(ruleNamed(GENERIC, 'club.restriction')?.source).toBe("The club's own record");
  expect(ruleNamed(GENERIC, 'us-wa.no_carry')).toBeNull();
});
