import { expect, test } from 'vitest';
import { eligibility, type CredentialFact, type DancerFacts, type NightDates } from '#shared/domain/eligibility.ts';
import { AFTER_MIDNIGHT, contract, DATE, EVENING, GENERIC, GROWN, packNamed, under } from '../support/policy.ts';

const nightOf = (date: string): NightDates => ({ business: date, today: date });
const judge = (over: Partial<DancerFacts>, policy = under(GENERIC), dates = EVENING) => {
  const { verdict, reasons } = eligibility({ ...GROWN, ...over }, policy, dates);
  return [verdict, ...reasons.map(({ code }) => code)];
};
const ask = (birthDate: string | null, credentials: readonly CredentialFact[], date = DATE) =>
  judge({ birthDate, credentials }, under(GENERIC), nightOf(date));
const OLD_ENOUGH = '1998-04-02';

test('a grown dancer with a signed contract may work', () => {
  expect(eligibility(GROWN, under(GENERIC), EVENING)).toEqual({
    verdict: 'ALLOW',
    reasons: [],
    pack: 'generic',
    packVersion: 1,
  });
});

test('a birthday today is old enough, a day short is not', () => {
  expect(ask('2005-11-21', [contract()])).toEqual(['ALLOW']);
  expect(ask('2005-11-22', [contract()])).toEqual(['BLOCK', 'under_age']);
});

test('age counts on the business date, so a birthday at midnight does not help the night before', () => {
  expect(judge({ birthDate: '2005-11-22' }, under(GENERIC), AFTER_MIDNIGHT)).toEqual(['BLOCK', 'under_age']);
  expect(ask('2005-11-22', [contract()], '2026-11-22')).toEqual(['ALLOW']);
});

test('a leap-day birthday comes on 1 March of other years, and on its own day in a leap year', () => {
  expect(ask('2004-02-29', [contract()], '2025-02-28')).toEqual(['BLOCK', 'under_age']);
  expect(ask('2004-02-29', [contract()], '2025-03-01')).toEqual(['ALLOW']);
  const wa = under(packNamed('us-wa'), { servesAlcohol: false });
  const papers = [contract(), contract({ kind: 'training' })];
  const onLeapDay = (date: string) => judge({ birthDate: '2010-02-28', credentials: papers }, wa, nightOf(date));
  expect(onLeapDay('2028-02-27')).toEqual(['BLOCK', 'under_age']);
  expect(onLeapDay('2028-02-29')).toEqual(['ALLOW']);
});

test.each([
  ['state alone', { servesAlcohol: false }, '2008-11-21', 'ALLOW'],
  ['state alone, a day short', { servesAlcohol: false }, '2008-11-22', 'BLOCK'],
  ['alcohol above state', {}, '2008-11-21', 'BLOCK'],
  ['alcohol above state, old enough', {}, '2005-11-21', 'ALLOW'],
  ['the club above the law', { servesAlcohol: false, minimumAgeYears: 19 }, '2008-11-21', 'BLOCK'],
  ['the club never below the law', { minimumAgeYears: 18 }, '2008-11-21', 'BLOCK'],
] as const)(
  'the minimum age is the highest of state, local, alcohol and club: %s',
  (_what, over, birthDate, verdict) => {
    const credentials = [contract(), contract({ kind: 'training' })];
    expect(judge({ birthDate, credentials }, under(packNamed('us-wa'), over))[0]).toBe(verdict);
  },
);

test("an age of the club's own names the club's rule", () => {
  const { reasons } = eligibility(
    { ...GROWN, birthDate: '2000-01-01' },
    under(GENERIC, { minimumAgeYears: 30 }),
    EVENING,
  );
  expect(reasons).toEqual([
    { code: 'under_age', severity: 'BLOCK', rule: 'club.minimum_age', source: "The club's own policy" },
  ]);
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
  const pending = contract({ state: 'PENDING_VERIFICATION' });
  expect(ask(OLD_ENOUGH, [pending])).toEqual(['BLOCK', 'credential_unverified']);
  expect(ask(OLD_ENOUGH, [pending, contract({ kind: 'work_card' })])).toEqual(['ALLOW']);
});

