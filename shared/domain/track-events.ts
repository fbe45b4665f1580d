/** `house` plays where nothing else is asked for, `emergency` where nothing else is left. */
export type CrateUse = 'plain' | 'house' | 'emergency';
export type DancerList = 'hers' | 'never';
/** What people put right of a track; null is what the file itself says. */
export type TrackEdit = {
  readonly title: string | null;
  readonly artist: string | null;
  readonly genre: string | null;
  readonly bpm: number | null;
  /** `F#m`, `C`. */
  readonly key: string | null;
  readonly explicit: 'explicit' | 'clean' | null;
  /** 1 calm to 5 wild. No file says it. */
  readonly energy: number | null;
  /** Decibels that it plays louder (or softer) than its rendition. */
  readonly trimDb: number | null;
  /** Where it begins and ends on a deck, in seconds of the original. */
  readonly cueIn: number | null;
  readonly cueOut: number | null;
};
type LaterFields = 'trimDb' | 'cueIn' | 'cueOut';

/** How the playable copy is coded. FLAC is for a booth that plays in Chromium alone. */
export type CopyKind = 'aac' | 'flac';
/** How loud every playable copy is made (LUFS, ITU-R BS.1770), and of what kind it is. */
export type CopyWanted = { readonly targetLufs: number; readonly copy: CopyKind };
/** What the club wants of its music. */
export type MusicSetting = CopyWanted & {
  /** So long a track rests after it played, where the rules choose. */
  readonly cooldownMin: number;
  /** The rules choose only what is marked clean. */
  readonly isCleanOnly: boolean;
};

/** What people decide of music. `track` is the SHA-256 of the file as it came (hex). */
export type TrackBodies = {
  'music.configured': MusicSetting;
  /** All of an edit: the one before it counts no more. What a field of an older one is not there for is the file's own. */
  'track.edited': { readonly track: string } & Omit<TrackEdit, LaterFields> & Partial<Pick<TrackEdit, LaterFields>>;
  'crate.made': { readonly crate: string; readonly name: string; readonly use: CrateUse };
  'crate.changed': { readonly crate: string; readonly name: string; readonly use: CrateUse };
  'crate.dropped': { readonly crate: string };
  'crate.track_put': { readonly crate: string; readonly track: string };
  'crate.track_taken': { readonly crate: string; readonly track: string };
  /** A track is on one of her lists at most. */
  'dancer.song_listed': { readonly dancer: string; readonly track: string; readonly list: DancerList };
  'dancer.song_unlisted': { readonly dancer: string; readonly track: string };
};
