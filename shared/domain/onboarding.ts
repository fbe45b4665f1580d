import { accept, refuse, type Decision } from '#shared/kit/decision.ts';
import type { Asking } from './asking.ts';
import { isBirthDate } from './calendar.ts';
import { event, type Engagement, type EventOf } from './event.ts';
import type { Refusal } from './refusal.ts';

/** INVITED → APPLIED (she filled it in) → APPROVED or REFUSED by a manager. A code is good for a day, once. */
export type InvitationState = 'INVITED' | 'APPLIED' | 'APPROVED' | 'REFUSED';
export type InvitationFact = {
  readonly invitation: string;
  readonly state: InvitationState;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
  readonly engagement: Engagement | null;
};
/** Why one is refused. No free text: it would stand in the log when her names are let go of. */
export type RefusedWhy =
  | 'under_age'
  | 'papers_missing'
  | 'stage_name'
  | 'filled_in_wrongly'
  | 'withdrawn'
  | 'not_engaged';
export const INVITATION_MS = 24 * 3_600_000;

export function invite(codeHash: string, ask: Asking): Decision<EventOf<'onboarding.invited'>, Refusal> {
  return accept(event('onboarding.invited', { invitation: ask.id, codeHash, expiresAt: ask.now + INVITATION_MS }));
}

/** What she fills in on her own phone. Whoever has no good code learns nothing but that. */
export function applyBy(
  found: InvitationFact | undefined,
  { engagement, birthDate }: { readonly engagement: Engagement; readonly birthDate: string },
  now: number,
): Decision<EventOf<'onboarding.applied'>, Refusal> {
  if (found?.state !== 'INVITED' || found.expiresAt <= now) return refuse('invitation_unknown');
  if (!isBirthDate(birthDate, now)) return refuse('birth_date_invalid');
  return accept(event('onboarding.applied', { invitation: found.invitation, engagement }));
}

/** Goes with the registration of the dancer. */
export function approve(
  found: InvitationFact | undefined,
  dancer: string,
): Decision<EventOf<'onboarding.approved'>, Refusal> {
  if (!found) return refuse('invitation_unknown');
  if (found.state !== 'APPLIED') return refuse('invitation_not_filled');
  return accept(event('onboarding.approved', { invitation: found.invitation, dancer }, [dancer]));
}

export function refuseApplication(
  found: InvitationFact | undefined,
  { reason }: { readonly reason: RefusedWhy },
): Decision<EventOf<'onboarding.refused'>, Refusal> {
  if (!found) return refuse('invitation_unknown');
  if (found.state !== 'APPLIED' && found.state !== 'INVITED') return refuse('invitation_answered');
  return accept(event('onboarding.refused', { invitation: found.invitation, reason }));
}
