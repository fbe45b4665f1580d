import { accept, refuse, type Decision } from '#shared/kit/decision.ts';
import { accounts } from './account.ts';
import type { Asking } from './asking.ts';
import type { DoorBodies, RefusedBecause } from './door-events.ts';
import { event, type ClubEvent, type EventOf, type Posting, type Role } from './event.ts';
import { credit, debit, entry } from './ledger.ts';
import { occupancyOf, warningOf, type AreaFact } from './occupancy.ts';
import type { Refusal } from './refusal.ts';

export type Enter = Omit<DoorBodies['door.entered'], 'entry' | 'approver' | 'postings'>;
export type EnterFacts = {
  readonly area: AreaFact | undefined;
  readonly drawerOpen: boolean;
  /** Who allows a comp, after a PIN of theirs was checked; null for nobody. */
  readonly approver: { readonly staff: string; readonly roles: readonly Role[] } | null;
};

const APPROVERS: readonly Role[] = ['owner', 'manager'];

/**
 * Counts people in and takes their cover (cents, for all of them together). It counts what has happened already, so a full
 * house is a warning and not a refusal, and a night that is closing still takes what comes late. Staff and vendors never pay;
 * a re-entry may cost nothing.
 */
export function enterDoor(facts: EnterFacts, command: Enter, ask: Asking): Decision<ClubEvent, Refusal> {
  if (!ask.day) return refuse('day_not_open');
  if (!facts.area) return refuse('area_unknown');
  const wrong = priceRefusal(command) ?? compRefusal(facts, command);
  if (wrong !== null) return refuse(wrong);
  const { paidCents, method, drawer } = command;
  if (method === 'cash' && !facts.drawerOpen) return refuse('drawer_not_open');
  const approver = command.category === 'comp' ? (facts.approver?.staff ?? null) : null;
  const postings = coverPostings(paidCents, method === 'cash' ? drawer : null);
  return accept<ClubEvent>(
    event('door.entered', { entry: ask.id, ...command, approver, postings }),
    ...warnings(facts.area, command.count),
  );
}

function priceRefusal({ kind, category, paidCents, method, drawer }: Enter): Refusal | null {
  const mayPay = category === 'paying' || category === 'vip';
  if (paidCents > 0 && !mayPay) return 'cover_not_due';
  if (category === 'paying' && kind === 'entry' && paidCents === 0) return 'cover_missing';
  if ((method !== null) !== paidCents > 0) return 'pay_method_wrong';
  return (drawer !== null) !== (method === 'cash') ? 'pay_method_wrong' : null;
}

function compRefusal({ approver }: EnterFacts, { category, reason }: Enter): Refusal | null {
  if (category !== 'comp') return reason === null ? null : 'body_invalid';
  if (reason === null) return 'reason_missing';
  if (approver === null) return 'approver_missing';
  return approver.roles.some((role) => APPROVERS.includes(role)) ? null : 'approver_not_allowed';
}

function coverPostings(paidCents: number, drawer: string | null): readonly Posting[] {
  const to = drawer === null ? accounts.cardClearing : accounts.cashDrawer(drawer);
  return entry(debit(to, paidCents), credit(accounts.doorIncome, paidCents));
}

export type Leave = { readonly area: string; readonly count: number; readonly countedAt: number | null };

/** Counts people out. More than came in is taken too, because the missing count may still come; it asks for a correction. */
export function leaveDoor(area: AreaFact | undefined, command: Leave, ask: Asking): Decision<ClubEvent, Refusal> {
  if (!ask.day) return refuse('day_not_open');
  if (!area) return refuse('area_unknown');
  return accept<ClubEvent>(event('door.left', { exit: ask.id, ...command }), ...warnings(area, -command.count));
}

export type Move = {
  readonly from: string;
  readonly to: string;
  readonly count: number;
  readonly countedAt: number | null;
};

/** Counts people from one area of the house into another; the house as a whole stays as full as it was. */
export function moveBetweenAreas(
  { from, to }: { readonly from: AreaFact | undefined; readonly to: AreaFact | undefined },
  command: Move,
  ask: Asking,
): Decision<ClubEvent, Refusal> {
  if (!ask.day) return refuse('day_not_open');
  if (!from || !to) return refuse('area_unknown');
  if (from.area === to.area) return refuse('nothing_changed');
  return accept<ClubEvent>(
    event('door.moved', { move: ask.id, ...command }),
    ...warnings(from, -command.count),
    ...warnings(to, command.count),
  );
}

export type TurnAway = {
  readonly area: string;
  readonly count: number;
  readonly because: RefusedBecause;
  readonly blocklistEntry: string | null;
};

/** Notes that people were turned away: nobody is counted in. What was seen is sealed by the box. */
export function refuseAtDoor(
  facts: { readonly areaKnown: boolean; readonly banKnown: boolean },
  command: TurnAway,
  ask: Asking,
): Decision<EventOf<'door.refused'>, Refusal> {
  if (!ask.day) return refuse('day_not_open');
  if (!facts.areaKnown) return refuse('area_unknown');
  if (command.blocklistEntry !== null && !facts.banKnown) return refuse('ban_unknown');
  return accept(event('door.refused', { refusal: ask.id, ...command }));
}

/** Somebody counted heads. What the correction adds is fixed here, by what the box knows now: a device still never sets a total. */
export function correctOccupancy(
  area: AreaFact | undefined,
  command: { readonly area: string; readonly counted: number; readonly reason: string },
  ask: Asking,
): Decision<ClubEvent, Refusal> {
  if (!ask.day) return refuse('day_not_open');
  if (!area) return refuse('area_unknown');
  if (area.sum === command.counted) return refuse('nothing_changed');
  const by = command.counted - area.sum;
  return accept<ClubEvent>(event('occupancy.corrected', { correction: ask.id, ...command, by }), ...warnings(area, by));
}

function warnings(area: AreaFact, by: number): readonly EventOf<'occupancy.warned'>[] {
  const level = warningOf(area, by);
  if (level === null) return [];
  const { inside, limit } = occupancyOf({ limit: area.limit, sum: area.sum + by });
  return [event('occupancy.warned', { area: area.area, level, inside, limit })];
}
