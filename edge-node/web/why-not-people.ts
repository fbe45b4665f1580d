import { checkIn, checkOut, settleAttendance, type AttendanceFact } from '#shared/domain/attendance.ts';
import { beginClosing, openDay } from '#shared/domain/business-day.ts';
import { closeDrawer, countDrawer, dropCash, openDrawer, type DrawerFact } from '#shared/domain/drawer.ts';
import { deferHouseFee, payHouseFee, waiveHouseFee, type FeeFact } from '#shared/domain/house-fee.ts';
import type { Eligibility } from '#shared/domain/policy-words.ts';
import { may } from '#shared/domain/rights.ts';
import { removeEntry } from '#shared/domain/rotation.ts';
import { factOf, type Entry } from './order.ts';
import type { Row } from './store.ts';
import { ask, type Known, type WhyNot } from './why-not.ts';

/** Reasons around the night, the dancers and the drawers; `why-not.ts` has those of stages and rooms. */
export function whyNotOpenDay(known: Known): WhyNot {
  const club = { tz: 'UTC', cutoffMinutes: 0, dateUsed: () => false, lastDate: null };
  return ask(known, 'day.open', (asking) => openDay(club, { date: null }, asking));
}

export function whyNotBeginClosing(known: Known): WhyNot {
  return ask(known, 'day.begin_closing', beginClosing);
}

/** What is still open is the node's to say: it knows things that this screen may not see. */
export function whyNotCloseDay(known: Known): WhyNot {
  if (!may(known.roles, 'day.close')) return 'not_allowed';
  if (!known.day) return 'day_not_open';
  return known.day.state === 'OPEN' ? 'day_not_closing' : null;
}

/** Whether she may work is asked by the node alone: no screen has her papers. */
export function whyNotCheckIn(known: Known, dancer: string, tonight: Row<'attendance'> | undefined): WhyNot {
  const eligibility: Eligibility = { verdict: 'ALLOW', reasons: [], pack: '', packVersion: 0 };
  const facts = { known: true, tonight: tonight && factOfTonight(tonight), eligibility, houseFeeCents: 0 };
  return ask(known, 'attendance.check_in', (asking) => checkIn(facts, { dancer }, asking));
}

/** Whether anybody can be checked in now. */
export function whyNotOpenCheckIn(known: Known): WhyNot {
  return whyNotCheckIn(known, '', undefined);
}

export function whyNotCheckOut(known: Known, dancer: Row<'attendance'>, rooms: readonly Row<'room'>[]): WhyNot {
  const roomUnsettled = rooms.some(
    ({ session }) =>
      (session?.state === 'RUNNING' || session?.state === 'ENDED') &&
      session.dancers.some((one) => one.dancer === dancer.dancer),
  );
  const fee = feeOf(dancer);
  const facts = {
    tonight: factOfTonight(dancer),
    onStage: dancer.where === 'stage',
    inRoom: dancer.where === 'room',
    roomUnsettled,
    fees: fee && !dancer.fee?.mayWait ? [fee] : [],
    isCapped: false,
    entries: [],
  };
  return ask(known, 'attendance.check_out', () => checkOut(facts));
}

type Drawer = Row<'drawer'> | undefined;

/** Whether the drawer has that much cash is known to the node alone. */
export function whyNotSettleDancer(known: Known, dancer: Row<'attendance'>, drawer: Drawer): WhyNot {
  const facts = { tonight: factOfTonight(dancer), fees: [], balanceCents: 0, drawerCents: 0 };
  const why = ask(known, 'attendance.settle', () => settleAttendance(facts, { drawer: '' }));
  return why ?? whyNotFrom(drawer);
}

export function whyNotPay(known: Known, dancer: Row<'attendance'>, drawer: Drawer): WhyNot {
  return ask(known, 'house_fee.pay', () => payHouseFee(feeOf(dancer), { drawer: '' }, true)) ?? whyNotFrom(drawer);
}

/** Whether the policy pack forbids it is known to the node alone. */
export function whyNotDefer(known: Known, dancer: Row<'attendance'>, reason: string): WhyNot {
  return ask(known, 'house_fee.defer', () => deferHouseFee(feeOf(dancer), { reason }, false));
}

export function whyNotWaive(known: Known, dancer: Row<'attendance'>, reason: string): WhyNot {
  return ask(known, 'house_fee.waive', (asking) => waiveHouseFee(feeOf(dancer), { reason }, asking));
}

export function whyNotRemove(known: Known, entry: Entry): WhyNot {
  return ask(known, 'rotation.remove', () => removeEntry(factOf(entry), { reason: 'manager' }));
}

export function whyNotOpenDrawer(known: Known, drawer: Row<'drawer'>, bank: Amount): WhyNot {
  const open = drawer.state !== null && drawer.state !== 'CLOSED';
  const command = { drawer: drawer.id, responsible: '', bankCents: 0 };
  const facts = { known: true, open, responsibleKnown: true };
  return ask(known, 'drawer.open', (asking) => openDrawer(facts, command, asking)) ?? whyNotAmount(bank);
}

export function whyNotDrop(known: Known, drawer: Row<'drawer'>, dropped: Amount): WhyNot {
  const why = ask(known, 'drawer.drop', () => dropCash(factOfDrawer(drawer), { cents: 0 }));
  return why ?? whyNotAmount(dropped) ?? (dropped.cents === 0 ? 'amount_missing' : null);
}

export function whyNotCount(known: Known, drawer: Row<'drawer'>, counted: Amount): WhyNot {
  const why = ask(known, 'drawer.count', () => countDrawer(factOfDrawer(drawer), { countedCents: 0 }));
  return why ?? whyNotAmount(counted);
}

export function whyNotCloseDrawer(known: Known, drawer: Row<'drawer'>): WhyNot {
  return ask(known, 'drawer.close', () => closeDrawer(factOfDrawer(drawer)));
}

/** What was typed, and what it comes to: an empty field is no amount of zero. */
type Amount = { readonly typed: string; readonly cents: number | null };

function whyNotAmount({ typed, cents }: Amount): WhyNot {
  if (typed.trim() === '') return 'amount_missing';
  return cents === null ? 'amount_wrong' : null;
}

function whyNotFrom(drawer: Drawer): WhyNot {
  if (!drawer) return 'drawer_missing';
  return drawer.state === 'OPENED' ? null : 'drawer_not_open';
}

function factOfTonight({ id, dancer, state }: Row<'attendance'>): AttendanceFact {
  return { attendance: id, dancer, state, segment: 0 };
}

function feeOf({ dancer, fee }: Row<'attendance'>): FeeFact | undefined {
  return fee ? { fee: fee.fee, dancer, cents: fee.cents ?? 0, takenOffCents: 0, state: fee.state } : undefined;
}

function factOfDrawer({ id, state }: Row<'drawer'>): DrawerFact | undefined {
  return state === null ? undefined : { drawerSession: '', drawer: id, state, expectedCents: 0 };
}
