import type { Engagement, Role } from './event.ts';
import type { BanEvidence, BanScope, ErasedHow, RecordKind } from './safety-words.ts';

/** The words of eligibility and of policy packs: what packs, papers and decisions are made of. */
export type CredentialKind =
  | 'work_card'
  | 'performer_card'
  | 'adult_permit'
  | 'alcohol_permit'
  | 'business_license'
  | 'provisional_card'
  | 'temporary_authorization'
  | 'contract'
  | 'training';
/** EXPIRING and EXPIRED are read from the date and never stored. */
export type CredentialState = 'PENDING_VERIFICATION' | 'ACTIVE' | 'SUSPENDED' | 'REVOKED' | 'SUPERSEDED';
/** Whose act it was; what there is to tell beside it goes into a note, which is sealed. */
export type CredentialEndedBy = 'issuer' | 'police' | 'club' | 'entered_wrongly';
export type DocumentKind = 'driver_license' | 'state_id' | 'passport' | 'us_military_id';

/** What may be overridden where a pack says so. Neither age nor identity nor a restriction is among them. */
export const OVERRIDABLE = [
  'credential_missing',
  'credential_expired',
  'credential_unverified',
  'credential_suspended',
  'credential_undated',
] as const;
export type OverridableCode = (typeof OVERRIDABLE)[number];
export type ReasonCode =
  | OverridableCode
  | 'under_age'
  | 'birth_date_missing'
  | 'identity_missing'
  | 'identity_expired'
  | 'credential_revoked'
  | 'credential_not_yet_valid'
  | 'credential_expires_soon'
  | 'banned'
  | 'suspended'
  | 'licence_expired';

export type EligibilityReason = {
  readonly code: ReasonCode;
  readonly severity: 'WARN' | 'BLOCK';
  /** Id of a pack's rule, or of one of the club's own. */
  readonly rule: string;
  /** Where the rule stands; null in decisions that were kept before sources were. */
  readonly source: string | null;
};
/** The whole decision, as it is kept with a check-in. */
export type Eligibility = {
  readonly verdict: 'ALLOW' | 'WARN' | 'BLOCK';
  readonly reasons: readonly EligibilityReason[];
  readonly pack: string;
  readonly packVersion: number;
};
export type OverrideReason = 'renewal_filed' | 'issuer_confirmed' | 'paper_seen' | 'registry_unreachable';
/** Who let her in past a BLOCK that the pack lets be overridden; `rules` are the pack's rules that allow it. */
export type Override = {
  readonly by: string;
  readonly role: Role;
  readonly reason: OverrideReason;
  readonly second: string | null;
  readonly rules: readonly string[];
};

export type FeeKind =
  | 'late'
  | 'no_show'
  | 'early_leave'
  | 'missed_stage'
  | 'stage_buyout'
  | 'cleaning'
  | 'card_replacement'
  | 'room_charge'
  | 'non_payment'
  | 'interest'
  | 'carry_forward';

/** A rule of a place, in our words. */
export type PolicyRule = {
  readonly id: string;
  readonly source: string;
  readonly summary: string;
  readonly checkedOn: string;
};
export type Kept = { readonly days: number; readonly how: ErasedHow; readonly rule: string };
/** In years from the incident; the least scope, or null where a club may decide for itself. */
export type BanTerm = { readonly minimumYears: number; readonly scope: BanScope | null; readonly rule: string };
/** The law of a place as data. A rule that is not in a pack is not enforced; a rule in one names itself when it refuses. */
export type PolicyPack = {
  readonly pack: string;
  readonly version: number;
  /** First and last business date that it holds on; null has no end. */
  readonly effectiveFrom: string;
  readonly effectiveTo: string | null;
  readonly rules: readonly PolicyRule[];
  /** The highest of those that apply counts; `alcohol` applies where the club serves it. */
  readonly minimumAges: readonly {
    readonly basis: 'state' | 'local' | 'alcohol';
    readonly years: number;
    readonly rule: string;
  }[];
  /** An identity check by any of these documents. */
  readonly identity: {
    readonly anyOf: readonly DocumentKind[];
    readonly severity: 'WARN' | 'BLOCK';
    readonly rule: string;
  };
  /** Each group is met by any one credential of its kinds. Empty: the place asks for none. */
  readonly credentials: readonly {
    readonly anyOf: readonly CredentialKind[];
    /** Asked of these only; null of everybody. */
    readonly engagements: readonly Engagement[] | null;
    readonly rule: string;
  }[];
  /** A credential of this kind ends so many calendar days after it was issued, the day of issue counted. */
  readonly terms: readonly { readonly kind: CredentialKind; readonly days: number; readonly rule: string }[];
  readonly warningDays: number;
  /** Whether a credential has to be valid on the business date only, or also on the calendar date of a check-in after midnight. */
  readonly validOn: 'business_date' | 'each_date';
  /** A BLOCK for a credential rule (`of`) that these roles may override, with a second person of other roles where `second` names any. */
  readonly overrides: readonly {
    readonly of: string;
    readonly codes: readonly OverridableCode[];
    readonly roles: readonly Role[];
    readonly second: readonly Role[] | null;
    readonly rule: string;
  }[];
  readonly forbiddenFees: readonly { readonly kind: FeeKind; readonly rule: string }[];
  /** What a house fee may come to at most, for each period; null: no cap. */
  readonly feeCap: {
    readonly percent: number;
    /** Of the part that public dances give, in cents. */
    readonly publicMaxCents: number;
    readonly periodHours: number;
    readonly rule: string;
  } | null;
  /** What the state takes for each entry of a customer, in cents. */
  readonly entryFee: { readonly cents: number; readonly dueDay: number; readonly rule: string } | null;
  /** How many days each kind of record is kept, and how it goes; a kind that is not named is kept as the generic pack says. */
  readonly retention?: readonly ({ readonly kind: RecordKind } & Kept)[];
  /** How long and how far a ban holds at least, by its evidence; one that is not named, as the generic pack says. */
  readonly banTerms?: readonly ({ readonly evidence: BanEvidence } & BanTerm)[];
};
