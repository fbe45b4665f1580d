import type { EventType } from '#shared/domain/event.ts';
import { EVENT_BODIES } from './event-schemas.ts';

/** Makes a body of the next version from one of a shipped version; every box and cloud makes the same. */
export type Upcast = (body: unknown) => unknown;
/** For each type the steps from version 1 on, in order. */
export type Upcasters = { readonly [type: string]: readonly Upcast[] };

/** A new version of a body comes with its step here, and the schema and the domain say the new one. */
export const UPCASTERS: Upcasters & Partial<Record<EventType, readonly Upcast[]>> = {
  // 2 tells the source of each reason, and who overrode a BLOCK: before, nobody could.
  'attendance.checked_in': [
    (body) => {
      const { eligibility, ...rest } = body as { readonly eligibility: { readonly reasons: readonly object[] } };
      const reasons = eligibility.reasons.map((reason) => ({ ...reason, source: null }));
      return { ...rest, eligibility: { ...eligibility, reasons }, override: null };
    },
  ],
  // 2 tells when it was issued, and which one it renews.
  'credential.added': [(body) => ({ ...(body as object), issuedOn: null, renews: null })],
  // 2 fixes at the sale what a dancer will not get of a voucher's worth.
  'voucher.sold': [(body) => ({ ...(body as object), discountCents: null })],
};

/** The steps that bring a body to its newest version, mostly none; null for a type, or a version of it, that this program does not know. */
export type StepsFrom = (type: string, tv: number) => readonly Upcast[] | null;

const NONE: readonly Upcast[] = [];

export function openSteps(upcasters: Upcasters, types: readonly string[]): StepsFrom {
  const steps = new Map(types.map((type) => [type, upcasters[type] ?? NONE]));
  return (type, tv) => {
    const all = steps.get(type);
    if (all === undefined) return null;
    if (tv === all.length + 1) return NONE;
    return Number.isInteger(tv) && tv >= 1 && tv <= all.length ? all.slice(tv - 1) : null;
  };
}

/** Of all types that there are. */
export const stepsFrom = openSteps(UPCASTERS, Object.keys(EVENT_BODIES));
