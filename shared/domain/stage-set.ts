import { accept, refuse, type Decision } from '#shared/kit/decision.ts';
import type { Asking } from './asking.ts';
import { cannotStart } from './business-day.ts';
import { event, type EventOf } from './event.ts';
import type { Refusal } from './refusal.ts';
import { tailOfNext, type EntryFact } from './rotation.ts';
import { readyOf } from './rotation-calls.ts';
import type { OverrideReason, RotationMode, Song } from './rotation-events.ts';
import { firstStage, stageAfter, type StageFact } from './stage.ts';

export type SetFact = { readonly set: string; readonly entry: string; readonly stage: string; readonly dancer: string };

/** One live set a stage; the same dancer never on two stages, never on stage and in a room. */
export function startStageSet(
  facts: { readonly entry: EntryFact | undefined; readonly stageLive: boolean; readonly dancerLive: boolean },
  ask: Asking,
): Decision<EventOf<'stage_set.started'>, Refusal> {
  const { entry } = facts;
  const closed = cannotStart(ask.day);
  if (closed) return refuse(closed);
  if (!entry) return refuse('entry_unknown');
  if (entry.held) return refuse('entry_held');
  if (entry.state === 'ON_STAGE' || facts.dancerLive) return refuse('on_stage');
  if (facts.stageLive) return refuse('stage_busy');
  const { stage, dancer } = entry;
  return accept(event('stage_set.started', { set: ask.id, entry: entry.entry, stage, dancer }, [dancer]));
}

/** Done: she goes to the tail of the next round. */
export function endStageSet(
  facts: { readonly live: SetFact | undefined; readonly entries: readonly EntryFact[] },
  command: { readonly outcome: 'COMPLETED' | 'CUT_SHORT' },
): Decision<EventOf<'stage_set.ended'>, Refusal> {
  const { live, entries } = facts;
  if (!live) return refuse('stage_set_unknown');
  const round = entries.find((one) => one.entry === live.entry)?.round ?? 1;
  return accept(
    event('stage_set.ended', { ...live, outcome: command.outcome, ...tailOfNext(entries, round) }, [live.dancer]),
  );
}

export type PutOnStage = {
  readonly entry: EntryFact | undefined;
  /** Everyone of her queue. */
  readonly queue: readonly EntryFact[];
  readonly stages: readonly StageFact[];
  readonly mode: RotationMode;
  readonly stageLive: boolean;
  readonly dancerLive: boolean;
  readonly featureDue: boolean;
  readonly songs: readonly Song[];
};
type Begun = EventOf<'stage_set.started' | 'stage_set.planned' | 'rotation.overridden'>;

/**
 * Starts her set with what is planned for it. Where one queue serves all stages, `stage` says which. Anybody may be put
 * on stage before her turn: that is written down as an override.
 */
export function putOnStage(
  facts: PutOnStage,
  command: { readonly stage: string; readonly reason: OverrideReason | null },
  ask: Asking,
): Decision<Begun, Refusal> {
  const { entry, songs } = facts;
  const { stage } = command;
  const found = facts.stages.find((one) => one.stage === stage);
  if (entry && !found) return refuse('stage_unknown');
  if (entry && stage !== entry.stage && facts.mode !== 'shared') return refuse('stage_wrong');
  const started = startStageSet({ ...facts, entry: entry && { ...entry, stage } }, ask);
  if (!started.ok || !entry) return started;
  if (!found?.open) return refuse('stage_closed');
  if (facts.featureDue) return refuse('feature_due');
  const { dancer } = entry;
  const over = { entry: entry.entry, stage, dancer, kind: 'out_of_order', reason: command.reason } as const;
  return accept<Begun>(
    ...started.events,
    ...(songs.length > 0 ? [event('stage_set.planned', { set: ask.id, entry: entry.entry, songs }, [dancer])] : []),
    ...(readyOf(facts.queue)[0]?.entry === entry.entry ? [] : [event('rotation.overridden', over, [dancer])]),
  );
}

