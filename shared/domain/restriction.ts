import { accept, refuse, type Decision } from '#shared/kit/decision.ts';
import type { Asking } from './asking.ts';
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
};

/** The most restrictive wins: what anybody set counts until it is lifted by name, whatever else was lifted. */
export function standing(facts: readonly RestrictionFact[]): readonly RestrictionKind[] {
  return [...new Set(facts.filter(({ lifted }) => !lifted).map(({ kind }) => kind))];
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
