import type { CredentialEndedBy, CredentialKind, DocumentKind, PolicyPack } from './policy-words.ts';

/** What happens to papers and to the rules that they are judged by. */
export type PolicyEvents = {
  /** Its number, where one was given, is sealed. `renews` is SUPERSEDED by it. */
  'credential.added': {
    readonly credential: string;
    readonly dancer: string;
    readonly kind: CredentialKind;
    readonly issuer: string;
    readonly issuedOn: string | null;
    readonly expiresOn: string | null;
    readonly verified: boolean;
    readonly renews: string | null;
  };
  'credential.verified': { readonly credential: string; readonly dancer: string; readonly by: string };
  'credential.suspended': {
    readonly credential: string;
    readonly dancer: string;
    readonly endedBy: CredentialEndedBy;
    readonly by: string;
  };
  'credential.revoked': {
    readonly credential: string;
    readonly dancer: string;
    readonly endedBy: CredentialEndedBy;
    readonly by: string;
  };
  /** The document's issuer and its last four characters are sealed. */
  'identity.checked': {
    readonly identity: string;
    readonly dancer: string;
    readonly document: DocumentKind;
    readonly expiresOn: string | null;
    readonly by: string;
  };
  'policy_pack.installed': { readonly pack: PolicyPack };
  /** Holds from the night of `effectiveFrom` on, until a later one does. */
  'club_policy.set': {
    readonly policy: string;
    readonly pack: string;
    readonly effectiveFrom: string;
    readonly servesAlcohol: boolean;
    readonly minimumAgeYears: number | null;
  };
};
