import type { TRACK_ROUTES } from '#shared/contract/track-api.ts';
import type { Refusal } from '#shared/domain/refusal.ts';
import { AS_THE_FILE_SAYS, MUSIC_UNSET } from '#shared/domain/track.ts';
import type { CommandInput } from '../../edge-node/features/command.ts';

const GHOST = 'no-such-id';
const track = 'a'.repeat(64);
type Named = keyof typeof TRACK_ROUTES;

/** The examples about music. */
export const TRACK_EXAMPLES: { readonly [N in Named]: CommandInput<N> } = {
  'music.configure': { targetLufs: MUSIC_UNSET.targetLufs },
  'track.edit': { track, ...AS_THE_FILE_SAYS },
  'crate.make': { name: 'Slow ones', use: 'plain' },
  'crate.change': { crate: GHOST, name: 'Slow ones', use: 'house' },
  'crate.drop': { crate: GHOST },
  'crate.put': { crate: GHOST, track },
  'crate.take': { crate: GHOST, track },
  'dancer.list_song': { dancer: GHOST, track, list: 'hers' },
  'dancer.unlist_song': { dancer: GHOST, track },
};

export const TRACK_REFUSED: { readonly [N in Named]: Refusal } = {
  'music.configure': 'nothing_changed',
  'track.edit': 'nothing_changed',
  'crate.make': 'name_taken',
  'crate.change': 'crate_unknown',
  'crate.drop': 'crate_unknown',
  'crate.put': 'crate_unknown',
  'crate.take': 'crate_unknown',
  'dancer.list_song': 'dancer_unknown',
  'dancer.unlist_song': 'dancer_unknown',
};
