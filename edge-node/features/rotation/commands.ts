import { addToRotation, callEntry, missEntry, moveEntry, removeEntry } from '#shared/domain/rotation.ts';
import type { Reads } from '../../state/reads.ts';
import type { Deciders } from '../command.ts';

export const rotationCommands: Deciders<
  'rotation.add' | 'rotation.move' | 'rotation.call' | 'rotation.miss' | 'rotation.remove'
> = {
  'rotation.add': ({ reads }, { stage, dancer }, ask) =>
    addToRotation(
      {
        stageKnown: reads.club.stage(stage) !== undefined,
        tonight: reads.attendance.ofNight(dancer, ask.day?.day),
        entries: reads.rotation.ofStage(stage),
        inRoom: reads.rooms.inRoom(dancer),
      },
      { stage },
      ask,
    ),
  'rotation.move': ({ reads }, input) => moveEntry(sameStage(reads, input.entry), input),
  'rotation.call': ({ reads }, input) => callEntry(reads.rotation.entry(input.entry), input),
  'rotation.miss': ({ reads }, input) => missEntry(sameStage(reads, input.entry), input),
  'rotation.remove': ({ reads }, input) => removeEntry(reads.rotation.entry(input.entry), input),
};

function sameStage(reads: Reads, entry: string) {
  const found = reads.rotation.entry(entry);
  return found ? reads.rotation.ofStage(found.stage) : [];
}
