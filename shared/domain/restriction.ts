import { accept, refuse, type Decision } from '#shared/kit/decision.ts';
import type { Asking } from './asking.ts';
import { isDate } from './calendar.ts';
import { event, type EventOf } from './event.ts';
import type { Origin, RestrictionKind } from './feed-words.ts';
import type { Refusal } from './refusal.ts';

/** One reason why a dancer may not work, as somebody set it. Several may stand at once, of one kind too. */
export type RestrictionFact = {
  readonly restriction: string;
  readonly dancer: string;
  readonly kind: RestrictionKind;
  readonly origin: Origin;
  readonly lifted: boolean;
  /** Last date that it holds on; null: until it is lifted. */
  readonly expiresOn: string | null;
};

/** Whether it keeps her from working on a business date. It is in force through its last date. */
export function holdsOn(fact: Pick<RestrictionFact, 'lifted' | 'expiresOn'>, date: string): boolean {
  return !fact.lifted && (fact.expiresOn === null || fact.expiresOn >= date);
}

/** The most restrictive wins: what anybody set counts until it is lifted by name or runs out, whatever else was lifted. */
export function standing(facts: readonly RestrictionFact[], date: string): readonly RestrictionKind[] {
  return [...new Set(facts.filter((fact) => holdsOn(fact, date)).map(({ kind }) => kind))];
}

export type Restrict = { readonly dancer: string; readonly kind: RestrictionKind; readonly reason: string };

/** Sets a restriction on the floor. She is not sent home by it: who is here is a person's matter; she is not checked in again. */
export function restrictDancer(
  known: boolean,
  command: Restrict,
  ask: Asking,
): Decision<EventOf<'dancer.restricted'>, Refusal> {
  if (!known) return refuse('dancer_unknown');
  return accept(
    event('dancer.restricted', { restriction: ask.id, ...command, origin: 'floor', by: ask.by }, [command.dancer]),
  );
}

/** Only an explicit lift clears one: it names the restriction, who and why. What headquarters set, headquarters lifts. */
export function liftRestriction(
  fact: RestrictionFact | undefined,
  lift: { readonly reason: string; readonly origin: Origin; readonly by: string },
): Decision<EventOf<'dancer.restriction_lifted'>, Refusal> {
  if (!fact) return refuse('restriction_unknown');
  if (fact.origin === 'hq' && lift.origin === 'floor') return refuse('restriction_from_hq');
  if (fact.lifted) return refuse('restriction_lifted');
  const { restriction, dancer } = fact;
  return accept(event('dancer.restriction_lifted', { restriction, dancer, ...lift }, [dancer]));
}

export type BarDates = { readonly reviewOn: string | null; readonly expiresOn: string | null };
export type BarDancer = BarDates & {
  readonly dancer: string;
  readonly kind: 'suspended' | 'banned';
  readonly reason: string;
};

/**
 * Suspends or bans her. A suspension has a last date; a ban has one or a date on which somebody looks at it again, so that
 * neither is forgotten. `today` is the business date.
 */
export function barDancer(
  facts: { readonly isKnown: boolean; readonly today: string },
  command: BarDancer,
  ask: Asking,
): Decision<EventOf<'dancer.restricted' | 'dancer.restriction_dated'>, Refusal> {
  const { dancer, kind, reason, reviewOn, expiresOn } = command;
  if (!facts.isKnown) return refuse('dancer_unknown');
  const wrong = wrongDates(kind, { reviewOn, expiresOn }, facts.today);
  if (wrong) return refuse(wrong);
  const body = { restriction: ask.id, dancer, kind, reason, origin: 'floor', by: ask.by } as const;
  return accept<EventOf<'dancer.restricted' | 'dancer.restriction_dated'>>(
    event('dancer.restricted', body, [dancer]),
    event('dancer.restriction_dated', { restriction: ask.id, dancer, reviewOn, expiresOn, by: ask.by }, [dancer]),
  );
}

/** Somebody has looked at it again: it gets other dates. To end it at once it is lifted; one that has run out is over, and another is
 * set with a reason of its own. What headquarters set, headquarters dates. */
export function reviewRestriction(
  fact: RestrictionFact | undefined,
  command: BarDates & { readonly today: string },
  ask: Asking,
): Decision<EventOf<'dancer.restriction_dated'>, Refusal> {
  if (!fact) return refuse('restriction_unknown');
  if (fact.origin === 'hq') return refuse('restriction_from_hq');
  if (fact.lifted) return refuse('restriction_lifted');
  const { today, reviewOn, expiresOn } = command;
  if (!holdsOn(fact, today)) return refuse('restriction_over');
  const wrong = wrongDates(fact.kind, { reviewOn, expiresOn }, today);
  if (wrong) return refuse(wrong);
  const { restriction, dancer } = fact;
  return accept(event('dancer.restriction_dated', { restriction, dancer, reviewOn, expiresOn, by: ask.by }, [dancer]));
}

function wrongDates(kind: RestrictionKind, { reviewOn, expiresOn }: BarDates, today: string): Refusal | null {
  const dates = [reviewOn, expiresOn].filter((date) => date !== null);
  if (!dates.every(isDate)) return 'body_invalid';
  if (dates.some((date) => date < today)) return 'date_in_past';
  if (reviewOn !== null && expiresOn !== null && reviewOn > expiresOn) return 'dates_reversed';
  if (kind === 'suspended' && expiresOn === null) return 'suspension_needs_end';
  return dates.length === 0 ? 'ban_needs_end' : null;
}
