import type { CredentialKind, Engagement } from './event.ts';
import { PACKS } from './packs.ts';

/** A rule as a person may look it up: what it says in our words, where it stands, and when somebody last read it there. */
export type PolicyRule = {
  readonly rule: string;
  readonly summary: string;
  readonly source: string;
  readonly checkedOn: string;
};
/** Met by any one credential of these kinds; asked of dancers who are engaged in one of these ways, or of all (null). */
export type CredentialGroup = {
  readonly anyOf: readonly CredentialKind[];
  readonly engagements: readonly Engagement[] | null;
  readonly rule: string;
};
/** The law of a place as data, from a date on. A rule that is not in a pack is not enforced; a rule in one names itself when it refuses. */
export type PolicyPack = {
  readonly pack: string;
  readonly version: number;
  readonly name: string;
  /** The first business date that it is the law on. The version before it holds until then. */
  readonly effectiveFrom: string;
  /** The highest counts. */
  readonly minimumAges: readonly { readonly years: number; readonly rule: string }[];
  /** Empty: the place asks for no papers. */
  readonly credentials: readonly CredentialGroup[];
  /** A credential that ends within so many days is warned of. */
  readonly warningDays: number;
  readonly rules: readonly PolicyRule[];
};

export function isPack(pack: string): boolean {
  return PACKS.some((one) => one.pack === pack);
}

/**
 * The version of a place's pack that is in force on a business date (`YYYY-MM-DD`); before its first one, the first. A
 * name that nobody knows is answered by the generic pack, which is the strictest: never by none.
 */
export function packOn(pack: string, date: string, packs: readonly PolicyPack[] = PACKS): PolicyPack {
  const versions = packs
    .filter((one) => one.pack === pack)
    .toSorted((a, b) => a.effectiveFrom.localeCompare(b.effectiveFrom));
  const [first] = versions;
  return versions.findLast(({ effectiveFrom }) => effectiveFrom <= date) ?? first ?? packOn('generic', date);
}

/** The age that counts: the highest of the place's. */
export function minimumAge({ minimumAges }: PolicyPack): { readonly years: number; readonly rule: string } | null {
  return minimumAges.toSorted((a, b) => b.years - a.years)[0] ?? null;
}
