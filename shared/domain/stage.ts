import { accept, refuse, type Decision } from '#shared/kit/decision.ts';
import { event, type EventOf } from './event.ts';
import type { Refusal } from './refusal.ts';
import { byPlace, tailOfRound, type EntryFact, type Place } from './rotation.ts';
import type { RotationMode, RotationSetting } from './rotation-events.ts';

export type StageFact = { readonly stage: string; readonly open: boolean };

/** Only while nobody waits: a queue that is drawn up one way means nothing the other way. */
export function configureRotation(
  facts: { readonly now: RotationSetting; readonly entries: number },
  { mode, songsPerSet, callTimeoutS }: RotationSetting,
): Decision<EventOf<'rotation.configured'>, Refusal> {
  if (facts.entries > 0 && facts.now.mode !== mode) return refuse('rotation_running');
  const { now } = facts;
  if (now.mode === mode && now.songsPerSet === songsPerSet && now.callTimeoutS === callTimeoutS)
    return refuse('nothing_changed');
  return accept(event('rotation.configured', { mode, songsPerSet, callTimeoutS }));
}

export function openStage(found: StageFact | undefined): Decision<EventOf<'stage.opened'>, Refusal> {
  if (!found) return refuse('stage_unknown');
  return found.open ? refuse('stage_open_already') : accept(event('stage.opened', { stage: found.stage }));
}

export type CloseFacts = {
  readonly stages: readonly StageFact[];
  readonly mode: RotationMode;
  readonly entries: readonly EntryFact[];
  readonly live: boolean;
  readonly featureWaits: boolean;
};
type Closing = EventOf<'stage.closed' | 'rotation.transferred' | 'rotation.merged'>;

/**
 * Closes a stage, also mid-round: who waits there goes on waiting at `into` (the next open stage where null), nobody
 * loses her turn of the round that is danced. A set under way is ended first.
 */
export function closeStage(
  facts: CloseFacts,
  command: { readonly stage: string; readonly into: string | null },
): Decision<Closing, Refusal> {
  const { stages, entries } = facts;
  const { stage } = command;
  const found = stages.find((one) => one.stage === stage);
  if (!found) return refuse('stage_unknown');
  if (!found.open) return refuse('stage_closed');
  if (facts.live) return refuse('stage_busy');
  if (facts.featureWaits) return refuse('feature_waits');
  const into = command.into ?? stageAfter(stages, stage) ?? firstStage(stages, stage);
  if (into === stage) return refuse('stage_last');
  const source = entries.filter((one) => one.stage === stage);
  if (into === null) return source.length > 0 ? refuse('stage_last') : accept(closed(stage, null));
  const target = stages.find((one) => one.stage === into);
  if (!target) return refuse('stage_unknown');
  if (!target.open) return refuse('stage_closed');
  const merged =
    facts.mode === 'shared' ? source.map((one) => moved(one, into, one)) : mergeInto(entries, source, into);
  return accept<Closing>(closed(stage, into), ...merged);
}

/** The open stages in the order they were added. */
export function stageAfter(stages: readonly StageFact[], stage: string): string | null {
  const at = stages.findIndex((one) => one.stage === stage);
  return stages.slice(at + 1).find(({ open }) => open)?.stage ?? null;
}

export function firstStage(stages: readonly StageFact[], except: string | null): string | null {
  return stages.find((one) => one.open && one.stage !== except)?.stage ?? null;
}

/** Both queues' current rounds are the same round from now on; in each round the ones who come stand behind those there. */
function mergeInto(entries: readonly EntryFact[], source: readonly EntryFact[], into: string) {
  const target = entries.filter((one) => one.stage === into);
  const shift = tailOfRound(target).round - tailOfRound(source).round;
  const there = [...target];
  return source.toSorted(byPlace).map((one) => {
    const double = there.find(({ dancer }) => dancer === one.dancer);
    if (double) return event('rotation.merged', { entry: one.entry, into: double.entry }, [one.dancer]);
    const round = one.round + shift;
    const last = Math.max(0, ...there.filter((other) => other.round === round).map(({ rank }) => rank));
    const place = { round, rank: last + 1 };
    there.push({ ...one, ...place });
    return moved(one, into, place);
  });
}

function moved({ entry, dancer, stage }: EntryFact, to: string, { round, rank }: Place) {
  return event('rotation.transferred', { entry, from: stage, to, round, rank }, [dancer]);
}

const closed = (stage: string, into: string | null) => event('stage.closed', { stage, into });
