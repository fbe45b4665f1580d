import { expect, test } from 'vitest';
import { alertsOf, type HeldCredential } from '#shared/domain/alert.ts';
import type { CredentialFact, NightDates } from '#shared/domain/eligibility.ts';
import type { PolicyPack } from '#shared/domain/policy-words.ts';
import { AFTER_MIDNIGHT, contract, DATE, EVENING, GENERIC, GROWN, packNamed } from '../support/policy.ts';

const card = (credential: string, over: Partial<CredentialFact> = {}): HeldCredential => ({
  credential,
  ...contract(over),
});
const ask = (credentials: readonly HeldCredential[], dates: NightDates = EVENING, pack: PolicyPack = GENERIC) =>
  alertsOf({ ...GROWN, credentials }, pack, dates).map(({ code, credential, endsOn }) => [code, credential, endsOn]);

test('good papers are silent', () => {
  expect(ask([card('a')])).toEqual([]);
});

test('a credential is told of within the warning days, on its last day too, and not before', () => {
  expect(ask([card('a', { expiresOn: '2026-12-05' })])).toEqual([['credential_expires_soon', 'a', '2026-12-05']]);
  expect(ask([card('a', { expiresOn: DATE })])).toEqual([['credential_expires_soon', 'a', DATE]]);
  expect(ask([card('a', { expiresOn: '2026-12-06' })])).toEqual([]);
});

test('expired, missing and unverified ones are told of', () => {
  expect(ask([card('a', { expiresOn: '2026-11-20' })])).toEqual([['credential_expired', 'a', '2026-11-20']]);
  expect(ask([])).toEqual([['credential_missing', null, null]]);
  expect(ask([card('a', { state: 'PENDING_VERIFICATION' })])).toEqual([['credential_unverified', 'a', null]]);
});

test('a card that lasts silences the others of its group, but not one that nobody verified', () => {
  const others = [card('old', { expiresOn: '2026-01-01' }), card('gone', { state: 'REVOKED' })];
  expect(ask([card('a'), ...others])).toEqual([]);
  expect(ask([card('a'), card('new', { state: 'PENDING_VERIFICATION' })])).toEqual([
    ['credential_unverified', 'new', null],
  ]);
});

test('what another one took the place of is not told of', () => {
  expect(ask([card('old', { state: 'SUPERSEDED', expiresOn: '2026-01-01' })])).toEqual([
    ['credential_missing', null, null],
  ]);
});

test.each(['each_date', 'business_date'] as const)(
  'a card that expires at midnight inside the night is told of at midnight, where the pack counts by %s',
  (validOn) => {
    const pack = { ...GENERIC, validOn };
    const credentials = [card('a', { expiresOn: DATE })];
    const at = (dates: NightDates) => alertsOf({ ...GROWN, credentials }, pack, dates);
    expect(at(EVENING)).toMatchObject([{ code: 'credential_expires_soon', endedTonight: false }]);
    expect(at(AFTER_MIDNIGHT)).toMatchObject([{ code: 'credential_expired', endedTonight: true, endsOn: DATE }]);
  },
);

test('one that ran out before the night is no matter of this midnight', () => {
  const credentials = [card('a', { expiresOn: '2026-11-20' })];
  expect(alertsOf({ ...GROWN, credentials }, GENERIC, AFTER_MIDNIGHT)).toMatchObject([{ endedTonight: false }]);
});

test('identity that nobody checked is told of, with its rule and source', () => {
  expect(alertsOf({ ...GROWN, identityChecks: [], credentials: [] }, packNamed('us-fl'), EVENING)).toEqual([
    {
      code: 'identity_missing',
      severity: 'BLOCK',
      rule: 'us-fl.identity',
      source: 'Florida HB 7063 (2024), amendment 545678',
      credential: null,
      kind: null,
      endsOn: null,
      endedTonight: false,
    },
  ]);
});
