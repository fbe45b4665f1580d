import { accept, refuse, type Decision } from '#shared/kit/decision.ts';
import { event, type EventOf, type Role } from './event.ts';
import type { Refusal } from './refusal.ts';
import { isBoss } from './rights.ts';
import type { SessionFact } from './room-session.ts';

/** HOUSE_COLLECTS: the club has the guest's money and owes the dancers. ENTERTAINER_COLLECTS: a dancer has it and owes the club. */
export type SettlementDirection = 'HOUSE_COLLECTS' | 'ENTERTAINER_COLLECTS';

/** How this club's sessions are settled; null: as the host says for each. */
export function setDirection(
  now: SettlementDirection | null,
  { direction }: { readonly direction: SettlementDirection | null },
): Decision<EventOf<'settlement_direction.set'>, Refusal> {
  return direction === now ? refuse('nothing_changed') : accept(event('settlement_direction.set', { direction }));
}

/** A session is settled the club's way; an owner or manager may settle one the other way. */
export function cannotGo(
  way: SettlementDirection,
  clubs: SettlementDirection | null,
  roles: readonly Role[] | undefined,
): 'settlement_direction' | null {
  return clubs === null || clubs === way || isBoss(roles) ? null : 'settlement_direction';
}

/**
 * The least that a session comes to, in cents: the time and all that is sold beside it count, a tip does not. It is agreed
 * before the session starts; after that an owner or manager alone lowers it, with a reason.
 */
export function setMinimum(
  session: (SessionFact & { readonly minimumCents: number }) | undefined,
  { cents, reason }: { readonly cents: number; readonly reason: string | null },
  roles: readonly Role[] | undefined,
): Decision<EventOf<'room_session.minimum_set'>, Refusal> {
  if (!session) return refuse('session_unknown');
  if (cents === session.minimumCents) return refuse('nothing_changed');
  if (session.state !== 'QUOTED') {
    if (session.state !== 'RUNNING' && session.state !== 'ENDED') return refuse('session_not_running');
    if (cents > session.minimumCents) return refuse('session_not_quoted');
    if (!isBoss(roles)) return refuse('not_allowed');
    if (reason === null) return refuse('reason_missing');
  }
  const { room, dancers } = session;
  return accept(event('room_session.minimum_set', { session: session.session, room, cents, reason }, dancers));
}

/** What is missing of the minimum, in cents. Nothing adds it by itself: somebody sells it, or the minimum is lowered. */
export function shortCents({
  price,
  minimumCents,
}: Pick<SessionFact, 'price'> & { readonly minimumCents: number }): number {
  return Math.max(0, minimumCents - price.grossCents);
}
