import type { CashBodies } from './cash-events.ts';
import type { OnboardingBodies } from './onboarding-events.ts';
import type { DeskBodies } from './desk-events.ts';
import type { PolicyEvents } from './policy-events.ts';
import type { Eligibility, Override } from './policy-words.ts';
import type { RosterBodies } from './roster-events.ts';
import type { FeedBodies } from './feed-events.ts';
import type { Origin, RestrictionKind } from './feed-words.ts';
import type { RoomBodies } from './room-events.ts';
import type { RotationBodies } from './rotation-events.ts';
import type { SafetyBodies } from './safety-events.ts';
import type { ShiftBodies } from './shift-events.ts';
import type { TallyBodies } from './tally-events.ts';
import type { TrackBodies } from './track-events.ts';
import type { VoucherBodies } from './voucher-events.ts';

/**
 * Everything that happens in a club, by name. A body is what happened, with the prices and
 * shares as they were fixed then: nothing that is read later may change what it meant.
 * Amounts are whole cents, instants are epoch milliseconds, dates are `YYYY-MM-DD` by the club's calendar.
 */
export type Posting = { readonly account: string; readonly cents: number };

export type RoomRate = {
  readonly rate: string;
  readonly name: string;
  readonly minutes: number;
  readonly grossCents: number;
  readonly houseCents: number;
};
export type Share = { readonly dancer: string; readonly cents: number };
/** grossCents = houseCents + taxCents + the sum of shares, to the cent. */
export type Price = {
  readonly grossCents: number;
  readonly houseCents: number;
  readonly taxCents: number;
  readonly shares: readonly Share[];
};
export type PayMethod = 'cash' | 'card';
export type EndReason = 'time' | 'guest' | 'dancer' | 'manager' | 'safety';
export type Role = 'owner' | 'manager' | 'door' | 'vip_host' | 'dj' | 'house_mom' | 'bartender';
export type DeviceCeiling = 'door' | 'floor' | 'dj' | 'office';

export type PriceList = { readonly houseFeeCents: number; readonly roomRates: readonly RoomRate[] };
/** What a shared field holds. Null: nothing, or, for a field of high care, a text that is sealed in `pii` alone. */
export type SharedValue = string | readonly string[] | PriceList | null;

