import { accept, refuse, type Decision } from '#shared/kit/decision.ts';
import type { Asking } from './asking.ts';
import { isDate } from './calendar.ts';
import { event, type EventOf, type SealedFields } from './event.ts';
import type { CredentialEndedBy, CredentialKind, CredentialState, DocumentKind } from './policy-words.ts';
import type { Refusal } from './refusal.ts';

/**
 * PENDING_VERIFICATION → ACTIVE → SUSPENDED | REVOKED, and any → SUPERSEDED by the one that renews it. A suspension ends
 * by a renewal: the issuer's new word is a new paper. That one runs out is read from its date.
 */
export type StoredCredential = {
  readonly credential: string;
  readonly dancer: string;
  readonly kind: CredentialKind;
  readonly state: CredentialState;
};

export type AddCredential = {
  readonly dancer: string;
  readonly kind: CredentialKind;
  readonly issuer: string;
  readonly issuedOn: string | null;
  readonly expiresOn: string | null;
  readonly verified: boolean;
};

/** `sealed` is its number, made by the box; the number is in the event in no other way. */
export function addCredential(
  known: boolean,
  command: AddCredential,
  sealed: SealedFields,
  ask: Asking,
): Decision<EventOf<'credential.added'>, Refusal> {
  if (!known) return refuse('dancer_unknown');
  if (!datesFit(command)) return refuse('body_invalid');
  const body = { credential: ask.id, ...command, renews: null };
  return accept({ ...event('credential.added', body, [command.dancer]), pii: sealed });
}

/** A new paper of the same kind takes the place of one that is there; that one is SUPERSEDED by the same event. */
export function renewCredential(
  old: StoredCredential | undefined,
  command: Omit<AddCredential, 'dancer' | 'kind'>,
  sealed: SealedFields,
  ask: Asking,
): Decision<EventOf<'credential.added'>, Refusal> {
  if (!old) return refuse('credential_unknown');
  if (old.state === 'SUPERSEDED') return refuse('credential_superseded');
  if (!datesFit(command)) return refuse('body_invalid');
  const { dancer, kind, credential: renews } = old;
  return accept({
    ...event('credential.added', { credential: ask.id, dancer, kind, ...command, renews }, [dancer]),
    pii: sealed,
  });
}

export function verifyCredential(
  one: StoredCredential | undefined,
  ask: Asking,
): Decision<EventOf<'credential.verified'>, Refusal> {
  if (!one) return refuse('credential_unknown');
  if (one.state !== 'PENDING_VERIFICATION') return refuse('credential_not_pending');
  const { credential, dancer } = one;
  return accept(event('credential.verified', { credential, dancer, by: ask.by }, [dancer]));
}

export function suspendCredential(
  one: StoredCredential | undefined,
  { endedBy }: { readonly endedBy: CredentialEndedBy },
  ask: Asking,
): Decision<EventOf<'credential.suspended'>, Refusal> {
  if (!one) return refuse('credential_unknown');
  if (one.state !== 'ACTIVE') return refuse('credential_not_active');
  const { credential, dancer } = one;
  return accept(event('credential.suspended', { credential, dancer, endedBy, by: ask.by }, [dancer]));
}

/** For good. Also of one that waits to be verified and turns out to be none, and of a suspended one. */
export function revokeCredential(
  one: StoredCredential | undefined,
  { endedBy }: { readonly endedBy: CredentialEndedBy },
  ask: Asking,
): Decision<EventOf<'credential.revoked'>, Refusal> {
  if (!one) return refuse('credential_unknown');
  if (one.state === 'REVOKED' || one.state === 'SUPERSEDED') return refuse('credential_not_active');
  const { credential, dancer } = one;
  return accept(event('credential.revoked', { credential, dancer, endedBy, by: ask.by }, [dancer]));
}

function datesFit({ issuedOn, expiresOn }: { issuedOn: string | null; expiresOn: string | null }): boolean {
  if (issuedOn !== null && !isDate(issuedOn)) return false;
  if (expiresOn !== null && !isDate(expiresOn)) return false;
  return issuedOn === null || expiresOn === null || issuedOn <= expiresOn;
}

export type CheckIdentity = {
  readonly dancer: string;
  readonly document: DocumentKind;
  readonly expiresOn: string | null;
  /** As the document says it. */
  readonly birthDate: string;
};

/**
 * Somebody held her document in hand. Refuses one that ran out before `today` (a date) and one with another birth date than
 * hers. Issuer and last four characters travel sealed; the document itself stays with her.
 */
export function checkIdentity(
  facts: { readonly known: boolean; readonly birthDate: string | null; readonly today: string },
  { dancer, document, expiresOn, birthDate }: CheckIdentity,
  sealed: SealedFields,
  ask: Asking,
): Decision<EventOf<'identity.checked'>, Refusal> {
  if (!facts.known) return refuse('dancer_unknown');
  if (expiresOn !== null && !isDate(expiresOn)) return refuse('body_invalid');
  if (expiresOn !== null && expiresOn < facts.today) return refuse('document_expired');
  if (birthDate !== facts.birthDate) return refuse('birth_date_differs');
  const body = { identity: ask.id, dancer, document, expiresOn, by: ask.by };
  return accept({ ...event('identity.checked', body, [dancer]), pii: sealed });
}
