import { endStageSet, startStageSet } from '#shared/domain/stage-set.ts';
import type { Deciders } from '../command.ts';

export const stageSetCommands: Deciders<'stage_set.start' | 'stage_set.end'> = {
  'stage_set.start': ({ reads }, input, ask) => {
    const entry = reads.rotation.entry(input.entry);
    const stageLive = entry !== undefined && reads.rotation.liveOnStage(entry.stage) !== undefined;
    const dancerLive = entry !== undefined && reads.rotation.liveOfDancer(entry.dancer) !== undefined;
    return startStageSet({ entry, stageLive, dancerLive }, ask);
  },
  'stage_set.end': ({ reads }, input) => {
    const found = reads.rotation.set(input.set);
    if (!found || found.endedAt !== null) return endStageSet({ live: undefined, entries: [] }, input);
    const { set, entry, stage, dancer } = found;
    return endStageSet({ live: { set, entry, stage, dancer }, entries: reads.rotation.ofStage(stage) }, input);
  },
};
