import { Type, type Static, type TSchema } from 'typebox';
import { Cents, closed, DateText, Id, Name, Nothing, PaidCents, Pin, Reason, route } from './api-fields.ts';
import { CASH_ROUTES } from './cash-api.ts';
import type { CloudState } from './live.ts';
import { OverrideWhy, ROTATION_ROUTES } from './rotation-api.ts';
import { POLICY_ROUTES } from './policy-api.ts';
import { ROSTER_ROUTES } from './roster-api.ts';
import { DOOR_ROUTES, SAFETY_ROUTES } from './safety-api.ts';
import { ROOM_ROUTES, SESSION_ROUTES } from './room-api.ts';
import { SHIFT_ROUTES } from './shift-api.ts';
import { ONBOARDING_ROUTES } from './onboarding-api.ts';
import { DESK_ROUTES } from './desk-api.ts';
import { TRACK_ROUTES } from './track-api.ts';
import { VOUCHER_ROUTES } from './voucher-api.ts';
import { TALLY_ROUTES } from './tally-api.ts';
import type { CommandName } from '#shared/domain/rights.ts';
import {
  CeilingWord,
  ChargeKindWord,
  EngagementWord,
  oneOf,
  RestrictionWord,
  RoleWord,
  StageKindWord,
} from './words.ts';

const RoomRateSchema = Type.Object(
  { rate: Id, name: Name, minutes: Type.Integer({ minimum: 1, maximum: 480 }), grossCents: Cents, houseCents: Cents },
  closed,
);

