import { daysBetween } from './calendar.ts';
import { groupsFor, type CredentialFact, type DancerFacts } from './eligibility.ts';
import type { CredentialKind, ReasonCode } from './event.ts';
import type { PolicyPack } from './policy-pack.ts';

/**
 * What is wrong with a dancer's papers, or soon will be. `kinds` is what would mend it, `days` how long is left (negative:
 * so long ago; null where nothing ends), `rule` the pack's that asks for it (null: she holds it, and nobody asks).
 */
export type ComplianceAlert = {
  readonly code: Extract<
    ReasonCode,
    'credential_missing' | 'credential_unverified' | 'credential_expired' | 'credential_expires_soon'
  >;
  readonly kinds: readonly CredentialKind[];
  readonly expiresOn: string | null;
  readonly days: number | null;
  readonly rule: string | null;
};

/**
 * All that a manager should see to on a business date (`YYYY-MM-DD`), the most urgent first: what is asked for and is
 * missing or unverified, and each kind that she holds whose last one has ended or ends within the pack's warning days.
 * Unlike her eligibility it also tells of a paper that another one makes up for tonight.
 */
export function complianceAlerts(
  facts: Pick<DancerFacts, 'engagement' | 'credentials'>,
  pack: PolicyPack,
  date: string,
): readonly ComplianceAlert[] {
  const groups = groupsFor(pack, facts.engagement);
  const asked = groups.flatMap(({ anyOf, rule }): ComplianceAlert[] => {
    const held = facts.credentials.filter(({ kind }) => anyOf.includes(kind));
    if (held.some(({ verified }) => verified)) return [];
    const code = held.length === 0 ? 'credential_missing' : 'credential_unverified';
    return [{ code, kinds: anyOf, expiresOn: null, days: null, rule }];
  });
  const kinds = [...new Set(facts.credentials.map(({ kind }) => kind))];
  const ending = kinds.flatMap((kind) => {
    const ends = lastEnd(facts.credentials.filter((one) => one.kind === kind));
    if (ends === null) return [];
    const days = daysBetween(date, ends);
    if (days > pack.warningDays) return [];
    const rule = groups.find(({ anyOf }) => anyOf.includes(kind))?.rule ?? null;
    const code = days < 0 ? ('credential_expired' as const) : ('credential_expires_soon' as const);
    return [{ code, kinds: [kind], expiresOn: ends, days, rule }];
  });
  return [...asked, ...ending.toSorted((a, b) => a.days - b.days)];
}

/** The date that the one that lasts longest ends on; null where one has no end. One that nobody verified mends nothing. */
function lastEnd(held: readonly CredentialFact[]): string | null {
  const verified = held.filter((one) => one.verified);
  const credentials = verified.length > 0 ? verified : held;
  if (credentials.some(({ expiresOn }) => expiresOn === null)) return null;
  return (
    credentials
      .map(({ expiresOn }) => expiresOn ?? '')
      .toSorted()
      .at(-1) ?? null
  );
}
