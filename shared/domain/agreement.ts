import { accept, refuse, type Decision } from '#shared/kit/decision.ts';
import type { Asking } from './asking.ts';
import { isDate } from './calendar.ts';
import { event, type EventOf, type SealedFields } from './event.ts';
import type { Refusal } from './refusal.ts';
import type { AgreementKind } from './roster-events.ts';

/** A stroke of a finger: x, y, x, y … in pixels of the screen that she signed on. */
export type Strokes = readonly (readonly number[])[];

/** Points of a signature, below which it is a dot and no name. */
const POINTS_MIN = 4;

export type SignAgreement = {
  readonly dancer: string;
  readonly kind: AgreementKind;
  readonly version: string;
  /** SHA-256 of the text as she was shown it, in hex. */
  readonly textHash: string;
  readonly expiresOn: string | null;
};

/** Whether strokes are a signature: whole points, and more than a dot. */
export function isSignature(strokes: Strokes): boolean {
  const isWhole = strokes.every((stroke) => stroke.length % 2 === 0);
  return isWhole && strokes.reduce((sum, stroke) => sum + stroke.length / 2, 0) >= POINTS_MIN;
}

/** Strokes as the path of an SVG: whole numbers behind M and L. */
export function pathOf(strokes: Strokes): string {
  const points = (stroke: readonly number[]) =>
    stroke.flatMap((x, at) => (at % 2 === 0 ? [`${at === 0 ? 'M' : 'L'}${x} ${stroke[at + 1] ?? 0}`] : []));
  return strokes.flatMap(points).join(' ');
}

/**
 * She signs on the screen. A contract is a credential of kind `contract`, too, issued by the club and good until
 * `expiresOn`, so that a pack that asks for one finds it; it renews the one that she signed before. Her strokes travel
 * sealed, made by the box.
 */
export function signAgreement(
  facts: {
    readonly isKnown: boolean;
    readonly club: string;
    /** The calendar's date. */
    readonly today: string;
    /** The credential of the contract that she signed last; null for none. */
    readonly before: string | null;
  },
  command: SignAgreement & { readonly strokes: Strokes },
  sealed: SealedFields,
  ask: Asking,
): Decision<EventOf<'agreement.signed' | 'credential.added'>, Refusal> {
  const { dancer, kind, version, textHash, expiresOn, strokes } = command;
  if (!facts.isKnown) return refuse('dancer_unknown');
  if (!isSignature(strokes)) return refuse('signature_missing');
  if (expiresOn !== null && !isDate(expiresOn)) return refuse('body_invalid');
  if (expiresOn !== null && expiresOn < facts.today) return refuse('date_in_past');
  const body = { agreement: ask.id, dancer, kind, version, textHash, by: ask.by };
  const signed = { ...event('agreement.signed', body, [dancer]), pii: sealed };
  if (kind !== 'contract') return accept(signed);
  const credential = {
    credential: ask.id,
    dancer,
    kind: 'contract',
    issuer: facts.club,
    issuedOn: facts.today,
    expiresOn,
    verified: true,
    renews: facts.before,
  } as const;
  return accept<EventOf<'agreement.signed' | 'credential.added'>>(
    signed,
    event('credential.added', credential, [dancer]),
  );
}
