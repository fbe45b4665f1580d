import type { TRACK_ROUTES } from '#shared/contract/track-api.ts';
import {
  changeCrate,
  configureMusic,
  dropCrate,
  editTrack,
  listSong,
  makeCrate,
  putInCrate,
  takeFromCrate,
  unlistSong,
  type CrateFact,
} from '#shared/domain/track.ts';
import type { Reads } from '../../state/reads.ts';
import type { Deciders } from '../command.ts';

export const trackCommands: Deciders<keyof typeof TRACK_ROUTES> = {
  'music.configure': ({ reads }, input) => configureMusic(reads.tracks.musicSetting(), input),
  'track.edit': ({ reads }, input) => editTrack(reads.tracks.edit(input.track), input),
  'crate.make': ({ reads }, input, ask) => makeCrate(others(reads, input), input, ask),
  'crate.change': ({ reads }, { crate, ...input }) =>
    changeCrate({ ...others(reads, input), crate: reads.tracks.crate(crate) }, input),
  'crate.drop': ({ reads }, { crate }) => dropCrate(reads.tracks.crate(crate)),
  'crate.put': ({ reads }, { crate, track }) =>
    putInCrate({ crate: reads.tracks.crate(crate), isIn: reads.tracks.isIn(crate, track) }, track),
  'crate.take': ({ reads }, { crate, track }) =>
    takeFromCrate({ crate: reads.tracks.crate(crate), isIn: reads.tracks.isIn(crate, track) }, track),
  'dancer.list_song': ({ reads }, input) => listSong(hers(reads, input), input),
  'dancer.unlist_song': ({ reads }, input) => unlistSong(hers(reads, input), input),
};

function others(reads: Reads, { name, use }: Omit<CrateFact, 'crate'>) {
  return { named: reads.tracks.crateNamed(name), ofUse: reads.tracks.crateOf(use) };
}

function hers(reads: Reads, { dancer, track }: { readonly dancer: string; readonly track: string }) {
  return { dancerKnown: reads.dancers.dancer(dancer) !== undefined, list: reads.tracks.listOf(dancer, track) };
}
