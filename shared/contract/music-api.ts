/**
 * A track as lists show it, with what people put right of it laid over what its file says. `track` is the SHA-256 of the file
 * as it came (hex). Seconds count from the original's beginning; the playable copy begins `startsAt` seconds later.
 */
export type TrackRow = {
  readonly track: string;
  readonly title: string;
  readonly artist: string | null;
  readonly album: string | null;
  readonly genre: string | null;
  readonly bpm: number | null;
  /** `F#m`, `C`. */
  readonly key: string | null;
  readonly explicit: 'explicit' | 'clean' | null;
  readonly seconds: number;
  readonly cueIn: number;
  readonly cueOut: number;
  readonly startsAt: number;
  /** Decibels that a deck plays it louder, or softer, than its rendition. */
  readonly trimDb: number;
  /** Codes of what a DJ should know before playing it. */
  readonly warnings: readonly string[];
};
/** Why a file was refused or wants a look: the closed set. Screens say each in their own language. */
export type MusicCode =
  | 'IGNORED_NAME'
  | 'EMPTY'
  | 'NOT_AUDIO'
  | 'FORMAT_NOT_ALLOWED'
  | 'UNSUPPORTED_CODEC'
  | 'BAD_HEADER'
  | 'NO_AUDIO'
  | 'HAS_VIDEO'
  | 'DRM'
  | 'TRUNCATED'
  | 'CORRUPT'
  | 'TOO_SHORT'
  | 'TOO_LONG'
  | 'SILENT'
  | 'DUP_BYTES'
  | 'DUP_AUDIO'
  | 'DUP_FINGERPRINT'
  | 'ONE_CHANNEL_SILENT'
  | 'PHASE_INVERTED'
  | 'DOWNMIXED'
  | 'LOW_QUALITY'
  | 'JUNK_PREFIX'
  | 'SHORT'
  | 'EXTENSION_MISMATCH'
  | 'FILE_CHANGED'
  | 'FILE_GONE'
  | 'UNREADABLE'
  | 'DISK_FULL'
  | 'TOOL_FAILED'
  | 'OFF_TARGET'
  | 'STOPPED';
/** Files of one answer. */
export const MUSIC_PAGE = 200;
/** What a list of files shows, the worst first. What is simply fine is not in it. */
export const MUSIC_SHOWN = ['reject', 'duplicate?', 'duplicate', 'accept-warn', 'wait'] as const;
export type MusicShown = (typeof MUSIC_SHOWN)[number];
/** What came of one file of the watched folder, or of one that a browser sent. */
export type MusicFile = {
  /** Its path in the folder, or the name that it was sent under. */
  readonly file: string;
  readonly outcome: 'accept' | 'accept-warn' | 'reject' | 'duplicate' | 'duplicate?' | 'ignore' | 'wait';
  readonly code: MusicCode | null;
  /** The code in English; empty for a track that is fine in every way. */
  readonly message: string;
  readonly track: string | null;
  /** For a near-duplicate: the track that it sounds like. */
  readonly like: string | null;
  /** Epoch milliseconds. */
  readonly at: number;
};
/** GET /music: how taking in stands. */
export type MusicStatus = {
  /** Why nothing is taken in; null where all is well. */
  readonly says: string | null;
  /** The watched folder on the box; null for none. */
  readonly folder: string | null;
  /** `gone` and `empty` are a stick that was pulled out, and never a deletion of all. */
  readonly folderState: 'none' | 'unseen' | 'watched' | 'gone' | 'empty';
  readonly tracks: number;
  /** Files that are still written, or wait for their turn. */
  readonly waiting: number;
  readonly working: readonly {
    /** Of a copy that is made again, the title of the track. */
    readonly file: string;
    readonly step: 'copying' | 'measuring' | 'encoding';
    readonly percent: number;
    /** By what is done so far; null at the beginning. */
    readonly secondsLeft: number | null;
    /** Seconds of its sound for each second of work so far; null at the beginning, and where its length is not known. */
    readonly speed: number | null;
  }[];
  /** Seconds of sound for each second of work, of the last tracks; null before any. */
  readonly speed: number | null;
  /**
   * Playable copies that are made again, as the club wants others or a file of theirs is not what it was: how many are left, and
   * how many can't be made, as their original is gone or damaged. What there is of a copy may be played meanwhile.
   */
  readonly again: { readonly left: number; readonly failed: number };
  /** Files by outcome that are not simply fine, of the newest 5,000. */
  readonly counts: Readonly<Record<MusicShown, number>>;
  /** Those of the outcome that was asked for, or all: the newest first, `MUSIC_PAGE` from `skip` on. */
  readonly files: readonly MusicFile[];
};
