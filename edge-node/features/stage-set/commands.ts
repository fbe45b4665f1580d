import { isDue } from '#shared/domain/feature.ts';
import { endSet, joinStageSet, putOnStage } from '#shared/domain/stage-set.ts';
import { refuse } from '#shared/kit/decision.ts';
import type { Reads } from '../../state/reads.ts';
import type { Deciders } from '../command.ts';

export const stageSetCommands: Deciders<'stage_set.start' | 'stage_set.join' | 'stage_set.end'> = {
  'stage_set.start': ({ reads }, input, ask) => {
    const entry = reads.rotation.entry(input.entry);
    if (entry && reads.shifts.isOnBreak(entry.dancer)) return refuse('on_break');
    const stage = input.stage ?? entry?.stage ?? '';
    return putOnStage(
      {
        entry,
        queue: entry ? reads.rotation.ofQueue(entry.stage) : [],
        stages: reads.club.stages(),
        mode: reads.rotation.setting().mode,
        stageLive: reads.rotation.liveOnStage(stage) !== undefined,
        dancerLive: entry !== undefined && reads.rotation.liveOfDancer(entry.dancer) !== undefined,
        featureDue: reads.rotation.features().some((one) => one.stage === stage && isDue(one, ask.now)),
        songs: entry?.songs ?? [],
      },
      { stage, reason: input.reason ?? null },
      ask,
    );
  },
  'stage_set.join': ({ reads }, input, ask) => {
    const entry = reads.rotation.entry(input.entry);
    if (entry && reads.shifts.isOnBreak(entry.dancer)) return refuse('on_break');
    return joinStageSet(
      {
        live: liveSet(reads, input.set),
        hasPartner: reads.rotation.partner(input.set) !== undefined,
        entry,
        dancerLive: entry !== undefined && reads.rotation.liveOfDancer(entry.dancer) !== undefined,
      },
      ask,
    );
  },
  'stage_set.end': ({ reads }, input) => {
    const partner = reads.rotation.partner(input.set);
    return endSet(
      {
        live: liveSet(reads, input.set),
        partner: partner && reads.rotation.entry(partner.entry),
        all: reads.rotation.all(),
        stages: reads.club.stages(),
        mode: reads.rotation.setting().mode,
      },
      input,
    );
  },
};

function liveSet(reads: Reads, id: string) {
  const found = reads.rotation.set(id);
  if (!found || found.endedAt !== null) return undefined;
  const { set, entry, stage, dancer } = found;
  return { set, entry, stage, dancer };
}