/** Every command of the edge node: its address under /api/v1, what it does, what it takes. All are POST. */
export const COMMAND_ROUTES = {
  ...POLICY_ROUTES,
  'club.configure': route(
    '/club',
    'Sets up the club, once',
    Type.Object(
      {
        name: Name,
        tz: Type.String({ maxLength: 64 }),
        currency: Type.String({ pattern: '^[A-Z]{3}$' }),
        cutoffMinutes: Type.Integer({ minimum: 0, maximum: 1439 }),
        pack: Id,
        taxBasisPoints: Type.Integer({ minimum: 0, maximum: 10_000 }),
      },
      closed,
    ),
  ),
  'stage.add': route('/stages', 'Adds a stage', Type.Object({ name: Name, kind: StageKindWord }, closed)),
  'room.add': route('/rooms', 'Adds a room', Type.Object({ name: Name }, closed)),
  'drawer.add': route('/drawers', 'Adds a cash drawer', Type.Object({ name: Name }, closed)),
  'price_list.set': route(
    '/price-list',
    'Sets the house fee and the room rates for what is quoted from now on',
    Type.Object({ houseFeeCents: Cents, roomRates: Type.Array(RoomRateSchema, { maxItems: 64 }) }, closed),
  ),
  'staff.add': route(
    '/staff',
    'Adds a member of staff with a PIN',
    Type.Object({ name: Name, roles: Type.Array(RoleWord, { minItems: 1, maxItems: 7 }), pin: Pin }, closed),
  ),
  'device.revoke': route('/devices/:device/revoke', 'Revokes a device', Nothing),
  'day.open': route(
    '/business-day/open',
    'Opens the business day',
    Type.Object({ date: Type.Union([Type.Null(), DateText]) }, closed),
  ),
  'day.begin_closing': route('/business-day/begin-closing', 'Begins to close: nothing new starts', Nothing),
  'day.close': route('/business-day/close', 'Closes the business day with its totals', Nothing),
  'dancer.register': route(
    '/dancers',
    'Registers a dancer; legal name and birth date are sealed',
    Type.Object(
      {
        stageName: Name,
        legalName: Name,
        birthDate: DateText,
        engagement: EngagementWord,
      },
      closed,
    ),
  ),
  'dancer.rename': route(
    '/dancers/:dancer/rename',
    'Changes her stage name; headquarters hears of it',
    Type.Object({ stageName: Name }, closed),
  ),
  'dancer.note': route(
    '/dancers/:dancer/notes',
    'Adds a note on a dancer; its text is sealed',
    Type.Object({ text: Reason }, closed),
  ),
  'dancer.restrict': route(
    '/dancers/:dancer/restrictions',
    'Keeps a dancer from working until it is lifted',
    Type.Object({ kind: RestrictionWord, reason: Reason }, closed),
  ),
  'dancer.lift_restriction': route(
    '/restrictions/:restriction/lift',
    'Lifts one restriction, with a reason',
    Type.Object({ reason: Reason }, closed),
  ),
  'attendance.check_in': route(
    '/dancers/:dancer/check-in',
    'Checks a dancer in; the house fee is assessed once a night',
    Nothing,
  ),
  'attendance.check_out': route(
    '/dancers/:dancer/check-out',
    'Checks a dancer out of the club and of the rotations',
    Nothing,
  ),
  'attendance.settle': route(
    '/dancers/:dancer/settle',
    'Brings her balance to zero over a drawer',
    Type.Object({ drawer: Id }, closed),
  ),
  'house_fee.charge': route(
    '/dancers/:dancer/fees',
    'Charges a dancer a further fee; one that the policy pack forbids is refused with its rule',
    Type.Object({ kind: ChargeKindWord, cents: PaidCents }, closed),
  ),
  'house_fee.pay': route('/house-fees/:fee/pay', 'Takes a house fee in cash', Type.Object({ drawer: Id }, closed)),
  'house_fee.defer': route(
    '/house-fees/:fee/defer',
    'Lets a dancer pay her house fee later',
    Type.Object({ reason: Reason }, closed),
  ),
  'house_fee.waive': route(
    '/house-fees/:fee/waive',
    'Waives a house fee, with a reason',
    Type.Object({ reason: Reason }, closed),
  ),
  'rotation.add': route('/stages/:stage/rotation', 'Adds a dancer to a rotation', Type.Object({ dancer: Id }, closed)),
  'rotation.move': route(
    '/rotation-entries/:entry/move',
    'Puts an entry behind another, null for the first that waits; `version` is what the mover saw',
    Type.Object(
      { afterEntry: Type.Union([Type.Null(), Id]), version: Type.Integer({ minimum: 0 }), ...OverrideWhy },
      closed,
    ),
  ),
  'rotation.call': route(
    '/rotation-entries/:entry/call',
    'Calls a dancer: 3, 2, 1 away, 0 is now; null for as far as her place says',
    Type.Object({ away: Type.Union([Type.Null(), Type.Integer({ minimum: 0, maximum: 3 })]) }, closed),
  ),
  'rotation.miss': route('/rotation-entries/:entry/miss', 'She was called and did not come', Nothing),
  'rotation.remove': route(
    '/rotation-entries/:entry/remove',
    'Takes a dancer out of a rotation; she stays checked in',
    Type.Object({ reason: oneOf('manager', 'dj') }, closed),
  ),
  'stage_set.start': route(
    '/rotation-entries/:entry/on-stage',
    'Puts a dancer on stage; on which, where the stages share their dancers',
    Type.Object({ stage: Type.Optional(Id), ...OverrideWhy }, closed),
  ),
  'stage_set.end': route(
    '/stage-sets/:set/end',
    'Ends a set; she goes to the tail of the next round',
    Type.Object({ outcome: oneOf('COMPLETED', 'CUT_SHORT') }, closed),
  ),
  ...SESSION_ROUTES,
  'drawer.open': route(
    '/drawers/:drawer/open',
    'Opens a drawer with a counted bank',
    Type.Object({ responsible: Id, bankCents: Cents }, closed),
  ),
  'drawer.drop': route(
    '/drawers/:drawer/drop',
    'Drops cash from a drawer to the safe',
    Type.Object({ cents: PaidCents }, closed),
  ),
  'drawer.count': route(
    '/drawers/:drawer/count',
    'Blind count; the first one stands',
    Type.Object({ countedCents: Cents }, closed),
  ),
  'drawer.close': route('/drawers/:drawer/close', 'Closes a counted drawer', Nothing),
  ...DOOR_ROUTES,
  ...SAFETY_ROUTES,
  ...ROTATION_ROUTES,
  ...TALLY_ROUTES,
  ...SHIFT_ROUTES,
  ...TRACK_ROUTES,
  ...VOUCHER_ROUTES,
  ...DESK_ROUTES,
  ...ONBOARDING_ROUTES,
  ...ROOM_ROUTES,
  ...CASH_ROUTES,
  ...ROSTER_ROUTES,
} as const satisfies Record<
  Exclude<
    CommandName,
    | 'device.pair'
    | 'room_session.open'
    | 'onboarding.invite'
    | 'onboarding.open'
    | 'recovery.finish'
    | 'record.open'
    | 'blocklist_entry.open'
    | 'dancer.set_photo'
    | 'credential.attach_image'
    | 'image.open'
    | 'roster.import'
    | 'roster.export'
    | 'inspection_pack.make'
  >,
  { path: string; summary: string; body: TSchema }