test('a credential is valid through the date it expires on, and not the day after', () => {
  expect(ask(OLD_ENOUGH, [contract({ expiresOn: DATE })])).toEqual(['WARN', 'credential_expires_soon']);
  expect(ask(OLD_ENOUGH, [contract({ expiresOn: '2026-11-20' })])).toEqual(['BLOCK', 'credential_expired']);
});

test('a card that expires at midnight inside the night: the pack chooses whether a check-in after it is let through', () => {
  const credentials = [contract({ expiresOn: DATE })];
  expect(judge({ credentials }, under(GENERIC), EVENING)).toEqual(['WARN', 'credential_expires_soon']);
  expect(judge({ credentials }, under(GENERIC), AFTER_MIDNIGHT)).toEqual(['BLOCK', 'credential_expired']);
  const lenient = under({ ...GENERIC, validOn: 'business_date' });
  expect(judge({ credentials }, lenient, AFTER_MIDNIGHT)).toEqual(['WARN', 'credential_expires_soon']);
});

test('a calendar that is days off the night is a wrong clock, and is not asked', () => {
  const credentials = [contract({ expiresOn: '2026-11-22' })];
  expect(judge({ credentials }, under(GENERIC), { business: DATE, today: '2031-01-01' })[0]).toBe('WARN');
});

test('one expired card does not matter beside a valid one', () => {
  const cards = [contract({ expiresOn: '2026-01-01' }), contract({ kind: 'work_card', expiresOn: '2027-06-01' })];
  expect(ask(OLD_ENOUGH, cards)).toEqual(['ALLOW']);
});

test('of two credentials of which one is revoked the other counts', () => {
  expect(ask(OLD_ENOUGH, [contract({ state: 'REVOKED' }), contract()])).toEqual(['ALLOW']);
  expect(ask(OLD_ENOUGH, [contract({ state: 'REVOKED' }), contract({ state: 'REVOKED' })])).toEqual([
    'BLOCK',
    'credential_revoked',
  ]);
});

test.each([
  ['SUSPENDED', 'credential_suspended'],
  ['REVOKED', 'credential_revoked'],
  ['SUPERSEDED', 'credential_missing'],
] as const)('a credential that is %s does not count', (state, code) => {
  expect(ask(OLD_ENOUGH, [contract({ state })])).toEqual(['BLOCK', code]);
});

test('of several faults the one that is nearest to being mended is told', () => {
  const cards = [
    contract({ state: 'REVOKED' }),
    contract({ expiresOn: '2026-01-01' }),
    contract({ state: 'SUSPENDED' }),
  ];
  expect(ask(OLD_ENOUGH, cards)).toEqual(['BLOCK', 'credential_expired']);
});

test('a credential that is issued tomorrow does not count today', () => {
  expect(ask(OLD_ENOUGH, [contract({ issuedOn: '2026-11-22' })])).toEqual(['BLOCK', 'credential_not_yet_valid']);
  expect(ask(OLD_ENOUGH, [contract({ issuedOn: DATE })])).toEqual(['ALLOW']);
});

test('a temporary authorisation of Phoenix lasts ten calendar days from its issue', () => {
  const phoenix = under(packNamed('us-az-phoenix'));
  const temporary = (over: Partial<CredentialFact>) =>
    judge({ credentials: [contract({ kind: 'temporary_authorization', ...over })] }, phoenix);
  expect(temporary({ issuedOn: '2026-11-12' })).toEqual(['WARN', 'credential_expires_soon']);
  expect(temporary({ issuedOn: '2026-11-11' })).toEqual(['BLOCK', 'credential_expired']);
  expect(temporary({ issuedOn: '2026-11-12', expiresOn: '2027-11-12' })).toEqual(['WARN', 'credential_expires_soon']);
  expect(temporary({})).toEqual(['BLOCK', 'credential_undated']);
});

