import {
  addToRotation,
  callEntry,
  missEntry,
  moveEntry,
  planSongs,
  removeEntry,
  skipEntry,
} from '#shared/domain/rotation.ts';
import { acknowledgeCall, awayOf, runCalls } from '#shared/domain/rotation-calls.ts';
import { firstStage } from '#shared/domain/stage.ts';
import { event, type ClubEvent } from '#shared/domain/event.ts';
import { forbidding } from '#shared/domain/policy-pack.ts';
import { accept, refuse } from '#shared/kit/decision.ts';
import type { Reads } from '../../state/reads.ts';
import type { Deciders } from '../command.ts';

export const rotationCommands: Deciders<
  | 'rotation.add'
  | 'rotation.move'
  | 'rotation.call'
  | 'rotation.run_calls'
  | 'rotation.acknowledge'
  | 'rotation.miss'
  | 'rotation.skip'
  | 'rotation.plan'
  | 'rotation.remove'
> = {
  'rotation.add': ({ reads }, input, ask) => {
    const { dancer } = input;
    if (reads.shifts.isOnBreak(dancer)) return refuse('on_break');
    const { mode } = reads.rotation.setting();
    const asked = reads.club.stage(input.stage);
    // Round the house begins at the first stage, whichever is asked for.
    const first = mode === 'round_the_house' ? firstStage(reads.club.stages(), null) : null;
    const stage = first ?? input.stage;
    const queue = reads.rotation.ofQueue(stage);
    const facts = {
      stageKnown: asked !== undefined,
      stageOpen: asked?.open === true,
      tonight: reads.attendance.ofNight(dancer, ask.day?.day),
      inRoom: reads.rooms.inRoom(dancer),
    };
    const isThere = mode === 'round_the_house' && reads.rotation.ofDancer(dancer).length > 0;
    if (isThere) return refuse('in_rotation_already');
    return addToRotation({ ...facts, entries: queue }, { stage }, ask);
  },
  'rotation.move': ({ reads }, input) => {
    const moved = moveEntry(sameQueue(reads, input.entry), input);
    const found = reads.rotation.entry(input.entry);
    if (!moved.ok || !found) return moved;
    const { entry, stage, dancer } = found;
    const over = { entry, stage, dancer, kind: 'moved', reason: input.reason ?? null } as const;
    return accept<ClubEvent>(...moved.events, event('rotation.overridden', over, [dancer]));
  },
  'rotation.call': ({ reads }, input) => {
    const found = reads.rotation.entry(input.entry);
    const byPlace = found
      ? awayOf(reads.rotation.ofQueue(found.stage), found.entry, freeStages(reads, found.stage))
      : 0;
    return callEntry(found, { away: input.away ?? Math.min(byPlace ?? 0, 3) });
  },
  'rotation.run_calls': ({ reads }, { stage }, ask) => {
    const found = reads.club.stage(stage);
    if (!found) return refuse('stage_unknown');
    if (!found.open) return refuse('stage_closed');
    const timeoutMs = reads.rotation.setting().callTimeoutS * 1_000;
    return runCalls({ queue: reads.rotation.ofQueue(stage), freeStages: freeStages(reads, stage), timeoutMs }, ask.now);
  },
  'rotation.acknowledge': ({ reads }, input) => acknowledgeCall(reads.rotation.entry(input.entry)),
  'rotation.miss': ({ reads }, input) => missEntry(sameQueue(reads, input.entry), input),
  'rotation.skip': ({ reads }, input, ask) => {
    const { pack } = reads.policy.on(ask.day?.date ?? '');
    const mayBuyOut = forbidding(pack, 'stage_buyout') === null;
    return skipEntry(sameQueue(reads, input.entry), { ...input, mayBuyOut });
  },
  'rotation.plan': ({ reads }, input) =>
    planSongs(reads.rotation.entry(input.entry), input, reads.rotation.setting().songsPerSet),
  'rotation.remove': ({ reads }, input) => removeEntry(reads.rotation.entry(input.entry), input),
};

function sameQueue(reads: Reads, entry: string) {
  const found = reads.rotation.entry(entry);
  return found ? reads.rotation.ofQueue(found.stage) : [];
}

function freeStages(reads: Reads, stage: string): number {
  const isShared = reads.rotation.setting().mode === 'shared';
  const served = isShared ? reads.club.stages().filter(({ open }) => open) : [{ stage }];
  return served.filter((one) => !reads.rotation.liveOnStage(one.stage)).length;
}
