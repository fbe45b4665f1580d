import { openWithoutSale, payIn, payOut } from '#shared/domain/drawer-cash.ts';
import { explainDrawer, handOverDrawer, mustExplain, recountDrawer } from '#shared/domain/drawer-count.ts';
import type { DrawerMove } from '#shared/domain/drawer-report.ts';
import { closeDrawer, countDrawer, dropCash, openDrawer } from '#shared/domain/drawer.ts';
import { event, type ClubEvent, type EventOf } from '#shared/domain/event.ts';
import type { Refusal } from '#shared/domain/refusal.ts';
import { isBoss } from '#shared/domain/rights.ts';
import { assert } from '#shared/kit/assert.ts';
import { accept, refuse } from '#shared/kit/decision.ts';
import type { Reads } from '../../state/reads.ts';
import type { CommandInput, Decide, Deciders, RoutedCommand } from '../command.ts';

type OfDrawers = Extract<RoutedCommand, `drawer.${string}`>;

export const drawerCommands: Deciders<Exclude<OfDrawers, 'drawer.add'>> = {
  'drawer.open': ({ reads }, input, ask) => {
    const fact = reads.drawers.fact(input.drawer);
    return openDrawer(
      {
        known: reads.club.drawer(input.drawer) !== undefined,
        open: fact !== undefined && fact.state !== 'CLOSED',
        responsibleKnown: reads.club.staff(input.responsible) !== undefined,
      },
      input,
      ask,
    );
  },
  'drawer.drop': known(({ reads }, input) => dropCash(reads.drawers.fact(input.drawer), input)),
  'drawer.count': known(({ reads }, input) => countDrawer(reads.drawers.fact(input.drawer), input)),
  'drawer.pay_in': known(({ reads }, input) => payIn(reads.drawers.fact(input.drawer), input)),
  'drawer.no_sale': known(({ reads }, input) => openWithoutSale(reads.drawers.fact(input.drawer), input)),
  'drawer.explain': known(({ reads }, input) => explainDrawer(reads.drawers.counted(input.drawer), input)),
  'drawer.recount': known(({ reads }, input, ask) => recountDrawer(reads.drawers.counted(input.drawer), input, ask)),
  'drawer.pay_out': known(({ reads }, { drawer, cents, reason, approver }, ask) =>
    payOut(
      {
        drawer: reads.drawers.fact(drawer),
        limitCents: reads.cash.limits().paidOutCents,
        byIsBoss: isBoss(reads.club.staff(ask.by)?.roles),
        approverIsBoss: approver !== null && isBoss(reads.club.staff(approver.staff)?.roles),
      },
      { cents, reason, approver: approver?.staff ?? null },
    ),
  ),
  'drawer.hand_over': known(({ reads }, { drawer, countedCents, receiver }, ask) => {
    const facts = {
      drawer: reads.drawers.fact(drawer),
      responsible: reads.drawers.session(drawer)?.responsible ?? '',
      byIsBoss: isBoss(reads.club.staff(ask.by)?.roles),
    };
    const decision = handOverDrawer(facts, { countedCents, to: receiver.staff }, ask);
    if (!decision.ok) return decision;
    const counted = { kind: 'counted', cents: countedCents, reason: null, by: ask.by } as const;
    return accept<ClubEvent>(zReport(reads, drawer, [counted]), ...decision.events);
  }),
  'drawer.close': known(({ reads }, { drawer }) => {
    const decision = closeDrawer(reads.drawers.fact(drawer));
    if (!decision.ok) return decision;
    if (mustExplain(reads.drawers.counted(drawer), reads.cash.limits().overShortCents))
      return refuse<Refusal>('over_short_unexplained');
    return accept<ClubEvent>(zReport(reads, drawer, []), ...decision.events);
  }),
};

/** A drawer that is there, in a night that is open: what a forced close left takes nothing before the next one. */
function known<N extends OfDrawers>(decide: Decide<N>): Decide<N> {
  return (edge, input, ask) => {
    const { drawer } = input as CommandInput<'drawer.close'>;
    if (edge.reads.club.drawer(drawer) === undefined) return refuse('drawer_unknown');
    return ask.day ? decide(edge, input, ask) : refuse('day_not_open');
  };
}

/** Goes before the end of the session that it tells of. */
function zReport(reads: Reads, drawer: string, last: readonly DrawerMove[]): EventOf<'drawer.reported'> {
  const session = reads.drawers.session(drawer);
  const report = reads.reports.drawer(drawer, last);
  assert(session !== undefined && report !== null, 'a drawer that ends has a session');
  const z = reads.cash.lastZOfDrawer(drawer) + 1;
  return event('drawer.reported', { drawerSession: session.drawerSession, drawer, z, report });
}
