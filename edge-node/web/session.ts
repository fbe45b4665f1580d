import type { SessionAnswer } from '#shared/contract/api.ts';
import type { Role } from '#shared/domain/event.ts';

/** Who is signed in on this device; the roles are those that the device lets through. */
export type Session = {
  readonly token: string;
  readonly staff: string;
  readonly name: string;
  readonly roles: readonly Role[];
};

const KEPT_AS = 'clubops.session';

/** Lives as long as the tab: whoever closes it is signed out on this screen. */
export function keptSession(): Session | null {
  const kept = sessionStorage.getItem(KEPT_AS);
  return kept === null ? null : (JSON.parse(kept) as Session);
}

export function keepSession(answer: SessionAnswer): Session {
  const session = { ...answer, roles: answer.roles as readonly Role[] };
  sessionStorage.setItem(KEPT_AS, JSON.stringify(session));
  return session;
}

export function forgetSession(): void {
  sessionStorage.removeItem(KEPT_AS);
}

/** The code of a link like `/#pair=ABCD2345`. */
export function pairingCode(): string | null {
  return new URLSearchParams(location.hash.slice(1)).get('pair');
}
