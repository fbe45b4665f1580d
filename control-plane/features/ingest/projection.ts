import { accountClass, POSTING_CENTS_MAX, type AccountClass } from '#shared/domain/account.ts';

/** What some events add to a club's nights. Days are ids of business days, amounts whole cents. */
export type RollUp = {
  readonly counts: readonly { readonly day: string; readonly type: string; readonly n: number }[];
  readonly totals: readonly { readonly day: string; readonly class: AccountClass; readonly cents: number }[];
};

export type UnreadableReason =
  | 'not_json'
  | 'type_unreadable'
  | 'day_unreadable'
  | 'postings_unreadable'
  | 'cents_out_of_range'
  | 'account_unknown'
  | 'entry_unbalanced';

/** What a night counts of one event. */
export type Facts = {
  /** Null: outside any business day, counted nowhere. */
  readonly day: string | null;
  readonly type: string;
  readonly postings: readonly { readonly class: AccountClass; readonly cents: number }[];
};

const TYPE = /^[a-z][a-z0-9_.]{0,63}$/;
const DAY = /^[A-Za-z0-9_:.-]{1,64}$/;
export const NO_POSTINGS: Facts['postings'] = [];

/** What an event says that the nights count, or why it can't be read. A type that is new to us is counted too. */
export function readFacts(event: unknown): Facts | UnreadableReason {
  const { type, day, body } = Object(event) as { type?: unknown; day?: unknown; body?: unknown };
  if (typeof type !== 'string' || !TYPE.test(type)) return 'type_unreadable';
  if (day !== null && (typeof day !== 'string' || !DAY.test(day))) return 'day_unreadable';
  const { postings } = Object(body) as { postings?: unknown };
  if (postings === undefined) return { day, type, postings: NO_POSTINGS };
  const read = readPostings(postings);
  return typeof read === 'string' ? read : { day, type, postings: read };
}

function readPostings(postings: unknown): Facts['postings'] | UnreadableReason {
  if (!Array.isArray(postings)) return 'postings_unreadable';
  const read: { class: AccountClass; cents: number }[] = [];
  let sum = 0;
  for (const posting of postings as unknown[]) {
    const { account, cents } = Object(posting) as { account?: unknown; cents?: unknown };
    if (typeof account !== 'string' || typeof cents !== 'number' || !Number.isInteger(cents))
      return 'postings_unreadable';
    if (Math.abs(cents) > POSTING_CENTS_MAX) return 'cents_out_of_range';
    const known = accountClass(account);
    if (known === null) return 'account_unknown';
    read.push({ class: known, cents });
    sum += cents;
  }
  return sum === 0 ? read : 'entry_unbalanced';
}

/** What all these events come to together, or null when one of them can't be read. */
export function rollUp(events: readonly (Facts | UnreadableReason)[]): RollUp | null {
  const counts = new Map<string, { day: string; type: string; n: number }>();
  const totals = new Map<string, { day: string; class: AccountClass; cents: number }>();
  for (const facts of events) {
    if (typeof facts === 'string') return null;
    const { day, type, postings } = facts;
    if (day === null) continue;
    const counted = `${day} ${type}`;
    const count = counts.get(counted);
    if (count) count.n += 1;
    else counts.set(counted, { day, type, n: 1 });
    for (const posting of postings) {
      const booked = `${day} ${posting.class}`;
      const total = totals.get(booked);
      if (total) total.cents += posting.cents;
      else totals.set(booked, { day, ...posting });
    }
  }
  return { counts: [...counts.values()], totals: [...totals.values()] };
}

const AGGREGATES = ['session', 'drawerSession', 'attendance', 'fee', 'entry'] as const;
const AGGREGATE_CHARS_MAX = 128;

/**
 * What an event is a part of (a VIP session, a drawer's, an attendance, a fee, a place in the rotation), by its id; null
 * where nothing else hangs together with it. One of them that can't be counted holds up those behind it, and no others.
 */
export function aggregateOf(event: unknown): string | null {
  const body = Object(Object(event).body) as Readonly<Record<string, unknown>>;
  const id = AGGREGATES.map((key) => body[key]).find((value) => value !== undefined && value !== null);
  // An id that no box writes is none: it is judged alone.
  return typeof id === 'string' && id.length <= AGGREGATE_CHARS_MAX && !id.includes('\0') ? id : null;
}
