import { addDays, ageOn, daysBetween } from './calendar.ts';
import type { Engagement } from './event.ts';
import type { RestrictionKind } from './feed-words.ts';
import { minimumAge, ruleNamed, type Policy } from './policy-pack.ts';
import type {
  CredentialKind,
  CredentialState,
  DocumentKind,
  Eligibility,
  EligibilityReason,
  PolicyPack,
  ReasonCode,
} from './policy-words.ts';

export type CredentialFact = {
  readonly kind: CredentialKind;
  readonly issuedOn: string | null;
  /** Last date that it is valid on, through the end of that date by the club's calendar; null has no end. */
  readonly expiresOn: string | null;
  readonly state: CredentialState;
};
export type IdentityFact = { readonly document: DocumentKind; readonly expiresOn: string | null };
/** What counts for one dancer's papers. */
export type PaperFacts = {
  readonly engagement: Engagement;
  readonly credentials: readonly CredentialFact[];
  readonly identityChecks: readonly IdentityFact[];
};
export type DancerFacts = PaperFacts & {
  readonly birthDate: string | null;
  /** Kinds of restriction that stand against her: set by anybody, lifted by nobody. */
  readonly restrictions: readonly RestrictionKind[];
};
/** The business date, and the date on the club's calendar right now. */
export type NightDates = { readonly business: string; readonly today: string };

type Group = PolicyPack['credentials'][number];

/**
 * May she work on this business date? A pure function of stored facts and the pack, so that it answers
 * offline and can be asked again in an audit. Age counts on the business date.
 */
export function eligibility(facts: DancerFacts, policy: Policy, dates: NightDates): Eligibility {
  const { pack } = policy;
  const judged = judgedDate(pack, dates);
  const reasons = [
    ...facts.restrictions.map((code) => reason(pack, { code, severity: 'BLOCK', rule: 'club.restriction' })),
    ...ageReasons(facts.birthDate, policy, dates.business),
    ...identityReasons(facts, pack, judged),
    ...askedOf(facts, pack).flatMap((group) => credentialReasons(facts.credentials, group, pack, judged)),
  ];
  const verdict = reasons.some(({ severity }) => severity === 'BLOCK')
    ? 'BLOCK'
    : reasons.length > 0
      ? 'WARN'
      : 'ALLOW';
  return { verdict, reasons, pack: pack.pack, packVersion: pack.version };
}

/**
 * A night goes into the next date: a pack may ask for papers on that one too. A calendar that is further off than
 * the morning after belongs to a clock that is wrong, or to a night that nobody closed, and is not asked.
 */
export function judgedDate({ validOn }: PolicyPack, { business, today }: NightDates): string {
  return validOn === 'each_date' && daysBetween(business, today) === 1 ? today : business;
}

/** The groups that a pack asks of a dancer of her engagement. */
export function askedOf({ engagement }: PaperFacts, pack: PolicyPack): readonly Group[] {
  return pack.credentials.filter(({ engagements }) => engagements === null || engagements.includes(engagement));
}

/** The last date that a credential is valid on: its own end or that of its kind's term, whichever is earlier. */
export function lastDayOf({ kind, issuedOn, expiresOn }: CredentialFact, pack: PolicyPack): string | null {
  const term = pack.terms.find((one) => one.kind === kind);
  if (!term || issuedOn === null) return expiresOn;
  const byTerm = addDays(issuedOn, term.days - 1);
  return expiresOn !== null && expiresOn < byTerm ? expiresOn : byTerm;
}

export function reason(pack: PolicyPack, what: Omit<EligibilityReason, 'source'>): EligibilityReason {
  return { ...what, source: ruleNamed(pack, what.rule)?.source ?? null };
}

function ageReasons(birthDate: string | null, policy: Policy, date: string): EligibilityReason[] {
  const { years, rule } = minimumAge(policy);
  const blocked = (code: ReasonCode) => [reason(policy.pack, { code, severity: 'BLOCK', rule })];
  if (birthDate === null) return blocked('birth_date_missing');
  return ageOn(birthDate, date) < years ? blocked('under_age') : [];
}

/** A document that ran out since it was checked does not make her younger: it only warns. */
export function identityReasons({ identityChecks }: PaperFacts, pack: PolicyPack, date: string): EligibilityReason[] {
  const { anyOf, severity, rule } = pack.identity;
  const checks = identityChecks.filter(({ document }) => anyOf.includes(document));
  if (checks.length === 0) return [reason(pack, { code: 'identity_missing', severity, rule })];
  const lasting = checks.some(({ expiresOn }) => expiresOn === null || expiresOn >= date);
  return lasting ? [] : [reason(pack, { code: 'identity_expired', severity: 'WARN', rule })];
}

export function credentialReasons(
  credentials: readonly CredentialFact[],
  group: Group,
  pack: PolicyPack,
  date: string,
): EligibilityReason[] {
  const held = credentials.filter(({ kind, state }) => group.anyOf.includes(kind) && state !== 'SUPERSEDED');
  const faults = held.map((one) => faultOf(one, pack, date));
  const valid = held.filter((_one, at) => faults[at] === null);
  if (valid.length === 0) {
    // The fault of the paper that is nearest to being valid is told: what to do about it is the least.
    const code = NEAREST_FIRST.find((one) => faults.includes(one)) ?? 'credential_missing';
    return [reason(pack, { code, severity: 'BLOCK', rule: group.rule })];
  }
  return valid.some((one) => !endsSoon(one, pack, date))
    ? []
    : [reason(pack, { code: 'credential_expires_soon', severity: 'WARN', rule: group.rule })];
}

const NEAREST_FIRST: readonly ReasonCode[] = [
  'credential_expired',
  'credential_unverified',
  'credential_undated',
  'credential_not_yet_valid',
  'credential_suspended',
  'credential_revoked',
];

/** What keeps one paper from counting on a date; null where nothing does. */
export function faultOf(one: CredentialFact, pack: PolicyPack, date: string): ReasonCode | null {
  if (one.state === 'REVOKED') return 'credential_revoked';
  if (one.state === 'SUSPENDED') return 'credential_suspended';
  if (one.state === 'PENDING_VERIFICATION') return 'credential_unverified';
  if (one.issuedOn === null && pack.terms.some(({ kind }) => kind === one.kind)) return 'credential_undated';
  if (one.issuedOn !== null && one.issuedOn > date) return 'credential_not_yet_valid';
  const last = lastDayOf(one, pack);
  return last !== null && last < date ? 'credential_expired' : null;
}

/** Whether a valid credential ends within the pack's warning days. */
export function endsSoon(one: CredentialFact, pack: PolicyPack, date: string): boolean {
  const last = lastDayOf(one, pack);
  return last !== null && daysBetween(date, last) <= pack.warningDays;
}
