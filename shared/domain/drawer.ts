import { accept, refuse, type Decision } from '#shared/kit/decision.ts';
import { accounts } from './account.ts';
import type { Asking } from './asking.ts';
import { event, type EventOf } from './event.ts';
import { credit, debit, entry } from './ledger.ts';
import type { Refusal } from './refusal.ts';

/** OPENED → COUNTED (blind, once) → CLOSED. One person answers for it; a hand-over is a close and an opening. */
export type DrawerState = 'OPENED' | 'COUNTED' | 'CLOSED';
export type DrawerFact = {
  readonly drawerSession: string;
  readonly drawer: string;
  readonly state: DrawerState;
  /** What the ledger says is in it, in cents. Never shown before the count. */
  readonly expectedCents: number;
};

export function openDrawer(
  facts: { readonly known: boolean; readonly open: boolean; readonly responsibleKnown: boolean },
  command: { readonly drawer: string; readonly responsible: string; readonly bankCents: number },
  ask: Asking,
): Decision<EventOf<'drawer.opened'>, Refusal> {
  if (!ask.day) return refuse('day_not_open');
  if (!facts.known) return refuse('drawer_unknown');
  if (facts.open) return refuse('drawer_open_already');
  if (!facts.responsibleKnown) return refuse('staff_unknown');
  const postings = entry(
    debit(accounts.cashDrawer(command.drawer), command.bankCents),
    credit(accounts.safe, command.bankCents),
  );
  return accept(event('drawer.opened', { drawerSession: ask.id, ...command, postings }));
}

/** Cash that is too much for a drawer goes to the safe. */
export function dropCash(
  facts: DrawerFact | undefined,
  command: { readonly cents: number },
): Decision<EventOf<'drawer.dropped'>, Refusal> {
  if (!facts || facts.state === 'CLOSED') return refuse('drawer_not_open');
  if (facts.state === 'COUNTED') return refuse('drawer_counted');
  if (facts.expectedCents < command.cents) return refuse('not_enough_cash');
  const { drawerSession, drawer } = facts;
  const postings = entry(debit(accounts.safe, command.cents), credit(accounts.cashDrawer(drawer), command.cents));
  return accept(event('drawer.dropped', { drawerSession, drawer, cents: command.cents, postings }));
}

/** The counter enters what is there before anyone is told what should be. The first count stands. */
export function countDrawer(
  facts: DrawerFact | undefined,
  command: { readonly countedCents: number },
): Decision<EventOf<'drawer.counted'>, Refusal> {
  if (!facts || facts.state === 'CLOSED') return refuse('drawer_not_open');
  if (facts.state === 'COUNTED') return refuse('drawer_counted');
  const { drawerSession, drawer, expectedCents } = facts;
  const overShortCents = command.countedCents - expectedCents;
  const postings = entry(
    debit(accounts.cashDrawer(drawer), overShortCents),
    credit(accounts.overShort, overShortCents),
  );
  const { countedCents } = command;
  return accept(
    event('drawer.counted', { drawerSession, drawer, countedCents, expectedCents, overShortCents, postings }),
  );
}

/** What was counted goes to the safe; the drawer is empty for the next person. */
export function closeDrawer(facts: DrawerFact | undefined): Decision<EventOf<'drawer.closed'>, Refusal> {
  if (!facts || facts.state === 'CLOSED') return refuse('drawer_not_open');
  if (facts.state === 'OPENED') return refuse('drawer_not_counted');
  const { drawerSession, drawer, expectedCents } = facts;
  const postings = entry(debit(accounts.safe, expectedCents), credit(accounts.cashDrawer(drawer), expectedCents));
  return accept(event('drawer.closed', { drawerSession, drawer, postings }));
}
