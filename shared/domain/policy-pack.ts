import { accept, refuse, type Decision } from '#shared/kit/decision.ts';
import type { Asking } from './asking.ts';
import { isDate } from './calendar.ts';
import { event, type EventBodies, type EventOf } from './event.ts';
import { GENERIC } from './pack-generic.ts';
import { US_AZ_PHOENIX } from './pack-us-az-phoenix.ts';
import { US_FL } from './pack-us-fl.ts';
import { US_GA_FULTON } from './pack-us-ga-fulton.ts';
import { US_NV_RENO } from './pack-us-nv-reno.ts';
import { US_TX } from './pack-us-tx.ts';
import { US_WA } from './pack-us-wa.ts';
import type { FeeKind, PolicyPack, PolicyRule } from './policy-words.ts';
import type { Refusal } from './refusal.ts';

/** Packs that come with the program. What a club installs goes beside them. */
export const BUILT_IN_PACKS: readonly PolicyPack[] = [
  GENERIC,
  US_WA,
  US_TX,
  US_FL,
  US_NV_RENO,
  US_AZ_PHOENIX,
  US_GA_FULTON,
];

/** What a club decides by on a business date. */
export type Policy = {
  readonly pack: PolicyPack;
  readonly servesAlcohol: boolean;
  /** The club's own minimum age in years; null: it has none. */
  readonly minimumAgeYears: number | null;
};

export function isPack(pack: string, packs: readonly PolicyPack[] = BUILT_IN_PACKS): boolean {
  return packs.some((one) => one.pack === pack);
}

/**
 * The version of a pack that holds on a business date: the highest that is in force, before the first and in a gap the
 * earliest. A night keeps its pack past midnight, as it keeps its date. A pack that nobody knows is the generic one, never none.
 */
export function packOn(packs: readonly PolicyPack[], name: string, date: string): PolicyPack {
  const known = packs.filter(({ pack }) => pack === name).toSorted((a, b) => a.version - b.version);
  const inForce = known.filter(
    ({ effectiveFrom, effectiveTo }) => effectiveFrom <= date && (effectiveTo === null || date <= effectiveTo),
  );
  return inForce.at(-1) ?? known[0] ?? GENERIC;
}

const CLUB_RULES: readonly PolicyRule[] = [
  {
    id: 'club.minimum_age',
    source: "The club's own policy",
    summary: 'The club asks for more years than the law does.',
    checkedOn: '2026-11-23',
  },
  {
    id: 'club.restriction',
    source: "The club's own record",
    summary: 'Somebody set a restriction against her and nobody lifted it.',
    checkedOn: '2026-11-23',
  },
];

/** Null for a rule that neither the pack nor the club has. */
export function ruleNamed(pack: PolicyPack, id: string): PolicyRule | null {
  return [...pack.rules, ...CLUB_RULES].find((rule) => rule.id === id) ?? null;
}

/** The highest of state, local, alcohol and club age, in years, with the rule that it comes from. */
export function minimumAge({ pack, servesAlcohol, minimumAgeYears }: Policy): { years: number; rule: string } {
  const own = minimumAgeYears === null ? [] : [{ years: minimumAgeYears, rule: 'club.minimum_age' }];
  const applying = [...pack.minimumAges.filter(({ basis }) => basis !== 'alcohol' || servesAlcohol), ...own];
  return applying.reduce((highest, one) => (one.years > highest.years ? one : highest), { years: 0, rule: '' });
}

/** The rule by which a pack forbids a kind of fee; null where it allows it. */
export function forbidding(pack: PolicyPack, kind: FeeKind): PolicyRule | null {
  const forbidden = pack.forbiddenFees.find((one) => one.kind === kind);
  return forbidden ? ruleNamed(pack, forbidden.rule) : null;
}

/** What a schema can't say: every rule that is named is there once, ages apply, dates are dates and in order. */
export function isSoundPack(pack: PolicyPack): boolean {
  const ids = pack.rules.map(({ id }) => id);
  const named = [
    ...pack.minimumAges,
    pack.identity,
    ...pack.credentials,
    ...pack.terms,
    ...pack.overrides,
    ...pack.overrides.map(({ of }) => ({ rule: of })),
    ...pack.forbiddenFees,
    ...(pack.feeCap ? [pack.feeCap] : []),
    ...(pack.entryFee ? [pack.entryFee] : []),
    ...(pack.retention ?? []),
    ...(pack.banTerms ?? []),
  ].map(({ rule }) => rule);
  const { effectiveFrom, effectiveTo } = pack;
  const once = [
    ...(pack.retention ?? []).map(({ kind }) => kind),
    ...(pack.banTerms ?? []).map(({ evidence }) => evidence),
  ];
  return (
    new Set(ids).size === ids.length &&
    new Set(once).size === once.length &&
    ids.every((id) => id.startsWith(`${pack.pack}.`)) &&
    named.every((rule) => ids.includes(rule)) &&
    pack.overrides.every(({ of }) => pack.credentials.some(({ rule }) => rule === of)) &&
    pack.minimumAges.some(({ basis }) => basis !== 'alcohol') &&
    [effectiveFrom, effectiveTo ?? effectiveFrom, ...pack.rules.map(({ checkedOn }) => checkedOn)].every(isDate) &&
    (effectiveTo === null || effectiveTo >= effectiveFrom)
  );
}

/** The last business date that was opened; null before the first. */
export type Nights = { readonly lastDate: string | null };

/** Takes a pack whole or not at all. It holds from a later night on: what tonight is decided by stands. */
export function installPack(
  packs: readonly PolicyPack[],
  pack: PolicyPack,
  nights: Nights,
): Decision<EventOf<'policy_pack.installed'>, Refusal> {
  if (!isSoundPack(pack)) return refuse('pack_invalid');
  if (packs.some((one) => one.pack === pack.pack && one.version >= pack.version)) return refuse('version_old');
  if (!isLater(pack.effectiveFrom, nights)) return refuse('date_past');
  return accept(event('policy_pack.installed', { pack }));
}

/** Which pack the club stands under from a coming night on, and what it adds to it. */
export function setPolicy(
  packs: readonly PolicyPack[],
  command: Omit<EventBodies['club_policy.set'], 'policy'>,
  nights: Nights,
  ask: Asking,
): Decision<EventOf<'club_policy.set'>, Refusal> {
  if (!isDate(command.effectiveFrom)) return refuse('body_invalid');
  if (!isPack(command.pack, packs)) return refuse('pack_unknown');
  if (!isLater(command.effectiveFrom, nights)) return refuse('date_past');
  return accept(event('club_policy.set', { policy: ask.id, ...command }));
}

function isLater(date: string, { lastDate }: Nights): boolean {
  return lastDate === null || date > lastDate;
}
