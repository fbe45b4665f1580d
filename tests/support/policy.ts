import type { CredentialFact, DancerFacts, NightDates } from '#shared/domain/eligibility.ts';
import { BUILT_IN_PACKS, packOn, type Policy } from '#shared/domain/policy-pack.ts';
import type { PolicyPack } from '#shared/domain/policy-words.ts';

/** The club's Saturday, and its Sunday's calendar date after midnight. */
export const DATE = '2026-11-21';
export const EVENING: NightDates = { business: DATE, today: DATE };
export const AFTER_MIDNIGHT: NightDates = { business: DATE, today: '2026-11-22' };

export const packNamed = (name: string): PolicyPack => packOn(BUILT_IN_PACKS, name, DATE);
export const GENERIC = packNamed('generic');
export const under = (pack: PolicyPack, over: Partial<Policy> = {}): Policy => ({
  pack,
  servesAlcohol: true,
  minimumAgeYears: null,
  ...over,
});

export const contract = (over: Partial<CredentialFact> = {}): CredentialFact => ({
  kind: 'contract',
  issuedOn: null,
  expiresOn: null,
  state: 'ACTIVE',
  ...over,
});

/** A grown dancer whose passport was seen and who signed a contract. */
export const GROWN: DancerFacts = {
  engagement: 'lease',
  birthDate: '1998-04-02',
  credentials: [contract()],
  identityChecks: [{ document: 'passport', expiresOn: null }],
  restrictions: [],
};
