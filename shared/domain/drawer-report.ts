import type { DrawerReport, Takings } from './cash-events.ts';

export const MOVE_KINDS = [
  'opened',
  'paid_in',
  'dropped',
  'paid_out',
  'no_sale',
  'counted',
  'recounted',
  'explained',
  'closed',
] as const;
export type MoveKind = (typeof MOVE_KINDS)[number];
/** One step of a drawer's session, in cents. */
export type DrawerMove = {
  readonly kind: MoveKind;
  readonly cents: number;
  readonly reason: string | null;
  readonly by: string;
};

/**
 * What a drawer's session comes to: an X report while it goes on, its Z report at its end. Expected is made from the moves and the
 * takings alone, and is what the ledger has in that drawer before it is counted.
 */
export function drawerReport(
  responsible: string,
  moves: readonly DrawerMove[],
  takings: readonly Takings[],
): DrawerReport {
  const sum = (kind: MoveKind): number =>
    moves.reduce((cents, move) => (move.kind === kind ? cents + move.cents : cents), 0);
  const [bankCents, paidInCents, droppedCents, paidOutCents] = [
    sum('opened'),
    sum('paid_in'),
    sum('dropped'),
    sum('paid_out'),
  ];
  const taken = takings.reduce((cents, one) => cents + one.cents, 0);
  const expectedCents = bankCents + paidInCents + taken - droppedCents - paidOutCents;
  const counts = moves
    .filter(({ kind }) => kind === 'counted' || kind === 'recounted')
    .map(({ by, cents }) => ({ by, countedCents: cents }));
  const last = counts.at(-1);
  return {
    responsible,
    bankCents,
    paidInCents,
    droppedCents,
    paidOutCents,
    noSales: moves.filter(({ kind }) => kind === 'no_sale').length,
    takings,
    expectedCents,
    counts,
    overShortCents: last ? last.countedCents - expectedCents : null,
    explanation: moves.findLast(({ kind }) => kind === 'explained')?.reason ?? null,
  };
}

/** Who answers for a drawer, or only works with it, is told what should be in it when it is counted. */
export function maySeeExpected(
  session: { readonly state: 'OPENED' | 'COUNTED' | 'CLOSED'; readonly responsible: string },
  who: { readonly staff: string; readonly isBoss: boolean },
): boolean {
  return session.state !== 'OPENED' || (who.isBoss && who.staff !== session.responsible);
}