>;

export type CommandBody<N extends keyof typeof COMMAND_ROUTES> = Static<(typeof COMMAND_ROUTES)[N]['body']>;

/** POST /pairing/codes (a manager): a code for one device, five minutes, once. */
export const PairingCodeRequest = Type.Object({ ceiling: CeilingWord }, closed);
export type PairingCodeAnswer = { readonly code: string; readonly expiresAt: number };
/** POST /devices (no sign-in): trades a code for a device token, which is set as a cookie too. */
export const PairRequest = Type.Object({ code: Type.String({ minLength: 8, maxLength: 8 }), name: Name }, closed);
export type PairAnswer = { readonly device: string; readonly token: string };
/** GET /sign-in (a paired device): who may sign in here. */
export type SignInAnswer = {
  readonly club: string | null;
  readonly device: string;
  /** The box takes another's place and asks this device for the tails that it keeps. */
  readonly tailsWanted: boolean;
  readonly staff: readonly { readonly staff: string; readonly name: string }[];
};
/** POST /sessions (a paired device): a PIN for a session token. DELETE /sessions/current signs out. */
export const SignInRequest = Type.Object({ staff: Id, pin: Pin }, closed);
export type SessionAnswer = {
  readonly token: string;
  readonly staff: string;
  readonly name: string;
  readonly roles: readonly string[];
};

/** RFC 9457. `code` is the refusal; `current` is how the thing stands now, where a screen saw an older version. */
export type Problem = {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail?: string;
  readonly current?: unknown;
};
/** What a command answers: the events it made, as they stand in the log from `from` to `to`, and the ids that were born. */
export type CommandAnswer = { readonly from: number; readonly to: number; readonly id: string };

/** GET /status (signed in): how the box is, and what would be lost if it died now. */
export type StatusAnswer = {
  readonly version: string;
  readonly club: string | null;
  /** The log that is written now, and its last event. */
  readonly log: string;
  readonly head: { readonly seq: number; readonly hash: string };
  readonly screens: number;
  readonly cloud: CloudState;
  /** `fenced`: another box took this one's place, nothing can be done here. `recovering`: see `recovery`. */
  readonly box: 'live' | 'fenced' | 'recovering';
  readonly recovery: Recovery | null;
  readonly review: readonly Reviewed[];
};
/** An event of a joined history that contradicts what stands before it: kept and booked, but for a person to look at. */
export type Reviewed = {
  readonly pos: number;
  readonly type: string;
  readonly at: number;
  readonly day: string | null;
  readonly why: string;
};
/**
 * A box that takes another's place. Everything up to the old box's event `here` is here, written at `hereAt` (epoch
 * milliseconds, null for none); `heardOf` is the highest that anybody knows of, so `missing` = heardOf − here.
 */
export type Recovery = {
  readonly phase: 'history' | 'witnesses';
  readonly here: number;
  readonly hereAt: number | null;
  readonly heardOf: number;
  readonly missing: number;
  readonly fromCloud: number;
  readonly fromMirror: number;
  readonly fromTablets: number;
  /** Devices that handed over what they keep. */
  readonly tablets: number;
};

/** POST /witness/tails (a paired device, no sign-in): what the device keeps, oldest first, in as many requests as it takes. */
export const TailsRequest = Type.Object(
  {
    tails: Type.Array(
      Type.Object({ log: Id, seq: Cents, n: Cents, blob: Type.String({ maxLength: 100_000 }) }, closed),
      { maxItems: 200 },
    ),
  },
  closed,
);
export type TailsAnswer = { readonly recovery: Recovery | null };
/** POST /recovery/finish (owner or manager): goes on with what is here. Refused `recovery_not_waiting` where nothing waits. */
export const FinishRecoveryRequest = Nothing;
