import { Type, type TSchema } from 'typebox';
import type { CrateUse, MusicSetting, TrackEdit } from '#shared/domain/track-events.ts';
import { closed, Name, Nothing, route } from './api-fields.ts';
import { oneOf } from './words.ts';

export const CrateUseWord = oneOf('plain', 'house', 'emergency');
export const DancerListWord = oneOf('hers', 'never');
export const ExplicitWord = oneOf('explicit', 'clean');
export const CopyKindWord = oneOf('aac', 'flac');
const orNull = <T extends TSchema>(schema: T) => Type.Union([Type.Null(), schema]);
const Track = Type.String({ pattern: '^[0-9a-f]{64}$' });
const TagText = Type.String({ minLength: 1, maxLength: 200, pattern: '^[^\\u0000-\\u001f]*\\S[^\\u0000-\\u001f]*$' });
const CueSeconds = Type.Number({ minimum: 0, maximum: 86_400 });
const Crate = Type.Object({ name: Name, use: CrateUseWord }, closed);
const OneTrack = Type.Object({ track: Track }, closed);

/** Commands on what people decide of music. A track is named by the SHA-256 of the file as it came (hex). */
export const TRACK_ROUTES = {
  'music.configure': route(
    '/music/setting',
    'Sets how loud (LUFS) and of what kind every playable copy is, how long a track rests, and whether only clean ones are chosen; what is not named stays',
    Type.Object(
      {
        targetLufs: Type.Optional(Type.Integer({ minimum: -20, maximum: -9 })),
        copy: Type.Optional(CopyKindWord),
        cooldownMin: Type.Optional(Type.Integer({ minimum: 0, maximum: 24 * 60 })),
        isCleanOnly: Type.Optional(Type.Boolean()),
      },
      { ...closed, minProperties: 1 },
    ),
  ),
  'track.edit': route(
    '/track-edits',
    'Puts right what a file says of itself, as a whole; null is the file’s own again',
    Type.Object(
      {
        track: Track,
        title: orNull(TagText),
        artist: orNull(TagText),
        genre: orNull(TagText),
        bpm: orNull(Type.Number({ minimum: 20, maximum: 400 })),
        key: orNull(Type.String({ pattern: '^[A-G][#b]?m?$' })),
        explicit: orNull(ExplicitWord),
        energy: orNull(Type.Integer({ minimum: 1, maximum: 5 })),
        trimDb: orNull(Type.Number({ minimum: -12, maximum: 6 })),
        cueIn: orNull(CueSeconds),
        cueOut: orNull(CueSeconds),
      },
      closed,
    ),
  ),
  'crate.make': route('/crates', 'Makes a crate; at most one is the house playlist, and one the emergency loop', Crate),
  'crate.change': route('/crates/:crate/change', 'Renames a crate, or gives it another use', Crate),
  'crate.drop': route('/crates/:crate/drop', 'Drops a crate; its tracks stay in the library', Nothing),
  'crate.put': route('/crates/:crate/tracks', 'Puts a track into a crate', OneTrack),
  'crate.take': route('/crates/:crate/tracks/take', 'Takes a track out of a crate', OneTrack),
  'dancer.list_song': route(
    '/dancers/:dancer/songs',
    'Puts a track on the list of what she dances to, or of what she never does; it is then off the other',
    Type.Object({ track: Track, list: DancerListWord }, closed),
  ),
  'dancer.unlist_song': route('/dancers/:dancer/songs/take', 'Takes a track off her lists', OneTrack),
} as const;

/** GET /music/setting */
export type MusicSettingAnswer = MusicSetting;
/** GET /track-edits/:track */
export type TrackEditAnswer = { readonly track: string } & TrackEdit;
/** GET /crates: by name. GET /crates/:crate is one, with its tracks in the order in which they were put in. */
export type CrateRow = {
  readonly crate: string;
  readonly name: string;
  readonly use: CrateUse;
  readonly count: number;
};
export type CrateAnswer = CrateRow & { readonly tracks: readonly string[] };
/** GET /dancers/:dancer/songs: tracks, in the order in which they were listed. */
export type DancerSongs = { readonly hers: readonly string[]; readonly never: readonly string[] };
/** GET /nights/:day/plays, in their order; GET /plays/:track, the newest first. Instants are epoch milliseconds. */
export type PlayRow = {
  readonly play: string;
  readonly track: string | null;
  readonly title: string;
  readonly startedAt: number;
  readonly endedAt: number;
  /** Ids of who began a set that had this song in it, on whichever stage. */
  readonly dancers: readonly string[];
};
