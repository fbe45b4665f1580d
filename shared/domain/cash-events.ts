import type { DayTotals, Posting } from './event.ts';

/** What is asked for above an amount, in cents; null where the club asks for nothing. */
export type CashLimits = {
  /** A paid-out above it needs an owner or a manager. */
  readonly paidOutCents: number | null;
  /** A drawer that is over or short by more is closed with a reason. */
  readonly overShortCents: number | null;
  /** A drawer with more in it should be dropped to the safe. */
  readonly drawerCents: number | null;
};

/** Cash that a drawer took or gave for what was not a drawer's own move, by type of event. */
export type Takings = { readonly type: string; readonly cents: number };
/** expectedCents = bankCents + paidInCents + the sum of takings − droppedCents − paidOutCents. */
export type DrawerReport = {
  readonly responsible: string;
  readonly bankCents: number;
  readonly paidInCents: number;
  readonly droppedCents: number;
  readonly paidOutCents: number;
  readonly noSales: number;
  readonly takings: readonly Takings[];
  readonly expectedCents: number;
  /** The first one stands; those behind it are recounts by others. */
  readonly counts: readonly { readonly by: string; readonly countedCents: number }[];
  /** The last count less what was expected; null before the first. */
  readonly overShortCents: number | null;
  readonly explanation: string | null;
};
export type NightReport = {
  readonly totals: DayTotals;
  readonly byClass: readonly { readonly class: string; readonly cents: number }[];
  readonly byType: readonly { readonly type: string; readonly n: number }[];
  readonly paidOutCents: number;
  readonly noSales: number;
  /** Adjusting entries of this night. */
  readonly adjustments: number;
};

type Session = { readonly drawerSession: string; readonly drawer: string };
type Moved = Session & { readonly postings: readonly Posting[] };
type TipOutParties = { readonly tipOut: string; readonly dancer: string; readonly to: string };

export type CashBodies = {
  'cash_limits.set': CashLimits;
  'drawer.paid_in': Moved & { readonly cents: number; readonly reason: string };
  'drawer.paid_out': Moved & { readonly cents: number; readonly reason: string; readonly approver: string | null };
  'drawer.no_sale': Session & { readonly reason: string };
  /** `differenceCents`: what this count found beyond the one before it. */
  'drawer.recounted': Moved & { readonly countedCents: number; readonly differenceCents: number };
  'drawer.explained': Session & { readonly reason: string };
  /** `drawerSession` ends and `next` begins, with what was counted as its bank. */
  'drawer.handed_over': Moved & {
    readonly next: string;
    readonly from: string;
    readonly to: string;
    readonly countedCents: number;
    readonly expectedCents: number;
    readonly overShortCents: number;
  };
  /** The Z report of a drawer's session; `z` counts those of the drawer. */
  'drawer.reported': Session & { readonly z: number; readonly report: DrawerReport };
  'tip_out.proposed': TipOutParties & { readonly cents: number; readonly proposedBy: string };
  'tip_out.acknowledged': TipOutParties;
  /** Without a drawer it went from hand to hand, and the club's ledger has nothing to say. */
  'tip_out.paid': TipOutParties & {
    readonly cents: number;
    readonly drawer: string | null;
    readonly postings: readonly Posting[];
  };
  'tip_out.declined': TipOutParties;
  /** `attendances` and `fees` are settled by it, where nothing is left to pay. */
  'dancer.paid_out': {
    readonly dancer: string;
    readonly cents: number;
    readonly drawer: string;
    readonly attendances: readonly string[];
    readonly fees: readonly string[];
    readonly postings: readonly Posting[];
  };
  /** What was ended by it, and what it left as it was, by id. */
  'day.force_closed': {
    readonly day: string;
    readonly reason: string;
    readonly stageSets: readonly string[];
    readonly roomSessions: readonly string[];
    readonly attendances: readonly string[];
    readonly leftDrawers: readonly string[];
    readonly leftRoomSessions: readonly string[];
  };
  'day.reopened': { readonly day: string; readonly date: string; readonly reason: string };
  /** The Z report of a night; `z` counts them over the club's life. */
  'day.reported': { readonly day: string; readonly date: string; readonly z: number; readonly report: NightReport };
  /** `corrects` is the id of the event whose postings it puts right; null for one that stands alone. */
  'ledger.adjusted': {
    readonly corrects: string | null;
    readonly reason: string;
    readonly postings: readonly Posting[];
  };
};
