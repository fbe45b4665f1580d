import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  addCredential,
  checkIdentity,
  renewCredential,
  revokeCredential,
  suspendCredential,
  verifyCredential,
  type StoredCredential,
} from '#shared/domain/credential.ts';
import type { CredentialState } from '#shared/domain/policy-words.ts';
import { refuse } from '#shared/kit/decision.ts';
import { asking, eventOf } from '../support/rules.ts';

const CARD = {
  dancer: 'jade',
  kind: 'work_card',
  issuer: 'Reno',
  issuedOn: '2026-02-01',
  expiresOn: '2027-01-31',
  verified: false,
} as const;
const PAPER = { issuer: 'Reno', issuedOn: '2027-01-15', expiresOn: '2028-01-31', verified: true };
const NUMBER = { jade: { credential_number: 'v1.sealed' } };
const held = (state: CredentialState): StoredCredential => ({
  credential: 'card',
  dancer: 'jade',
  kind: 'work_card',
  state,
});
const BY = { endedBy: 'issuer' } as const;

test('a credential belongs to a known dancer, and its number is only in what is sealed', () => {
  const added = eventOf(addCredential(true, CARD, NUMBER, asking()));
  expect(added.body).toEqual({ credential: 'born', ...CARD, renews: null });
  expect(added).toMatchObject({ sub: ['jade'], pii: NUMBER });
  expect(addCredential(false, CARD, {}, asking())).toEqual(refuse('dancer_unknown'));
});

test.each([
  ['no end', { expiresOn: null }, true],
  ['no issue', { issuedOn: null }, true],
  ['an end that is no date', { expiresOn: '2027-02-30' }, false],
  ['an issue that is no date', { issuedOn: '2026-13-01' }, false],
  ['an end before its issue', { issuedOn: '2027-02-01' }, false],
  ['an end on its issue', { issuedOn: '2027-01-31' }, true],
] as const)('a credential with %s', (_what, over, isFit) => {
  const decision = addCredential(true, { ...CARD, ...over }, {}, asking());
  expect(decision.ok ? 'accepted' : decision.refusal).toBe(isFit ? 'accepted' : 'body_invalid');
});

test('a renewal is of the same dancer and kind, and names what it takes the place of', () => {
  expect(eventOf(renewCredential(held('SUSPENDED'), PAPER, NUMBER, asking())).body).toEqual({
    credential: 'born',
    dancer: 'jade',
    kind: 'work_card',
    ...PAPER,
    renews: 'card',
  });
  expect(renewCredential(undefined, PAPER, {}, asking())).toEqual(refuse('credential_unknown'));
  expect(renewCredential(held('SUPERSEDED'), PAPER, {}, asking())).toEqual(refuse('credential_superseded'));
});

const STEPS = {
  verify: (one: StoredCredential) => verifyCredential(one, asking()),
  suspend: (one: StoredCredential) => suspendCredential(one, BY, asking()),
  revoke: (one: StoredCredential) => revokeCredential(one, BY, asking()),
  renew: (one: StoredCredential) => renewCredential(one, PAPER, {}, asking()),
} as const;
/** Where each step leads, from where it is allowed. */
const LEADS: Record<keyof typeof STEPS, Partial<Record<CredentialState, CredentialState>>> = {
  verify: { PENDING_VERIFICATION: 'ACTIVE' },
  suspend: { ACTIVE: 'SUSPENDED' },
  revoke: { PENDING_VERIFICATION: 'REVOKED', ACTIVE: 'REVOKED', SUSPENDED: 'REVOKED' },
  renew: {
    PENDING_VERIFICATION: 'SUPERSEDED',
    ACTIVE: 'SUPERSEDED',
    SUSPENDED: 'SUPERSEDED',
    REVOKED: 'SUPERSEDED',
  },
};
const AFTER = {
  'credential.verified': 'ACTIVE',
  'credential.suspended': 'SUSPENDED',
  'credential.revoked': 'REVOKED',
  'credential.added': 'SUPERSEDED',
} as const;

function stepFrom(step: keyof typeof STEPS, state: CredentialState): keyof typeof AFTER | null {
  const decision = STEPS[step](held(state));
  return decision.ok ? (decision.events[0]?.type ?? null) : null;
}

test('whatever is done to a credential, it goes only where its states lead', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('verify', 'suspend', 'revoke', 'renew')), (steps) => {
      let state: CredentialState = 'PENDING_VERIFICATION';
      for (const step of steps) {
        const before: CredentialState = state;
        const type = stepFrom(step, before);
        state = type === null ? before : AFTER[type];
        expect(state).toBe(LEADS[step][before] ?? before);
        expect(type !== null).toBe(LEADS[step][before] !== undefined);
      }
    }),
  );
});

test('who verified, suspended or revoked it is told, and nobody does it to one that is not there', () => {
  expect(eventOf(verifyCredential(held('PENDING_VERIFICATION'), asking())).body).toEqual({
    credential: 'card',
    dancer: 'jade',
    by: 'staff-1',
  });
  expect(eventOf(revokeCredential(held('ACTIVE'), { endedBy: 'police' }, asking())).body).toMatchObject({
    endedBy: 'police',
    by: 'staff-1',
  });
  expect(verifyCredential(undefined, asking())).toEqual(refuse('credential_unknown'));
  expect(suspendCredential(undefined, BY, asking())).toEqual(refuse('credential_unknown'));
  expect(revokeCredential(undefined, BY, asking())).toEqual(refuse('credential_unknown'));
});

const SEEN = { dancer: 'jade', document: 'passport', expiresOn: '2026-11-21', birthDate: '1998-04-02' } as const;
const FACTS = { known: true, birthDate: '1998-04-02', today: '2026-11-21' };
const SEALED = { jade: { identity_issuer: 'v1.a', identity_last4: 'v1.b' } };

test('an identity check says document, end and checker; the birth date is compared and not kept again', () => {
  const checked = eventOf(checkIdentity(FACTS, SEEN, SEALED, asking()));
  expect(checked).toMatchObject({ sub: ['jade'], pii: SEALED });
  expect(checked.body).toEqual({
    identity: 'born',
    dancer: 'jade',
    document: 'passport',
    expiresOn: '2026-11-21',
    by: 'staff-1',
  });
});

test('a document that ran out, or that says another birth date, identifies nobody', () => {
  const give = (over: object, facts: object = {}) =>
    checkIdentity({ ...FACTS, ...facts }, { ...SEEN, ...over }, SEALED, asking());
  expect(give({ expiresOn: '2026-11-20' })).toEqual(refuse('document_expired'));
  expect(give({ expiresOn: '2026-02-30' })).toEqual(refuse('body_invalid'));
  expect(give({ expiresOn: null }).ok).toBe(true);
  expect(give({ birthDate: '1998-04-03' })).toEqual(refuse('birth_date_differs'));
  expect(give({}, { birthDate: null })).toEqual(refuse('birth_date_differs'));
  expect(give({}, { known: false })).toEqual(refuse('dancer_unknown'));
});
