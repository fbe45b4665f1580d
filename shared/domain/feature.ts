import { accept, refuse, type Decision } from '#shared/kit/decision.ts';
import type { Asking } from './asking.ts';
import { cannotStart } from './business-day.ts';
import { event, type EventOf } from './event.ts';
import type { Refusal } from './refusal.ts';
import type { EntryFact } from './rotation.ts';
import type { SetFact } from './stage-set.ts';

/** SCHEDULED → LIVE → DONE, or SCHEDULED → CANCELLED. */
export type FeatureState = 'SCHEDULED' | 'LIVE' | 'DONE' | 'CANCELLED';
export type FeatureFact = {
  readonly feature: string;
  readonly stage: string;
  readonly dancer: string;
  /** Epoch milliseconds. */
  readonly showsAt: number;
  readonly state: FeatureState;
};

/** A touring headliner's show at a fixed time; it stands beside the rounds. */
export function scheduleFeature(
  facts: { readonly stageOpen: boolean | undefined; readonly dancerKnown: boolean },
  command: { readonly stage: string; readonly dancer: string; readonly showsAt: number },
  ask: Asking,
): Decision<EventOf<'feature.scheduled'>, Refusal> {
  const closed = cannotStart(ask.day);
  if (closed) return refuse(closed);
  if (facts.stageOpen === undefined) return refuse('stage_unknown');
  if (!facts.stageOpen) return refuse('stage_closed');
  if (!facts.dancerKnown) return refuse('dancer_unknown');
  if (command.showsAt < ask.now) return refuse('date_in_past');
  const { stage, dancer, showsAt } = command;
  return accept(event('feature.scheduled', { feature: ask.id, stage, dancer, showsAt }, [dancer]));
}

export function cancelFeature(found: FeatureFact | undefined): Decision<EventOf<'feature.cancelled'>, Refusal> {
  if (!found) return refuse('feature_unknown');
  if (found.state !== 'SCHEDULED') return refuse('feature_over');
  return accept(event('feature.cancelled', { feature: found.feature }, [found.dancer]));
}

/** From its time on nobody else begins a set on its stage. */
export function isDue({ state, showsAt }: FeatureFact, now: number): boolean {
  return state === 'SCHEDULED' && showsAt <= now;
}

export type FeatureStart = {
  readonly feature: FeatureFact | undefined;
  readonly stageOpen: boolean;
  readonly checkedIn: boolean;
  readonly inRoom: boolean;
  readonly dancerLive: boolean;
  /** The set on that stage, with the places of those who dance it; none where that is a feature, too. */
  readonly live: { readonly set: SetFact; readonly isFeature: boolean; readonly danced: readonly EntryFact[] } | null;
};
type Started = EventOf<'stage_set.started' | 'stage_set.ended' | 'stage_set.left' | 'rotation.overridden'>;

/**
 * Starts the show, at its time also over a set that is danced: that one is cut short, and whoever danced it keeps her
 * place, so that she is next.
 */
export function startFeature(facts: FeatureStart, ask: Asking): Decision<Started, Refusal> {
  const { feature, live } = facts;
  const closed = cannotStart(ask.day);
  if (closed) return refuse(closed);
  if (!feature) return refuse('feature_unknown');
  if (feature.state !== 'SCHEDULED') return refuse('feature_over');
  if (!facts.stageOpen) return refuse('stage_closed');
  if (!facts.checkedIn) return refuse('not_checked_in');
  if (facts.inRoom) return refuse('in_room');
  if (live && (live.isFeature || !isDue(feature, ask.now))) return refuse('stage_busy');
  if (facts.dancerLive) return refuse('on_stage');
  const { feature: entry, stage, dancer } = feature;
  return accept<Started>(
    ...(live ? preempted(live.set, live.danced) : []),
    event('stage_set.started', { set: ask.id, entry, stage, dancer }, [dancer]),
  );
}

function preempted(set: SetFact, danced: readonly EntryFact[]): readonly Started[] {
  const { entry: first, stage, dancer } = set;
  return [
    ...danced.map((one): Started => {
      const { round, rank } = one;
      return one.entry === first
        ? event('stage_set.ended', { ...set, outcome: 'CUT_SHORT', round, rank }, [dancer])
        : event('stage_set.left', { set: set.set, entry: one.entry, dancer: one.dancer, round, rank }, [one.dancer]);
    }),
    event('rotation.overridden', { entry: first, stage, dancer, kind: 'preempted', reason: 'show' }, [dancer]),
  ];
}
