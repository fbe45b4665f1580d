import type { ClubEvent } from '#shared/domain/event.ts';
import type { Refusal } from '#shared/domain/refusal.ts';
import type { Decision } from '#shared/kit/decision.ts';
import type { Seal } from '../seal/seal.ts';

/** Texts of one record, by name; null for one that was not given. */
export type Texts = Readonly<Record<string, string | null>>;

/** Puts texts, sealed under the record's own key, into the first event of a decision. A refused one seals nothing, so no key is made for it. */
export function withTexts(
  decision: Decision<ClubEvent, Refusal>,
  { seal }: { readonly seal: Seal },
  record: string,
  texts: Texts,
): Decision<ClubEvent, Refusal> {
  const [first, ...rest] = decision.ok ? decision.events : [];
  if (first === undefined) return decision;
  const sealed = Object.entries(texts).flatMap(([field, text]) =>
    text === null ? [] : [[field, seal.seal(record, field, text)] as const],
  );
  if (sealed.length === 0) return decision;
  return { ok: true, events: [{ ...first, pii: { [record]: Object.fromEntries(sealed) } }, ...rest] };
}
