import { Type, type TSchema } from 'typebox';
import type { NightReport, DrawerReport } from '#shared/domain/cash-events.ts';
import type { TipOutState } from '#shared/domain/tip-out.ts';
import { Cents, closed, Id, PaidCents, Pin, Reason, route } from './api-fields.ts';

/** The commands about cash: what drawers do beside being opened, counted and closed; tip-outs; what a night is closed with. */
const Account = Type.String({ minLength: 1, maxLength: 100, pattern: '^[a-z_]+(:[A-Za-z0-9_-]+)?$' });
const orNull = <T extends TSchema>(schema: T) => Type.Union([Type.Null(), schema]);
const body = <T extends Record<string, TSchema>>(properties: T) => Type.Object(properties, closed);
/** A second person, who says yes by a PIN. */
const SecondPerson = body({ staff: Id, pin: Pin });
const AdjustedLine = body({ account: Account, cents: Type.Integer({ minimum: -100_000_000, maximum: 100_000_000 }) });

export const CASH_ROUTES = {
  'cash_limits.set': route(
    '/cash-limits',
    'Sets above which amounts a paid-out needs a second person, a difference needs a reason, a drawer needs a drop; null for none',
    body({ paidOutCents: orNull(Cents), overShortCents: orNull(Cents), drawerCents: orNull(Cents) }),
  ),
  'drawer.pay_in': route(
    '/drawers/:drawer/paid-ins',
    'Brings cash from the safe to a drawer',
    body({ cents: PaidCents, reason: Reason }),
  ),
  'drawer.pay_out': route(
    '/drawers/:drawer/paid-outs',
    'Pays something out of a drawer; above the club’s limit with the PIN of an owner or manager, or by one of them',
    body({ cents: PaidCents, reason: Reason, approver: orNull(SecondPerson) }),
  ),
  'drawer.no_sale': route('/drawers/:drawer/no-sales', 'Opens a drawer without a sale', body({ reason: Reason })),
  'drawer.recount': route(
    '/drawers/:drawer/recount',
    'A further count of a counted drawer, by somebody else; the first one stands beside it',
    body({ countedCents: Cents }),
  ),
  'drawer.explain': route(
    '/drawers/:drawer/explanation',
    'Says why a counted drawer is over or short',
    body({ reason: Reason }),
  ),
  'drawer.hand_over': route(
    '/drawers/:drawer/hand-over',
    'Counts a drawer and hands it to another person, who signs with a PIN',
    body({ countedCents: Cents, receiver: SecondPerson }),
  ),
  'tip_out.propose': route(
    '/dancers/:dancer/tip-outs',
    'A dancer wants to give a part of her earnings to a member of staff',
    body({ to: Id, cents: PaidCents }),
  ),
  'tip_out.acknowledge': route('/tip-outs/:tip/acknowledge', 'Who gets a tip-out agrees to it', body({})),
  'tip_out.pay': route(
    '/tip-outs/:tip/pay',
    'Pays an acknowledged tip-out: from what the club owes her over a drawer, or, with null, from hand to hand',
    body({ drawer: orNull(Id) }),
  ),
  'tip_out.decline': route('/tip-outs/:tip/decline', 'Ends a tip-out that is not paid', body({})),
  'dancer.pay_out': route(
    '/dancers/:dancer/payouts',
    'Pays a dancer, who does not work tonight, of what the club still owes her',
    body({ cents: PaidCents, drawer: Id }),
  ),
  'day.force_close': route(
    '/business-day/force-close',
    'Closes a night with loose ends, with a reason: what runs is ended, uncounted drawers and unpaid sessions are left for the next night',
    body({ reason: Reason }),
  ),
  'day.reopen': route(
    '/nights/:night/reopen',
    'Opens a closed night again for what was missed; nothing new starts in it',
    body({ reason: Reason }),
  ),
  'ledger.adjust': route(
    '/ledger/adjustments',
    'Books an adjusting entry, which names the event that it puts right; cash in drawers is never adjusted',
    body({
      corrects: orNull(body({ pos: PaidCents, event: Id })),
      reason: Reason,
      postings: Type.Array(AdjustedLine, { minItems: 2, maxItems: 20 }),
    }),
  ),
} as const;

/** GET /drawers/:drawer/x-report: the drawer's session as it is now, or was at its end. */
export type XReport = DrawerReport & {
  readonly drawer: string;
  readonly drawerSession: string;
  readonly state: 'OPENED' | 'COUNTED' | 'CLOSED';
  /** More in it than the club wants. */
  readonly isDropDue: boolean;
};
/** GET /nights/:day/report: the night as it is now. */
export type NightReportAnswer = NightReport & {
  readonly day: string;
  readonly date: string;
  readonly state: 'OPEN' | 'CLOSING' | 'CLOSED' | 'REOPENED';
};
/** GET /nights/:day/z-reports: what was kept at each close, with the chain's hash there (hex). */
export type ZReport = {
  readonly scope: 'drawer' | 'night';
  readonly of: string;
  readonly z: number;
  readonly at: number;
  readonly pos: number;
  readonly hash: string;
  readonly report: DrawerReport | NightReport;
};
/** GET /business-day/checks: what stands in the way of a close, by id; and who would leave with money on the books. */
export type CloseChecks = {
  readonly day: string;
  readonly date: string;
  /** Its cutoff is over: somebody forgot to close it. */
  readonly isPastCutoff: boolean;
  readonly canClose: boolean;
  readonly stageSets: readonly string[];
  readonly roomSessions: readonly string[];
  /** Sessions, paid or not, of which a dispute is not decided. */
  readonly disputes: readonly string[];
  readonly attendances: readonly string[];
  /** Fees that nobody settled, where the law lets none be carried over. */
  readonly fees: readonly string[];
  readonly drawers: readonly string[];
  readonly unsettled: readonly { readonly dancer: string; readonly cents: number }[];
};
/** GET /tip-outs: those that wait, for the one who gets them, or all of them for owners and managers. */
export type TipOutRow = {
  readonly tipOut: string;
  readonly dancer: string;
  readonly to: string;
  readonly cents: number;
  readonly state: TipOutState;
};
/** GET /nights/:day/ledger.json: every line of a night, as it is hashed: hash = SHA-256(prev ‖ line). */
export type LedgerProof = {
  readonly club: string;
  readonly day: string;
  readonly date: string;
  readonly entries: readonly {
    readonly log: string;
    readonly seq: number;
    readonly prev: string;
    readonly hash: string;
    readonly line: string;
  }[];
};
