import { refuse } from '#shared/kit/decision.ts';
import type { Role } from './event.ts';
import {
  OVERRIDABLE,
  type Eligibility,
  type Override,
  type OverrideReason,
  type OverridableCode,
  type PolicyPack,
} from './policy-words.ts';
import type { Refusal } from './refusal.ts';

export type OverrideAsked = {
  readonly by: string;
  readonly roles: readonly Role[];
  readonly reason: OverrideReason;
  /** Somebody else who gave a PIN of their own; null for nobody. */
  readonly second: { readonly staff: string; readonly roles: readonly Role[] } | null;
};
type Allowing = PolicyPack['overrides'][number];

/** The entries of a pack by which each BLOCK of a decision may be overridden; null where any may not. Age and identity never are. */
export function allowing({ reasons }: Eligibility, pack: PolicyPack): readonly Allowing[] | null {
  const blocks = reasons.filter(({ severity }) => severity === 'BLOCK');
  const entries = blocks.map(({ code, rule }) =>
    pack.overrides.find(({ of, codes }) => of === rule && isOverridable(code) && codes.includes(code)),
  );
  return entries.every((one) => one !== undefined) ? entries : null;
}

/** Refuses what the pack does not let be overridden, an asker without the role, and a second person who is missing, the same, or not of a role that may. */
export function override(
  decision: Eligibility,
  pack: PolicyPack,
  { by, roles, reason, second }: OverrideAsked,
): { readonly ok: true; readonly override: Override } | { readonly ok: false; readonly refusal: Refusal } {
  if (decision.verdict !== 'BLOCK') return refuse('nothing_to_override');
  const entries = allowing(decision, pack);
  if (!entries) return refuse('not_overridable');
  const role = roles.find((one) => entries.every((entry) => entry.roles.includes(one)));
  if (!role) return refuse('not_allowed');
  if (second?.staff === by) return refuse('second_person_same');
  for (const entry of entries) {
    if (entry.second === null) continue;
    if (!second) return refuse('second_person_missing');
    if (!second.roles.some((one) => entry.second?.includes(one))) return refuse('second_person_not_allowed');
  }
  const rules = [...new Set(entries.map(({ rule }) => rule))];
  return { ok: true, override: { by, role, reason, second: second?.staff ?? null, rules } };
}

function isOverridable(code: string): code is OverridableCode {
  return OVERRIDABLE.some((one) => one === code);
}
