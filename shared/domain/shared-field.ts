import { setPriceList } from './club.ts';
import type { PriceList, SharedValue } from './event.ts';
import type { FieldName, Origin } from './feed-words.ts';
import type { Refusal } from './refusal.ts';

/**
 * Who owns what between a club and its headquarters, and what becomes of two changes of one thing: the rules of
 * `sync-billing-security` 1.6, one word for each row. Both sides ask here, so that both come to the same.
 */
export type FieldRule =
  /** The floor writes it; headquarters may send a command, never a value. */
  | 'edge_only'
  /** Headquarters writes it; the floor never does. */
  | 'cloud_only'
  /** Shared. On a stale base both are kept and headquarters' value wins; it holds from the next night, never mid-night. */
  | 'next_night'
  /** Shared, a register for each field. On a stale base the later effective time wins. */
  | 'register'
  /** Shared, high care: never the last writer; a person decides. Its values are ciphertext wherever they are. */
  | 'review'
  /** Flags: all that were set hold (OR), until one is lifted by name. See restriction.ts. */
  | 'most_restrictive'
  /** Append only: both sides' entries stay. */
  | 'union'
  /** A balance: only postings change it. */
  | 'deltas'
  /** The floor's, but headquarters may take it away; a revocation wins over a grant. */
  | 'edge_revocable';

const ANY = '*';
const RULES: Readonly<Record<string, Readonly<Record<string, FieldRule>>>> = {
  rotation: { [ANY]: 'edge_only' },
  attendance: { [ANY]: 'edge_only' },
  stage_set: { [ANY]: 'edge_only' },
  room_session: { [ANY]: 'edge_only' },
  cash_count: { [ANY]: 'edge_only' },
  payout: { [ANY]: 'edge_only' },
  incident: { [ANY]: 'edge_only' },
  licence: { [ANY]: 'cloud_only' },
  entitlement: { [ANY]: 'cloud_only' },
  flags: { [ANY]: 'cloud_only' },
  org_role: { [ANY]: 'cloud_only' },
  price_template: { [ANY]: 'cloud_only' },
  /** House fee and room rates are one value: they are set together. */
  price_list: { prices: 'next_night' },
  room_list: { rooms: 'next_night' },
  dancer: {
    stage_name: 'register',
    photo: 'register',
    tags: 'register',
    legal_name: 'review',
    birth_date: 'review',
    id_number: 'review',
    balance: 'deltas',
    debt: 'deltas',
    points: 'deltas',
  },
  restriction: { [ANY]: 'most_restrictive' },
  dancer_note: { [ANY]: 'union' },
  incident_log: { [ANY]: 'union' },
  staff: { [ANY]: 'edge_revocable' },
  pin: { [ANY]: 'edge_revocable' },
  device: { [ANY]: 'edge_revocable' },
};

export const PRICES: FieldName = { coll: 'price_list', id: 'club', field: 'prices' };

/** Null: nobody shares such a thing. */
export function ruleOf({ coll, field }: Pick<FieldName, 'coll' | 'field'>): FieldRule | null {
  const fields = Object.hasOwn(RULES, coll) ? RULES[coll] : undefined;
  if (!fields) return null;
  return (Object.hasOwn(fields, field) ? fields[field] : fields[ANY]) ?? null;
}

/** What the cloud holds of a field; `fv` counts its versions, 0 for one that nobody wrote. Times in epoch milliseconds. */
export type Register = {
  readonly fv: number;
  readonly value: SharedValue;
  readonly effectiveAt: number;
  /** The floor's edit that it comes from; null where headquarters wrote it. */
  readonly edit: string | null;
};
export const UNWRITTEN: Register = { fv: 0, value: null, effectiveAt: 0, edit: null };

