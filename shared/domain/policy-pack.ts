import type { CredentialKind } from './event.ts';

/** The law of a place as data. A rule that is not in a pack is not enforced; a rule in one names itself when it refuses. */
export type PolicyPack = {
  readonly pack: string;
  readonly version: number;
  readonly checkedOn: string;
  readonly minimumAge: { readonly years: number; readonly rule: string };
  /** Each group is met by any one credential of its kinds. Empty: the place asks for none. */
  readonly credentials: readonly { readonly anyOf: readonly CredentialKind[]; readonly rule: string }[];
  readonly warningDays: number;
};

/**
 * The conservative default: 21, because alcohol is served and several states ask it (see the club's rules,
 * known rules by place), and one verified credential or signed contract, valid on each date worked.
 */
export const GENERIC_PACK: PolicyPack = {
  pack: 'generic',
  version: 1,
  checkedOn: '2026-11-22',
  minimumAge: { years: 21, rule: 'generic.minimum_age' },
  credentials: [
    {
      anyOf: [
        'work_card',
        'performer_card',
        'adult_permit',
        'business_license',
        'provisional_card',
        'temporary_authorization',
        'contract',
      ],
      rule: 'generic.credential',
    },
  ],
  warningDays: 14,
};

const PACKS: readonly PolicyPack[] = [GENERIC_PACK];

export function isPack(pack: string): boolean {
  return PACKS.some((one) => one.pack === pack);
}

export function packNamed(pack: string): PolicyPack {
  return PACKS.find((one) => one.pack === pack) ?? GENERIC_PACK;
}
