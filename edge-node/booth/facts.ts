import type { ClubEvent } from '#shared/domain/event.ts';
import { firstStage } from '#shared/domain/stage.ts';
import type { Reads } from '../state/reads.ts';
import type { Facts, TurnFact } from './programme.ts';

const NOUNS: ReadonlySet<string> = new Set(['rotation', 'stage', 'stage_set', 'day', 'shared_field', 'track']);

/** Whether the programme may be another one after this: who is where, and what she and the track are called. */
export function concernsBooth({ type }: Pick<ClubEvent, 'type'>): boolean {
  return NOUNS.has(type.slice(0, type.indexOf('.')));
}

/** The rotation of the main stage (the first that is open) as the programme needs it: who is on stage, then who waits, in order. */
export function readFacts({ club, dancers, rotation }: Reads): Pick<Facts, 'turns' | 'songsPerSet'> {
  const stages = club.stages();
  const main = firstStage(stages, null);
  const { songsPerSet } = rotation.setting();
  if (main === null) return { turns: [], songsPerSet };
  const nameOf = (dancer: string) => dancers.dancer(dancer)?.stageName ?? '';
  const live = rotation.liveOnStage(main);
  const waiting = rotation
    .ofQueue(main)
    .filter(({ entry }) => entry !== live?.entry)
    .map(({ entry, dancer, songs, state, held }): TurnFact => {
      const isOn = state === 'ON_STAGE';
      const set = isOn ? (rotation.liveOfDancer(dancer)?.set ?? null) : null;
      return { entry, dancer, name: nameOf(dancer), songs, set, listed: !isOn && !held };
    });
  if (!live) return { turns: waiting, songsPerSet };
  const { entry, dancer, songs, set } = live;
  return { turns: [{ entry, dancer, name: nameOf(dancer), songs, set, listed: true }, ...waiting], songsPerSet };
}