/** One wish to change a field, by either side. `baseFv` and `after` (an edit of the floor) are what its writer saw. */
export type FieldWrite = {
  readonly origin: Origin;
  readonly baseFv: number;
  readonly after: string | null;
  readonly value: SharedValue;
  readonly effectiveAt: number;
};
export type Merged =
  /** The new version. `bothKept`: the value that it replaces was not seen by its writer, so a person should hear of it. */
  | { readonly outcome: 'accepted'; readonly fv: number; readonly effectiveAt: number; readonly bothKept: boolean }
  /** The register stays. */
  | { readonly outcome: 'overridden'; readonly bothKept: boolean }
  | { readonly outcome: 'review' }
  | { readonly outcome: 'refused'; readonly refusal: Refusal };

export const CLOCK_AHEAD_MS_MAX = 10 * 60_000;

/** A clock that is more than ten minutes ahead counts as the moment of receipt: it is not refused, and wins nothing by it. */
export function clamped(effectiveAt: number, receivedAt: number): number {
  return effectiveAt > receivedAt + CLOCK_AHEAD_MS_MAX ? receivedAt : effectiveAt;
}

/** What becomes of a write, as the cloud decides it: it takes one after the other. */
export function merge(name: FieldName, register: Register, write: FieldWrite, receivedAt: number): Merged {
  const rule = ruleOf(name);
  const refused = mayNotWrite(rule, write);
  if (refused) return { outcome: 'refused', refusal: refused };
  if (!valueFits(name, write.value)) return { outcome: 'refused', refusal: 'body_invalid' };
  if (rule === 'review') return { outcome: 'review' };
  const effectiveAt = clamped(write.effectiveAt, receivedAt);
  const seen =
    rule === 'cloud_only' || write.baseFv >= register.fv || (write.after !== null && write.after === register.edit);
  const accepted = { outcome: 'accepted', fv: Math.max(register.fv, write.baseFv) + 1, effectiveAt } as const;
  if (seen || isSame(write.value, register.value)) return { ...accepted, bothKept: false };
  if (rule === 'next_night')
    return write.origin === 'hq' ? { ...accepted, bothKept: true } : { outcome: 'overridden', bothKept: true };
  return effectiveAt > register.effectiveAt
    ? { ...accepted, bothKept: false }
    : { outcome: 'overridden', bothKept: false };
}

/** Why this side may not write it, whatever stands in it. */
export function mayNotWrite(
  rule: FieldRule | null,
  { origin, value }: Pick<FieldWrite, 'origin' | 'value'>,
): Refusal | null {
  switch (rule) {
    case null:
      return 'field_unknown';
    case 'deltas':
      return 'only_deltas';
    case 'cloud_only':
      return origin === 'floor' ? 'cloud_owned' : null;
    // Their own events and commands change these, never a value of a field.
    case 'edge_only':
    case 'most_restrictive':
    case 'union':
    case 'edge_revocable':
      return origin === 'hq' ? 'edge_owned' : 'field_unknown';
    case 'review':
      return value === null ? null : 'needs_review';
    case 'next_night':
    case 'register':
      return null;
  }
}

const SHA256_HEX = /^[0-9a-f]{64}$/;
const NAME_CHARS_MAX = 80;

/** Whether a value is one that this field can hold. A field of high care holds none in clear. */
export function valueFits({ coll, field }: FieldName, value: SharedValue): boolean {
  switch (`${coll}.${field}`) {
    case 'dancer.stage_name':
      return typeof value === 'string' && isName(value);
    case 'dancer.photo':
      return value === null || (typeof value === 'string' && SHA256_HEX.test(value));
    case 'dancer.tags':
      return value === null || isTextList(value);
    case 'price_list.prices':
      return value === null || (isPriceList(value) && setPriceList(value).ok);
    default:
      return true;
  }
}

/** Some printed characters and no control character. */
function isName(text: string): boolean {
  return !/\p{Cc}/u.test(text) && text.trim() !== '' && text.length <= NAME_CHARS_MAX;
}

export function isPriceList(value: SharedValue): value is PriceList {
  return typeof value === 'object' && value !== null && 'houseFeeCents' in value;
}

function isTextList(value: SharedValue): value is readonly string[] {
  return Array.isArray(value);
}

/** The same value, whatever order its writer named the parts in. */
export function isSame(a: SharedValue, b: SharedValue): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, part]) => [key, sorted(part)]),
  );
}
