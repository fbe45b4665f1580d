import { expect, test } from 'vitest';
import { eligibility, type CredentialFact } from '#shared/domain/eligibility.ts';
import { packOn } from '#shared/domain/policy-pack.ts';

const DATE = '2026-11-21';
const GENERIC_PACK = packOn('generic', DATE);
const engagement = 'independent_contractor' as const;
const OLD_ENOUGH = '1998-04-02';
const contract = (over: Partial<CredentialFact> = {}): CredentialFact => ({
  kind: 'contract',
  expiresOn: null,
  verified: true,
  ...over,
});
const ask = (birthDate: string | null, credentials: readonly CredentialFact[], date = DATE) => {
  const { verdict, reasons } = eligibility(
    { birthDate, engagement, credentials, restrictions: [] },
    GENERIC_PACK,
    date,
  );
  return [verdict, ...reasons.map(({ code }) => code)];
};

test('a grown dancer with a signed contract may work', () => {
  expect(
    eligibility({ birthDate: OLD_ENOUGH, engagement, credentials: [contract()], restrictions: [] }, GENERIC_PACK, DATE),
  ).toEqual({
    verdict: 'ALLOW',
    reasons: [],
    pack: 'generic',
    packVersion: 1,
  });
});

test('her 21st birthday is old enough, the day before is not', () => {
  expect(ask('2005-11-21', [contract()])).toEqual(['ALLOW']);
  expect(ask('2005-11-22', [contract()])).toEqual(['BLOCK', 'under_age']);
});

test('age counts on the business date, so a birthday at midnight does not help the night before', () => {
  expect(ask('2005-11-22', [contract()], '2026-11-21')).toEqual(['BLOCK', 'under_age']);
  expect(ask('2005-11-22', [contract()], '2026-11-22')).toEqual(['ALLOW']);
});

test('without a birth date she may not work', () => {
  expect(ask(null, [contract()])).toEqual(['BLOCK', 'birth_date_missing']);
});

test('without any credential that counts she may not work', () => {
  expect(ask(OLD_ENOUGH, [])).toEqual(['BLOCK', 'credential_missing']);
  expect(ask(OLD_ENOUGH, [contract({ kind: 'training' }), contract({ kind: 'alcohol_permit' })])).toEqual([
    'BLOCK',
    'credential_missing',
  ]);
});

test('a credential that nobody verified does not count', () => {
  expect(ask(OLD_ENOUGH, [contract({ verified: false })])).toEqual(['BLOCK', 'credential_unverified']);
  expect(ask(OLD_ENOUGH, [contract({ verified: false }), contract({ kind: 'work_card' })])).toEqual(['ALLOW']);
});

test('a credential is valid through the date it expires on, and not the day after', () => {
  expect(ask(OLD_ENOUGH, [contract({ expiresOn: DATE })])).toEqual(['WARN', 'credential_expires_soon']);
  expect(ask(OLD_ENOUGH, [contract({ expiresOn: '2026-11-20' })])).toEqual(['BLOCK', 'credential_expired']);
});

test('one expired card does not matter beside a valid one', () => {
  expect(
    ask(OLD_ENOUGH, [contract({ expiresOn: '2026-01-01' }), contract({ kind: 'work_card', expiresOn: '2027-06-01' })]),
  ).toEqual(['ALLOW']);
});

test('an expired but verified card does not make an unverified one count', () => {
  expect(ask(OLD_ENOUGH, [contract({ expiresOn: '2026-01-01' }), contract({ verified: false })])).toEqual([
    'BLOCK',
    'credential_expired',
  ]);
});

test('a warning begins fourteen days before, and is silent beside a card that lasts', () => {
  expect(ask(OLD_ENOUGH, [contract({ expiresOn: '2026-12-05' })])).toEqual(['WARN', 'credential_expires_soon']);
  expect(ask(OLD_ENOUGH, [contract({ expiresOn: '2026-12-06' })])).toEqual(['ALLOW']);
  expect(ask(OLD_ENOUGH, [contract({ expiresOn: '2026-11-25' }), contract()])).toEqual(['ALLOW']);
});

test('every reason is given at once, each with the rule of the pack it comes from', () => {
  const { verdict, reasons } = eligibility(
    { birthDate: '2010-01-01', engagement, credentials: [], restrictions: [] },
    GENERIC_PACK,
    DATE,
  );
  expect(verdict).toBe('BLOCK');
  expect(reasons).toEqual([
    { code: 'under_age', severity: 'BLOCK', rule: 'generic.minimum_age' },
    { code: 'credential_missing', severity: 'BLOCK', rule: 'generic.credential' },
  ]);
});

test('a pack that asks for two kinds of paper asks for each', () => {
  const pack = {
    ...GENERIC_PACK,
    credentials: [
      { anyOf: ['work_card'], engagements: null, rule: 'here.card' },
      { anyOf: ['alcohol_permit'], engagements: null, rule: 'here.alcohol' },
    ],
  } as const;
  const { reasons } = eligibility(
    { birthDate: OLD_ENOUGH, engagement, credentials: [contract({ kind: 'work_card' })], restrictions: [] },
    pack,
    DATE,
  );
  expect(reasons).toEqual([{ code: 'credential_missing', severity: 'BLOCK', rule: 'here.alcohol' }]);
});

test('a pack that asks for no papers lets her work on her age alone', () => {
  expect(
    eligibility(
      { birthDate: OLD_ENOUGH, engagement, credentials: [], restrictions: [] },
      { ...GENERIC_PACK, credentials: [] },
      DATE,
    ).verdict,
  ).toBe('ALLOW');
});

test('a paper that is asked of contractors is not asked of employees', () => {
  const pack = {
    ...GENERIC_PACK,
    credentials: [
      { anyOf: ['business_license'], engagements: ['independent_contractor', 'lease'], rule: 'here.licence' },
    ],
  } as const;
  const facts = { birthDate: OLD_ENOUGH, credentials: [], restrictions: [] };
  const verdicts = (['employee', 'independent_contractor', 'lease'] as const).map(
    (how) => eligibility({ ...facts, engagement: how }, pack, DATE).verdict,
  );
  expect(verdicts).toEqual(['ALLOW', 'BLOCK', 'BLOCK']);
});

test('of several ages the highest counts, and names itself', () => {
  const pack = {
    ...GENERIC_PACK,
    minimumAges: [
      { years: 18, rule: 'state' },
      { years: 21, rule: 'alcohol' },
      { years: 19, rule: 'city' },
    ],
  };
  const facts = { birthDate: '2006-11-21', engagement, credentials: [contract()], restrictions: [] };
  expect(eligibility(facts, pack, DATE).reasons).toEqual([{ code: 'under_age', severity: 'BLOCK', rule: 'alcohol' }]);
});

test.each(['banned', 'suspended', 'licence_expired', 'under_age'] as const)(
  'a dancer with good papers who is %s may not work, and the rule is named',
  (kind) => {
    const facts = { birthDate: OLD_ENOUGH, engagement, credentials: [contract()], restrictions: [kind] };
    expect(eligibility(facts, GENERIC_PACK, DATE)).toMatchObject({
      verdict: 'BLOCK',
      reasons: [{ code: kind, severity: 'BLOCK', rule: 'club.restriction' }],
    });
  },
);
