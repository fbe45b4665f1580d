import { accept, refuse, type Decision } from '#shared/kit/decision.ts';
import type { Asking } from './asking.ts';
import { event, type EventOf } from './event.ts';
import type { Refusal } from './refusal.ts';
import { COOLDOWN_MS } from './choose-songs.ts';
import type { CrateUse, DancerList, MusicSetting, TrackEdit } from './track-events.ts';

export type CrateFact = { readonly crate: string; readonly name: string; readonly use: CrateUse };
export type CrateFacts = {
  /** Another crate of this name, and the one that has this use; of `plain` there may be many. */
  readonly named: CrateFact | undefined;
  readonly ofUse: CrateFact | undefined;
};

/** An edit that puts nothing right. */
export const AS_THE_FILE_SAYS: TrackEdit = {
  title: null,
  artist: null,
  genre: null,
  bpm: null,
  key: null,
  explicit: null,
  energy: null,
  trimDb: null,
  cueIn: null,
  cueOut: null,
};

/** As every club has it before it sets anything. */
export const MUSIC_UNSET: MusicSetting = {
  targetLufs: -14,
  copy: 'aac',
  cooldownMin: COOLDOWN_MS / 60_000,
  isCleanOnly: false,
};

/**
 * Sets how the club wants its music; what is not named stays, so that two who set different things at once both get
 * theirs. Every playable copy that is otherwise is then made again.
 */
export function configureMusic(
  now: MusicSetting,
  over: Partial<MusicSetting>,
): Decision<EventOf<'music.configured'>, Refusal> {
  const { targetLufs, copy, cooldownMin, isCleanOnly } = { ...now, ...over };
  const isSame =
    now.targetLufs === targetLufs &&
    now.copy === copy &&
    now.cooldownMin === cooldownMin &&
    now.isCleanOnly === isCleanOnly;
  return isSame
    ? refuse('nothing_changed')
    : accept(event('music.configured', { targetLufs, copy, cooldownMin, isCleanOnly }));
}

/** Puts right what a file says of itself; the file's own stays beside it. Null takes an edit back. */
export function editTrack(
  kept: TrackEdit | undefined,
  { track, ...edit }: TrackEdit & { readonly track: string },
): Decision<EventOf<'track.edited'>, Refusal> {
  const was = kept ?? AS_THE_FILE_SAYS;
  const fields = Object.keys(AS_THE_FILE_SAYS) as readonly (keyof TrackEdit)[];
  if (fields.every((field) => was[field] === edit[field])) return refuse('nothing_changed');
  return accept(event('track.edited', { track, ...edit }));
}

/** There is at most one house playlist and one emergency loop. */
export function makeCrate(
  facts: CrateFacts,
  { name, use }: Omit<CrateFact, 'crate'>,
  { id }: Asking,
): Decision<EventOf<'crate.made'>, Refusal> {
  if (facts.named) return refuse('name_taken');
  if (use !== 'plain' && facts.ofUse) return refuse('crate_use_taken');
  return accept(event('crate.made', { crate: id, name, use }));
}

/** Renames it, or gives it another use. */
export function changeCrate(
  facts: CrateFacts & { readonly crate: CrateFact | undefined },
  { name, use }: Omit<CrateFact, 'crate'>,
): Decision<EventOf<'crate.changed'>, Refusal> {
  const { crate: kept, named, ofUse } = facts;
  if (!kept) return refuse('crate_unknown');
  const { crate } = kept;
  if (kept.name === name && kept.use === use) return refuse('nothing_changed');
  if (named && named.crate !== crate) return refuse('name_taken');
  if (use !== 'plain' && ofUse && ofUse.crate !== crate) return refuse('crate_use_taken');
  return accept(event('crate.changed', { crate, name, use }));
}

/** Its tracks stay in the library and in other crates. */
export function dropCrate(crate: CrateFact | undefined): Decision<EventOf<'crate.dropped'>, Refusal> {
  return crate ? accept(event('crate.dropped', { crate: crate.crate })) : refuse('crate_unknown');
}

export function putInCrate(
  facts: { readonly crate: CrateFact | undefined; readonly isIn: boolean },
  track: string,
): Decision<EventOf<'crate.track_put'>, Refusal> {
  if (!facts.crate) return refuse('crate_unknown');
  if (facts.isIn) return refuse('nothing_changed');
  return accept(event('crate.track_put', { crate: facts.crate.crate, track }));
}

export function takeFromCrate(
  facts: { readonly crate: CrateFact | undefined; readonly isIn: boolean },
  track: string,
): Decision<EventOf<'crate.track_taken'>, Refusal> {
  if (!facts.crate) return refuse('crate_unknown');
  if (!facts.isIn) return refuse('track_not_listed');
  return accept(event('crate.track_taken', { crate: facts.crate.crate, track }));
}

/** What she dances to, or never does. Onto one of the two is off the other. */
export function listSong(
  facts: { readonly dancerKnown: boolean; readonly list: DancerList | undefined },
  { dancer, track, list }: { readonly dancer: string; readonly track: string; readonly list: DancerList },
): Decision<EventOf<'dancer.song_listed'>, Refusal> {
  if (!facts.dancerKnown) return refuse('dancer_unknown');
  if (facts.list === list) return refuse('nothing_changed');
  return accept(event('dancer.song_listed', { dancer, track, list }, [dancer]));
}

export function unlistSong(
  facts: { readonly dancerKnown: boolean; readonly list: DancerList | undefined },
  { dancer, track }: { readonly dancer: string; readonly track: string },
): Decision<EventOf<'dancer.song_unlisted'>, Refusal> {
  if (!facts.dancerKnown) return refuse('dancer_unknown');
  if (!facts.list) return refuse('track_not_listed');
  return accept(event('dancer.song_unlisted', { dancer, track }, [dancer]));
}