/** A duo: a second dancer comes into a live set. Never a third, never one who dances elsewhere or is in a room. */
export function joinStageSet(
  facts: {
    readonly live: SetFact | undefined;
    readonly hasPartner: boolean;
    readonly entry: EntryFact | undefined;
    readonly dancerLive: boolean;
  },
  ask: Asking,
): Decision<EventOf<'stage_set.joined'>, Refusal> {
  const { live, entry } = facts;
  const closed = cannotStart(ask.day);
  if (closed) return refuse(closed);
  if (!live) return refuse('stage_set_unknown');
  if (!entry) return refuse('entry_unknown');
  if (entry.held) return refuse('entry_held');
  if (entry.state === 'ON_STAGE' || facts.dancerLive) return refuse('on_stage');
  if (facts.hasPartner) return refuse('duo_full');
  const { dancer } = entry;
  return accept(event('stage_set.joined', { set: live.set, entry: entry.entry, stage: live.stage, dancer }, [dancer]));
}

export type EndFacts = {
  readonly live: SetFact | undefined;
  readonly partner: EntryFact | undefined;
  /** Everyone who waits or dances, at all stages. */
  readonly all: readonly EntryFact[];
  readonly stages: readonly StageFact[];
  readonly mode: RotationMode;
};
type Over = EventOf<'stage_set.ended' | 'stage_set.left' | 'rotation.transferred'>;

/** Ends a set for all who dance it. Round the house, they go on to the next stage, and from the last to the first again. */
export function endSet(
  facts: EndFacts,
  command: { readonly outcome: 'COMPLETED' | 'CUT_SHORT' },
): Decision<Over, Refusal> {
  const { live, partner, all } = facts;
  const lead = all.find((one) => one.entry === live?.entry);
  const ended = endStageSet({ live, entries: queueWith(facts, lead?.stage) }, command);
  if (!ended.ok || !live) return ended;
  const places = new Map(ended.events.map(({ body }) => [body.entry, { round: body.round, rank: body.rank }]));
  const left = partner ? [leaving(facts, live, { partner, taken: places })] : [];
  if (facts.mode !== 'round_the_house') return accept<Over>(...ended.events, ...left);
  const danced = [lead, partner].filter((one) => one !== undefined);
  return accept<Over>(...ended.events, ...left, ...goOn(facts, live.stage, danced));
}

function queueWith({ all, mode }: EndFacts, stage: string | undefined): readonly EntryFact[] {
  return mode === 'shared' ? all : all.filter((one) => one.stage === stage);
}

function leaving(
  facts: EndFacts,
  { set }: SetFact,
  { partner, taken }: { readonly partner: EntryFact; readonly taken: ReadonlyMap<string, object> },
): EventOf<'stage_set.left'> {
  const queue = queueWith(facts, partner.stage).map((one) => ({ ...one, ...taken.get(one.entry) }));
  const { entry, dancer, round } = partner;
  return event('stage_set.left', { set, entry, dancer, ...tailOfNext(queue, round) }, [dancer]);
}

function goOn(
  { all, stages }: EndFacts,
  stage: string,
  danced: readonly EntryFact[],
): EventOf<'rotation.transferred'>[] {
  const next = stageAfter(stages, stage);
  const to = next ?? firstStage(stages, null);
  if (to === null) return [];
  const there = all.filter((one) => one.stage === to && danced.every(({ entry }) => entry !== one.entry));
  return danced
    .filter((one) => one.stage !== to || next !== null)
    .map((one) => {
      // The stages of one round follow each other: the round is over at the last one.
      const place = tailOfNext(there, next === null ? one.round : one.round - 1);
      there.push({ ...one, ...place });
      return event('rotation.transferred', { entry: one.entry, from: one.stage, to, ...place }, [one.dancer]);
    });
}
