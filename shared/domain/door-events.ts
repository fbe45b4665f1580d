import type { Posting } from './event.ts';

export type EntryKind = 'entry' | 'reentry';
export type EntryCategory = 'paying' | 'comp' | 'vip' | 'staff' | 'vendor';
export type CompReason = 'birthday' | 'promotion' | 'regular' | 'complaint' | 'worker_guest' | 'other';
export type RefusedBecause =
  | 'no_id'
  | 'under_age'
  | 'intoxicated'
  | 'blocklisted'
  | 'capacity'
  | 'conduct'
  | 'dress_code'
  | 'other';
/** `near`: nine tenths of the limit; `full`: at the limit or above; `below_zero`: more left than came, so somebody has to count heads. */
export type OccupancyLevel = 'near' | 'full' | 'below_zero';

/** What happens at the door. `countedAt` is the counting device's own clock (epoch milliseconds), evidence only; null where it said none. */
export type DoorBodies = {
  'area.added': { readonly area: string; readonly name: string; readonly limit: number };
  'area.limit_set': { readonly area: string; readonly limit: number };
  'door.entered': {
    readonly entry: string;
    readonly area: string;
    readonly kind: EntryKind;
    readonly category: EntryCategory;
    readonly count: number;
    readonly paidCents: number;
    readonly method: 'cash' | 'card' | null;
    readonly drawer: string | null;
    /** Of a comp: the owner or manager who allowed it, and why. */
    readonly approver: string | null;
    readonly reason: CompReason | null;
    readonly countedAt: number | null;
    readonly postings: readonly Posting[];
  };
  'door.left': {
    readonly exit: string;
    readonly area: string;
    readonly count: number;
    readonly countedAt: number | null;
  };
  'door.moved': {
    readonly move: string;
    readonly from: string;
    readonly to: string;
    readonly count: number;
    readonly countedAt: number | null;
  };
  /** What was seen is sealed. */
  'door.refused': {
    readonly refusal: string;
    readonly area: string;
    readonly count: number;
    readonly because: RefusedBecause;
    /** The ban that was recognised. */
    readonly blocklistEntry: string | null;
  };
  /** As the box knew it then; late counts may come behind it. */
  'occupancy.warned': {
    readonly area: string;
    readonly level: OccupancyLevel;
    readonly inside: number;
    readonly limit: number;
  };
  /** Heads were counted. `by` is what the correction adds, so that counts which arrive later still add up. */
  'occupancy.corrected': {
    readonly correction: string;
    readonly area: string;
    readonly counted: number;
    readonly by: number;
    readonly reason: string;
  };
};
