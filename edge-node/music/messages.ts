import type { MusicFile, MusicStatus, TrackRow } from '#shared/contract/music-api.ts';
import type { CopyWanted } from '#shared/domain/track-events.ts';

export type FileWord = MusicFile;
export type FolderState = MusicStatus['folderState'];
export type Working = MusicStatus['working'][number];

/** A line from the process that ingests to the node. */
export type Told =
  | { readonly t: 'tracks'; readonly rows: readonly TrackRow[] }
  | { readonly t: 'file'; readonly word: FileWord }
  | { readonly t: 'file_gone'; readonly file: string }
  | {
      readonly t: 'state';
      readonly folder: FolderState;
      readonly waiting: number;
      readonly working: readonly Working[];
      readonly speed: number | null;
      readonly again: MusicStatus['again'];
    };

/** A line from the node to that process; the end of its input stops it. */
export type Asked =
  | { readonly t: 'take'; readonly file: string }
  /** How many files may be worked on at once (none while the floor is busy), and what copies the club wants. */
  | { readonly t: 'pace'; readonly jobs: number; readonly wanted: CopyWanted };
