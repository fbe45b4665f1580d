import { accept, refuse, type Decision } from '#shared/kit/decision.ts';
import type { Asking } from './asking.ts';
import { isDate } from './calendar.ts';
import { event, type CredentialKind, type Engagement, type EventOf, type SealedFields } from './event.ts';
import type { Refusal } from './refusal.ts';

export type RegisterDancer = {
  readonly stageName: string;
  readonly birthDate: string;
  readonly engagement: Engagement;
};

/**
 * Puts a dancer on the roster. Her legal name and birth date travel sealed; `sealed` is made by the box,
 * which alone has the key.
 */
export function registerDancer(
  roster: { readonly stageNameTaken: boolean },
  command: RegisterDancer,
  sealed: SealedFields,
  ask: Asking,
): Decision<EventOf<'dancer.registered'>, Refusal> {
  if (!isDate(command.birthDate)) return refuse('birth_date_invalid');
  if (roster.stageNameTaken) return refuse('stage_name_taken');
  const { stageName, engagement } = command;
  return accept({ ...event('dancer.registered', { dancer: ask.id, stageName, engagement }, [ask.id]), pii: sealed });
}

export type AddCredential = {
  readonly dancer: string;
  readonly kind: CredentialKind;
  readonly issuer: string;
  readonly expiresOn: string | null;
  readonly verified: boolean;
};

export function addCredential(
  known: boolean,
  command: AddCredential,
  ask: Asking,
): Decision<EventOf<'credential.added'>, Refusal> {
  if (!known) return refuse('dancer_unknown');
  if (command.expiresOn !== null && !isDate(command.expiresOn)) return refuse('body_invalid');
  return accept(event('credential.added', { credential: ask.id, ...command }, [command.dancer]));
}
