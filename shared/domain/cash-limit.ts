import { accept, refuse, type Decision } from '#shared/kit/decision.ts';
import type { CashLimits } from './cash-events.ts';
import { event, type EventOf } from './event.ts';
import type { Refusal } from './refusal.ts';

/** A club that has set nothing is asked for nothing. */
export const NO_LIMITS: CashLimits = { paidOutCents: null, overShortCents: null, drawerCents: null };

export function setCashLimits(now: CashLimits, command: CashLimits): Decision<EventOf<'cash_limits.set'>, Refusal> {
  const { paidOutCents, overShortCents, drawerCents } = command;
  const isSame =
    paidOutCents === now.paidOutCents && overShortCents === now.overShortCents && drawerCents === now.drawerCents;
  if (isSame) return refuse('nothing_changed');
  return accept(event('cash_limits.set', { paidOutCents, overShortCents, drawerCents }));
}

export function isAbove(cents: number, limitCents: number | null): boolean {
  return limitCents !== null && Math.abs(cents) > limitCents;
}
