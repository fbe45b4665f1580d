import fc from 'fast-check';
import { expect, test } from 'vitest';
import { complianceAlerts } from '#shared/domain/compliance-alert.ts';
import { eligibility, type CredentialFact } from '#shared/domain/eligibility.ts';
import { packOn } from '#shared/domain/policy-pack.ts';

const DATE = '2026-11-21';
const engagement = 'independent_contractor' as const;
const held = (kind: CredentialFact['kind'], expiresOn: string | null, verified = true): CredentialFact => ({
  kind,
  expiresOn,
  verified,
});
const alerts = (credentials: readonly CredentialFact[], pack = 'us-nv-reno') =>
  complianceAlerts({ engagement, credentials }, packOn(pack, DATE), DATE);
const words = (credentials: readonly CredentialFact[], pack?: string) =>
  alerts(credentials, pack).map(({ code, kinds, days }) => `${code} ${kinds.join('/')} ${days}`);
const LICENCE = held('business_license', null);

test('what is asked for and missing, or held by nobody’s verification, is told with its rule', () => {
  expect(alerts([LICENCE])).toEqual([
    { code: 'credential_missing', kinds: ['work_card'], expiresOn: null, days: null, rule: 'us-nv-reno.work_card' },
  ]);
  expect(words([LICENCE, held('work_card', null, false)])).toEqual(['credential_unverified work_card null']);
});

test('a card is told of from fourteen days before its last date on, on that date, and after it', () => {
  const at = (expiresOn: string) => words([LICENCE, held('work_card', expiresOn)]);
  expect(at('2026-12-06')).toEqual([]);
  expect(at('2026-12-05')).toEqual(['credential_expires_soon work_card 14']);
  expect(at('2026-11-21')).toEqual(['credential_expires_soon work_card 0']);
  expect(at('2026-11-20')).toEqual(['credential_expired work_card -1']);
});

test('one that was renewed is silent, and one that another paper makes up for tonight is not', () => {
  expect(words([LICENCE, held('work_card', '2026-11-01'), held('work_card', '2027-11-01')])).toEqual([]);
  const cards = [held('performer_card', null), held('provisional_card', '2026-11-22')];
  expect(words(cards, 'us-az-phoenix')).toEqual(['credential_expires_soon provisional_card 1']);
});

test('one that nobody verified does not hide that the verified one has ended', () => {
  const cards = [held('work_card', '2026-11-01'), held('work_card', '2027-11-01', false)];
  expect(words([LICENCE, ...cards])).toEqual(['credential_expired work_card -20']);
});

test('one that no rule asks for is told of without a rule', () => {
  expect(alerts([LICENCE, held('work_card', null), held('alcohol_permit', '2026-11-19')])).toEqual([
    { code: 'credential_expired', kinds: ['alcohol_permit'], expiresOn: '2026-11-19', days: -2, rule: null },
  ]);
});

test('what ended longest ago comes first', () => {
  const credentials = [LICENCE, held('work_card', '2026-11-25'), held('training', '2026-09-01')];
  expect(words(credentials)).toEqual(['credential_expired training -81', 'credential_expires_soon work_card 4']);
});

test('whoever is warned of or blocked for her papers at the door is on the list', () => {
  const kinds = ['work_card', 'business_license', 'contract', 'adult_permit'] as const;
  const ends = ['2026-10-01', '2026-11-20', DATE, '2026-12-01', '2027-06-01', null] as const;
  const papers = fc.array(
    fc.record({ kind: fc.constantFrom(...kinds), expiresOn: fc.constantFrom(...ends), verified: fc.boolean() }),
    { maxLength: 5 },
  );
  const packs = fc.constantFrom('generic', 'us-wa', 'us-tx', 'us-nv-reno', 'us-az-phoenix', 'us-ga-fulton');
  fc.assert(
    fc.property(papers, packs, (credentials, name) => {
      const pack = packOn(name, DATE);
      const facts = { birthDate: '1990-01-01', engagement, credentials, restrictions: [] };
      const asked = eligibility(facts, pack, DATE).reasons.map(({ rule }) => rule);
      const told = complianceAlerts(facts, pack, DATE).map(({ rule }) => rule);
      expect(asked.filter((rule) => !told.includes(rule))).toEqual([]);
    }),
    { numRuns: 500 },
  );
});