export type EventBodies = CashBodies &
  DeskBodies &
  OnboardingBodies &
  FeedBodies &
  PolicyEvents &
  RosterBodies &
  RoomBodies &
  RotationBodies &
  ShiftBodies &
  TallyBodies &
  TrackBodies &
  VoucherBodies &
  SafetyBodies & {
    'node.started': { readonly version: string; readonly boot: string };
    'clock.stepped': { readonly byMs: number };
    'club.configured': {
      readonly name: string;
      readonly tz: string;
      readonly currency: string;
      readonly cutoffMinutes: number;
      readonly pack: string;
      readonly taxBasisPoints: number;
    };
    'stage.added': { readonly stage: string; readonly name: string; readonly kind: 'main' | 'side' | 'podium' };
    'room.added': { readonly room: string; readonly name: string };
    'drawer.added': { readonly drawer: string; readonly name: string };
    'price_list.set': { readonly houseFeeCents: number; readonly roomRates: readonly RoomRate[] };
    'staff.added': { readonly staff: string; readonly name: string; readonly roles: readonly Role[] };
    'device.paired': {
      readonly device: string;
      readonly name: string;
      readonly ceiling: DeviceCeiling;
      readonly tokenHash: string;
    };
    'device.revoked': { readonly device: string };
    'day.opened': { readonly day: string; readonly date: string };
    'day.closing_begun': { readonly day: string };
    'day.closed': { readonly day: string; readonly date: string; readonly totals: DayTotals };
    'dancer.registered': { readonly dancer: string; readonly stageName: string; readonly engagement: Engagement };
    'attendance.checked_in': {
      readonly attendance: string;
      readonly dancer: string;
      readonly segment: number;
      readonly eligibility: Eligibility;
      /** Past a BLOCK; null where there was none. */
      readonly override: Override | null;
    };
    'attendance.checked_out': { readonly attendance: string; readonly dancer: string };
    'attendance.settled': {
      readonly attendance: string;
      readonly dancer: string;
      readonly paidOutCents: number;
      readonly fees: readonly string[];
      readonly postings: readonly Posting[];
    };
    'house_fee.assessed': {
      readonly fee: string;
      readonly attendance: string;
      readonly dancer: string;
      readonly cents: number;
      readonly rule: string;
      readonly postings: readonly Posting[];
    };
    'house_fee.paid': {
      readonly fee: string;
      readonly dancer: string;
      readonly cents: number;
      readonly drawer: string;
      readonly postings: readonly Posting[];
    };
    'house_fee.deferred': { readonly fee: string; readonly dancer: string; readonly reason: string };
    'house_fee.waived': {
      readonly fee: string;
      readonly dancer: string;
      readonly cents: number;
      readonly reason: string;
      readonly postings: readonly Posting[];
    };
    'rotation.added': {
      readonly entry: string;
      readonly stage: string;
      readonly attendance: string;
      readonly dancer: string;
      readonly round: number;
      readonly rank: number;
    };
    'rotation.moved': {
      readonly entry: string;
      readonly after: string | null;
      readonly round: number;
      readonly rank: number;
    };
    'rotation.called': { readonly entry: string; readonly away: number };
    'rotation.missed': { readonly entry: string; readonly round: number; readonly rank: number };
    'rotation.held': { readonly entry: string };
    'rotation.resumed': { readonly entry: string; readonly round: number; readonly rank: number };
    'rotation.removed': { readonly entry: string; readonly reason: 'left' | 'manager' | 'dj' };
    'stage_set.started': {
      readonly set: string;
      readonly entry: string;
      readonly stage: string;
      readonly dancer: string;
    };
    'stage_set.ended': {
      readonly set: string;
      readonly entry: string;
      readonly stage: string;
      readonly dancer: string;
      readonly outcome: 'COMPLETED' | 'CUT_SHORT';
      readonly round: number;
      readonly rank: number;
    };
    'room_session.quoted': {
      readonly session: string;
      readonly room: string;
      readonly rate: string;
      readonly minutes: number;
      readonly dancers: readonly string[];
      readonly price: Price;
    };
    'room_session.cancelled': { readonly session: string; readonly room: string; readonly reason: string };
    'room_session.started': {
      readonly session: string;
      readonly room: string;
      readonly dancers: readonly string[];
      readonly startedAt: number;
      readonly plannedEnd: number;
    };
    'room_session.extended': {
      readonly session: string;
      readonly room: string;
      readonly segment: number;
      readonly rate: string;
      readonly minutes: number;
      readonly askedBy: 'guest' | 'dancer';
      readonly price: Price;
      readonly plannedEnd: number;
    };
    'room_session.ended': {
      readonly session: string;
      readonly room: string;
      readonly dancers: readonly string[];
      readonly endedAt: number;
      readonly overMs: number;
      readonly reason: EndReason;
    };
    'room_session.settled': {
      readonly session: string;
      readonly room: string;
      readonly method: PayMethod;
      readonly tipCents: number;
      readonly postings: readonly Posting[];
    };
    'room.cleaned': { readonly room: string };
    'drawer.opened': {
      readonly drawerSession: string;
      readonly drawer: string;
      readonly responsible: string;
      readonly bankCents: number;
      readonly postings: readonly Posting[];
    };
    'drawer.dropped': {
      readonly drawerSession: string;
      readonly drawer: string;
      readonly cents: number;
      readonly postings: readonly Posting[];
    };
    'drawer.counted': {
      readonly drawerSession: string;
      readonly drawer: string;
      readonly countedCents: number;
      readonly expectedCents: number;
      readonly overShortCents: number;
      readonly postings: readonly Posting[];
    };
    'drawer.closed': {
      readonly drawerSession: string;
      readonly drawer: string;
      readonly postings: readonly Posting[];
    };
    'dancer.restricted': {
      readonly restriction: string;
      readonly dancer: string;
      readonly kind: RestrictionKind;
      readonly reason: string;
      readonly origin: Origin;
      readonly by: string;
    };
    'dancer.restriction_lifted': {
      readonly restriction: string;
      readonly dancer: string;
      readonly reason: string;
      readonly origin: Origin;
      readonly by: string;
    };
    /** Its text is sealed: erasing her erases her notes. */
    'dancer.noted': { readonly note: string; readonly dancer: string; readonly origin: Origin; readonly by: string };
  };

export type Engagement = 'employee' | 'independent_contractor' | 'lease';
/** What a closed night comes to. Amounts in cents; over is positive, short is negative. */
export type DayTotals = {
  readonly checkIns: number;
  readonly stageSets: number;
  readonly roomSessions: number;
  readonly houseFeeCents: number;
  readonly waivedCents: number;
  readonly roomCents: number;
  readonly taxCents: number;
  readonly cardCents: number;
  readonly dancersOwedCents: number;
  readonly overShortCents: number;
};

export type EventType = keyof EventBodies;
/** Sealed fields: who it is about, then field name to ciphertext. Never clear text. */
export type SealedFields = { readonly [subject: string]: { readonly [field: string]: string } };

export type EventOf<T extends EventType> = {
  readonly [K in T]: {
    readonly type: K;
    /** Version of this type's body, frozen once shipped. */
    readonly tv: number;
    /** Ids of the people it is about, so that what concerns one person can be found. */
    readonly sub: readonly string[];
    readonly body: EventBodies[K];
    readonly pii?: SealedFields;
  };
}[T];
export type ClubEvent = EventOf<EventType>;

/** Types whose body has a newer version than the first; the steps from the older ones stand in the contract. */
export const NEWER_VERSIONS: { readonly [T in EventType]?: number } = {
  'attendance.checked_in': 2,
  'credential.added': 2,
  'voucher.sold': 2,
};

export function event<T extends EventType>(type: T, body: EventBodies[T], sub: readonly string[] = []): EventOf<T> {
  return { type, tv: NEWER_VERSIONS[type] ?? 1, sub, body } as EventOf<T>;
}
