import { cancelFeature, scheduleFeature, startFeature, type FeatureStart } from '#shared/domain/feature.ts';
import { closeStage, configureRotation, openStage } from '#shared/domain/stage.ts';
import { refuse } from '#shared/kit/decision.ts';
import type { Reads } from '../../state/reads.ts';
import type { Deciders } from '../command.ts';

export const stageCommands: Deciders<
  'rotation.configure' | 'stage.open' | 'stage.close' | 'feature.schedule' | 'feature.cancel' | 'feature.start'
> = {
  'rotation.configure': ({ reads }, input) =>
    configureRotation({ now: reads.rotation.setting(), entries: reads.rotation.all().length }, input),
  'stage.open': ({ reads }, { stage }) => openStage(reads.club.stage(stage)),
  'stage.close': ({ reads }, input) =>
    closeStage(
      {
        stages: reads.club.stages(),
        mode: reads.rotation.setting().mode,
        entries: reads.rotation.all(),
        live: reads.rotation.liveOnStage(input.stage) !== undefined,
        featureWaits: reads.rotation
          .features()
          .some(({ stage, state }) => stage === input.stage && state === 'SCHEDULED'),
      },
      input,
    ),
  'feature.schedule': ({ reads }, input, ask) =>
    scheduleFeature(
      {
        stageOpen: reads.club.stage(input.stage)?.open,
        dancerKnown: reads.dancers.dancer(input.dancer) !== undefined,
      },
      input,
      ask,
    ),
  'feature.cancel': ({ reads }, input) => cancelFeature(reads.rotation.feature(input.feature)),
  'feature.start': ({ reads }, input, ask) => {
    const feature = reads.rotation.feature(input.feature);
    const dancer = feature?.dancer ?? '';
    if (reads.shifts.isOnBreak(dancer)) return refuse('on_break');
    return startFeature(
      {
        feature,
        stageOpen: reads.club.stage(feature?.stage ?? '')?.open === true,
        checkedIn: reads.attendance.ofNight(dancer, ask.day?.day)?.state === 'CHECKED_IN',
        inRoom: reads.rooms.inRoom(dancer),
        dancerLive: reads.rotation.liveOfDancer(dancer) !== undefined,
        live: liveOn(reads, feature?.stage ?? ''),
      },
      ask,
    );
  },
};

function liveOn(reads: Reads, onStage: string): FeatureStart['live'] {
  const found = reads.rotation.liveOnStage(onStage);
  if (!found) return null;
  const { set, entry, stage, dancer } = found;
  const ids = [entry, reads.rotation.partner(set)?.entry ?? ''];
  return {
    set: { set, entry, stage, dancer },
    isFeature: reads.rotation.feature(entry) !== undefined,
    danced: ids.flatMap((id) => reads.rotation.entry(id) ?? []),
  };
}
