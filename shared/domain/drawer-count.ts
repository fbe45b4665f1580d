import { accept, refuse, type Decision } from '#shared/kit/decision.ts';
import { accounts } from './account.ts';
import type { Asking } from './asking.ts';
import { isAbove } from './cash-limit.ts';
import type { DrawerFact } from './drawer.ts';
import { event, type EventOf } from './event.ts';
import { credit, debit, entry } from './ledger.ts';
import type { Refusal } from './refusal.ts';

export type CountedFact = DrawerFact & {
  /** Everybody who counted this session. */
  readonly counters: readonly string[];
  /** Cents over (above zero) or short (below), by the last count. */
  readonly overShortCents: number;
  readonly isExplained: boolean;
};

/**
 * A second person counts again. The first count stays as it is; what this one found beyond the one before it is booked on top,
 * so that what goes to the safe is what is there.
 */
export function recountDrawer(
  facts: CountedFact | undefined,
  command: { readonly countedCents: number },
  ask: Asking,
): Decision<EventOf<'drawer.recounted'>, Refusal> {
  if (!facts || facts.state === 'CLOSED') return refuse('drawer_not_open');
  if (facts.state === 'OPENED') return refuse('drawer_not_counted');
  if (facts.counters.includes(ask.by)) return refuse('same_person');
  const { drawerSession, drawer, expectedCents } = facts;
  const { countedCents } = command;
  const differenceCents = countedCents - expectedCents;
  const postings = overShort(drawer, differenceCents);
  return accept(event('drawer.recounted', { drawerSession, drawer, countedCents, differenceCents, postings }));
}

export function explainDrawer(
  facts: CountedFact | undefined,
  command: { readonly reason: string },
): Decision<EventOf<'drawer.explained'>, Refusal> {
  if (!facts || facts.state === 'CLOSED') return refuse('drawer_not_open');
  if (facts.state === 'OPENED') return refuse('drawer_not_counted');
  if (facts.overShortCents === 0) return refuse('not_over_short');
  if (command.reason.trim() === '') return refuse('reason_missing');
  const { drawerSession, drawer } = facts;
  return accept(event('drawer.explained', { drawerSession, drawer, reason: command.reason }));
}

/** Whether a drawer may not be closed before somebody says why it is over or short. */
export function mustExplain(facts: CountedFact | undefined, limitCents: number | null): boolean {
  return facts?.state === 'COUNTED' && !facts.isExplained && isAbove(facts.overShortCents, limitCents);
}

export type HandOverFacts = {
  readonly drawer: DrawerFact | undefined;
  readonly responsible: string;
  readonly byIsBoss: boolean;
};

/**
 * A close and an opening in one, signed by both: who answers for the drawer, or an owner or manager for them, counts it, and
 * the other takes it as counted. What is over or short is the first one's.
 */
export function handOverDrawer(
  { drawer: facts, responsible, byIsBoss }: HandOverFacts,
  command: { readonly countedCents: number; readonly to: string },
  ask: Asking,
): Decision<EventOf<'drawer.handed_over'>, Refusal> {
  if (!facts || facts.state === 'CLOSED') return refuse('drawer_not_open');
  if (facts.state === 'COUNTED') return refuse('drawer_counted');
  if (ask.by !== responsible && !byIsBoss) return refuse('not_responsible');
  if (command.to === responsible) return refuse('same_person');
  const { drawerSession, drawer, expectedCents } = facts;
  const { countedCents, to } = command;
  const overShortCents = countedCents - expectedCents;
  return accept(
    event('drawer.handed_over', {
      drawerSession,
      drawer,
      next: ask.id,
      from: responsible,
      to,
      countedCents,
      expectedCents,
      overShortCents,
      postings: overShort(drawer, overShortCents),
    }),
  );
}

function overShort(drawer: string, cents: number) {
  return entry(debit(accounts.cashDrawer(drawer), cents), credit(accounts.overShort, cents));
}
