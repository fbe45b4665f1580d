import { accept, refuse, type Decision } from '#shared/kit/decision.ts';
import type { Asking } from './asking.ts';
import { cannotStart } from './business-day.ts';
import { event, type EventOf } from './event.ts';
import type { Refusal } from './refusal.ts';
import { tailOfNext, type EntryFact } from './rotation.ts';

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
