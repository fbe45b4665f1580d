import { Type } from 'typebox';
import type { Alert } from '#shared/domain/alert.ts';
import type { Role } from '#shared/domain/event.ts';
import type { Policy } from '#shared/domain/policy-pack.ts';
import type {
  CredentialKind,
  CredentialState,
  DocumentKind,
  Eligibility,
  Override,
} from '#shared/domain/policy-words.ts';
import { closed, DateText, Id, Name, Nothing, Pin, route } from './api-fields.ts';
import { PackSchema } from './policy-pack-schema.ts';
import { CredentialEndedByWord, CredentialKindWord, DocumentKindWord, OverrideReasonWord } from './words.ts';

const DateOrNone = Type.Union([Type.Null(), DateText]);
const paper = {
  issuer: Name,
  expiresOn: DateOrNone,
  verified: Type.Boolean(),
  /** Left out: nobody knows. */
  issuedOn: Type.Optional(DateOrNone),
  number: Type.Optional(Name),
};

/** Commands on papers, on the check-in past a BLOCK, and on the rules that they are judged by. */
export const POLICY_ROUTES = {
  'credential.add': route(
    '/dancers/:dancer/credentials',
    'Adds a credential to a dancer; its number is sealed',
    Type.Object({ kind: CredentialKindWord, ...paper }, closed),
  ),
  'credential.renew': route(
    '/credentials/:credential/renew',
    'Puts a new paper of the same kind in the place of this one',
    Type.Object(paper, closed),
  ),
  'credential.verify': route('/credentials/:credential/verify', 'Somebody has looked: it is a true one', Nothing),
  'credential.suspend': route(
    '/credentials/:credential/suspend',
    'A credential does not count until it is renewed',
    Type.Object({ endedBy: CredentialEndedByWord }, closed),
  ),
  'credential.revoke': route(
    '/credentials/:credential/revoke',
    'A credential counts no more',
    Type.Object({ endedBy: CredentialEndedByWord }, closed),
  ),
  'identity.check': route(
    '/dancers/:dancer/identity-checks',
    'Somebody held her document in hand; its issuer and last characters are sealed',
    Type.Object(
      {
        document: DocumentKindWord,
        issuer: Name,
        last4: Type.String({ pattern: '^[A-Za-z0-9]{1,4}$' }),
        expiresOn: DateOrNone,
        birthDate: DateText,
      },
      closed,
    ),
  ),
  'attendance.check_in_override': route(
    '/dancers/:dancer/check-in-override',
    'Checks a dancer in past a BLOCK that the policy pack lets be overridden',
    Type.Object(
      { reason: OverrideReasonWord, second: Type.Union([Type.Null(), Type.Object({ staff: Id, pin: Pin }, closed)]) },
      closed,
    ),
  ),
  'policy_pack.install': route(
    '/policy-packs',
    'Installs a version of a policy pack, whole or not at all',
    Type.Object({ pack: PackSchema }, closed),
  ),
  'club_policy.set': route(
    '/policy',
    'Says under which policy pack the club stands from a coming night on, and its own minimum age',
    Type.Object(
      {
        pack: Id,
        effectiveFrom: DateText,
        servesAlcohol: Type.Boolean(),
        minimumAgeYears: Type.Union([Type.Null(), Type.Integer({ minimum: 18, maximum: 99 })]),
      },
      closed,
    ),
  ),
} as const;

/** GET /dancers/:dancer/eligibility. `overridable`: who may let her in all the same, by which rules; null: nobody. */
export type EligibilityAnswer = Eligibility & {
  readonly overridable:
    | readonly { readonly rule: string; readonly roles: readonly Role[]; readonly second: readonly Role[] | null }[]
    | null;
};
/** GET /dancers/:dancer/papers. */
export type PapersAnswer = {
  readonly credentials: readonly {
    readonly credential: string;
    readonly kind: CredentialKind;
    readonly issuer: string;
    readonly issuedOn: string | null;
    readonly expiresOn: string | null;
    readonly state: CredentialState;
    readonly hasNumber: boolean;
  }[];
  readonly identityChecks: readonly {
    readonly identity: string;
    readonly document: DocumentKind;
    readonly expiresOn: string | null;
    readonly checkedBy: string;
    readonly checkedAt: number;
  }[];
};
/** GET /alerts: those who are here first. */
export type AlertsAnswer = readonly (Alert & {
  readonly dancer: string;
  readonly stageName: string;
  readonly isHere: boolean;
})[];
/** GET /overrides. `at` in epoch milliseconds. */
export type OverrideRow = Override & {
  readonly pos: number;
  readonly day: string | null;
  readonly at: number;
  readonly attendance: string;
  readonly dancer: string;
  readonly stageName: string;
  readonly eligibility: Eligibility;
};
/** GET /policy: what holds on `date`, and all that was set, by the first date that each holds on. */
export type PolicyAnswer = Policy & {
  readonly date: string;
  readonly minimumAge: { readonly years: number; readonly rule: string };
  readonly set: readonly {
    readonly effectiveFrom: string;
    readonly pack: string;
    readonly servesAlcohol: boolean;
    readonly minimumAgeYears: number | null;
  }[];
};