test('Reno asks a business licence of independent contractors, and not of employees', () => {
  const reno = under(packNamed('us-nv-reno'));
  const credentials = [contract({ kind: 'work_card' })];
  expect(judge({ engagement: 'employee', credentials }, reno)).toEqual(['ALLOW']);
  expect(judge({ engagement: 'independent_contractor', credentials }, reno)).toEqual(['BLOCK', 'credential_missing']);
});

test.each([
  ['generic', 'WARN'],
  ['us-wa', 'WARN'],
  ['us-tx', 'BLOCK'],
  ['us-fl', 'BLOCK'],
  ['us-nv-reno', 'BLOCK'],
  ['us-az-phoenix', 'BLOCK'],
  ['us-ga-fulton', 'BLOCK'],
] as const)('whom nobody identified: %s gives %s', (pack, severity) => {
  const { reasons } = eligibility({ ...GROWN, identityChecks: [] }, under(packNamed(pack)), EVENING);
  expect(reasons).toContainEqual(expect.objectContaining({ code: 'identity_missing', severity }));
});

test('a document that ran out since it was seen warns, for nobody grows younger', () => {
  const passport = { document: 'passport', expiresOn: '2026-11-20' } as const;
  expect(judge({ identityChecks: [passport], credentials: [] }, under(packNamed('us-tx')))).toEqual([
    'WARN',
    'identity_expired',
  ]);
  expect(judge({ identityChecks: [{ ...passport, expiresOn: DATE }] })).toEqual(['ALLOW']);
});

test('a warning begins fourteen days before, and is silent beside a card that lasts', () => {
  expect(ask(OLD_ENOUGH, [contract({ expiresOn: '2026-12-05' })])).toEqual(['WARN', 'credential_expires_soon']);
  expect(ask(OLD_ENOUGH, [contract({ expiresOn: '2026-12-06' })])).toEqual(['ALLOW']);
  expect(ask(OLD_ENOUGH, [contract({ expiresOn: '2026-11-25' }), contract()])).toEqual(['ALLOW']);
});

test('every reason is given at once, each with the rule of the pack it comes from and its source', () => {
  const { verdict, reasons } = eligibility(
    { ...GROWN, birthDate: '2010-01-01', credentials: [] },
    under(GENERIC),
    EVENING,
  );
  expect(verdict).toBe('BLOCK');
  expect(reasons).toEqual([
    {
      code: 'under_age',
      severity: 'BLOCK',
      rule: 'generic.minimum_age',
      source: 'ClubOps default, after Tex. Lab. Code 51.016 and Florida HB 7063 (2024)',
    },
    {
      code: 'credential_missing',
      severity: 'BLOCK',
      rule: 'generic.credential',
      source: 'ClubOps default, after Reno Mun. Code 5.06.100',
    },
  ]);
});

test('a pack that asks for two kinds of paper asks for each', () => {
  expect(judge({ credentials: [contract()] }, under(packNamed('us-wa')))).toEqual(['BLOCK', 'credential_missing']);
});

test('a pack that asks for no papers lets her work on her age and her document alone', () => {
  expect(judge({ credentials: [] }, under(packNamed('us-fl')))).toEqual(['ALLOW']);
});

test.each(['banned', 'suspended', 'licence_expired', 'under_age'] as const)(
  'a dancer with good papers who is %s may not work, and the rule is named',
  (kind) => {
    expect(eligibility({ ...GROWN, restrictions: [kind] }, under(GENERIC), EVENING)).toMatchObject({
      verdict: 'BLOCK',
      reasons: [{ code: kind, severity: 'BLOCK', rule: 'club.restriction', source: "The club's own record" }],
    });
  },
);
