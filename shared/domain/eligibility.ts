import { ageOn, daysBetween } from './calendar.ts';
import type { CredentialKind, Eligibility, EligibilityReason, Engagement } from './event.ts';
import type { RestrictionKind } from './feed-words.ts';
import { minimumAge, type CredentialGroup, type PolicyPack } from './policy-pack.ts';

export type CredentialFact = {
  readonly kind: CredentialKind;
  /** Last date that it is valid on, through the end of that date by the club's calendar; null has no end. */
  readonly expiresOn: string | null;
  readonly verified: boolean;
};
export type DancerFacts = {
  readonly birthDate: string | null;
  readonly engagement: Engagement;
  readonly credentials: readonly CredentialFact[];
  /** Kinds of restriction that stand against her: set by anybody, lifted by nobody. */
  readonly restrictions: readonly RestrictionKind[];
};

const RESTRICTION_RULE = 'club.restriction';

/**
 * May she work on this business date? A pure function of stored facts and the pack, so that it answers
 * offline and can be asked again in an audit. Age counts on the business date.
 */
export function eligibility(facts: DancerFacts, pack: PolicyPack, date: string): Eligibility {
  const reasons = [
    ...facts.restrictions.map((code) => ({ code, severity: 'BLOCK' as const, rule: RESTRICTION_RULE })),
    ...ageReasons(facts.birthDate, pack, date),
    ...groupsFor(pack, facts.engagement).flatMap((group) => credentialReasons(facts, group, { pack, date })),
  ];
  const verdict = reasons.some(({ severity }) => severity === 'BLOCK')
    ? 'BLOCK'
    : reasons.length > 0
      ? 'WARN'
      : 'ALLOW';
  return { verdict, reasons, pack: pack.pack, packVersion: pack.version };
}

function ageReasons(birthDate: string | null, pack: PolicyPack, date: string): EligibilityReason[] {
  const minimum = minimumAge(pack);
  if (!minimum) return [];
  const { years, rule } = minimum;
  if (birthDate === null) return [{ code: 'birth_date_missing', severity: 'BLOCK', rule }];
  return ageOn(birthDate, date) < years ? [{ code: 'under_age', severity: 'BLOCK', rule }] : [];
}

/** What the pack asks of a dancer who is engaged like this. */
export function groupsFor(pack: PolicyPack, engagement: Engagement): readonly CredentialGroup[] {
  return pack.credentials.filter(({ engagements }) => engagements === null || engagements.includes(engagement));
}

function credentialReasons(
  facts: DancerFacts,
  group: CredentialGroup,
  { pack, date }: { readonly pack: PolicyPack; readonly date: string },
): EligibilityReason[] {
  const held = facts.credentials.filter(({ kind }) => group.anyOf.includes(kind));
  const blocked = (code: EligibilityReason['code']): EligibilityReason[] => [
    { code, severity: 'BLOCK', rule: group.rule },
  ];
  if (held.length === 0) return blocked('credential_missing');
  const verified = held.filter((one) => one.verified);
  if (verified.length === 0) return blocked('credential_unverified');
  const valid = verified.filter(({ expiresOn }) => expiresOn === null || expiresOn >= date);
  if (valid.length === 0) return blocked('credential_expired');
  const lasting = valid.some(({ expiresOn }) => expiresOn === null || daysBetween(date, expiresOn) > pack.warningDays);
  return lasting ? [] : [{ code: 'credential_expires_soon', severity: 'WARN', rule: group.rule }];
}
