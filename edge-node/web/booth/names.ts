import type { BoothItem } from '#shared/contract/booth-api.ts';

/** Title and artist in one line. */
export function nameOf({ song, track }: Pick<BoothItem, 'song' | 'track'>): string {
  return track?.artist ? `${song.title} · ${track.artist}` : song.title;
}
