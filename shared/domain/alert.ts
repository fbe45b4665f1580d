import {
  askedOf,
  credentialReasons,
  endsSoon,
  faultOf,
  identityReasons,
  judgedDate,
  lastDayOf,
  reason,
  type CredentialFact,
  type NightDates,
  type PaperFacts,
} from './eligibility.ts';
import type { CredentialKind, EligibilityReason, PolicyPack } from './policy-words.ts';

export type HeldCredential = CredentialFact & { readonly credential: string };
/** Something about a dancer's papers that a person should see to. */
export type Alert = EligibilityReason & {
  /** Null where it is about no single credential: one is missing, or her identity. */
  readonly credential: string | null;
  readonly kind: CredentialKind | null;
  /** The last date that it is valid on. */
  readonly endsOn: string | null;
  /** It ran out at midnight inside this night: she may be on the floor with it. */
  readonly endedTonight: boolean;
};

/**
 * All that is missing, unverified, run out, taken away or ends within the pack's warning days. One line for each credential of the kinds
 * that the pack asks for, and one for each group that has none. A card that lasts silences others of its group that fail,
 * but not one that was never verified.
 */
export function alertsOf(
  facts: Omit<PaperFacts, 'credentials'> & { readonly credentials: readonly HeldCredential[] },
  pack: PolicyPack,
  dates: NightDates,
): readonly Alert[] {
  const judged = judgedDate(pack, dates);
  // The calendar's date, so that a card that ends at midnight is told of at midnight, whatever the pack then decides.
  const today = dates.today > dates.business ? judgedDate({ ...pack, validOn: 'each_date' }, dates) : dates.business;
  const whole = (one: EligibilityReason): Alert => ({
    ...one,
    credential: null,
    kind: null,
    endsOn: null,
    endedTonight: false,
  });
  return [
    ...identityReasons(facts, pack, judged).map(whole),
    ...askedOf(facts, pack).flatMap((group) => {
      const told = credentialReasons(facts.credentials, group, pack, today);
      const held = facts.credentials.filter(({ kind, state }) => group.anyOf.includes(kind) && state !== 'SUPERSEDED');
      if (held.length === 0) return told.map(whole);
      const isMet = told.length === 0;
      return held.flatMap((one): Alert[] => {
        const fault = faultOf(one, pack, today);
        const code = fault ?? (endsSoon(one, pack, today) ? 'credential_expires_soon' : null);
        if (code === null || (isMet && code !== 'credential_unverified')) return [];
        const severity = fault === null || isMet ? 'WARN' : 'BLOCK';
        const endsOn = lastDayOf(one, pack);
        const endedTonight = code === 'credential_expired' && endsOn !== null && endsOn >= dates.business;
        const why = reason(pack, { code, severity, rule: group.rule });
        return [{ ...why, credential: one.credential, kind: one.kind, endsOn, endedTonight }];
      });
    }),
  ];
}
