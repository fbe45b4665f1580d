import { MUSIC_PAGE, MUSIC_SHOWN, type MusicShown, type MusicStatus } from '#shared/contract/music-api.ts';
import type { FileWord } from './messages.ts';

const WORDS_MAX = 5_000;

/** Null shows every outcome; so many of the newest are left out. */
export type FilesAsked = { readonly outcome: MusicShown | null; readonly skip: number };

/** What came of files that are not simply fine: the newest that were heard. */
export type FileWords = {
  readonly hear: (word: FileWord) => void;
  readonly gone: (file: string) => void;
  readonly page: (asked: FilesAsked) => Pick<MusicStatus, 'counts' | 'files'>;
};

export function openFileWords(): FileWords {
  const words = new Map<string, FileWord>();
  return {
    hear: (word) => {
      words.delete(word.file);
      if (word.outcome === 'accept') return;
      words.set(word.file, word);
      const oldest = words.size > WORDS_MAX ? words.keys().next().value : undefined;
      if (oldest !== undefined) words.delete(oldest);
    },
    gone: (file) => void words.delete(file),
    page: ({ outcome, skip }) => {
      const all = [...words.values()];
      const of = (one: MusicShown) => all.filter((word) => word.outcome === one);
      const counts = Object.fromEntries(MUSIC_SHOWN.map((one) => [one, of(one).length])) as MusicStatus['counts'];
      const files = (outcome === null ? all : of(outcome)).toReversed().slice(skip, skip + MUSIC_PAGE);
      return { counts, files };
    },
  };
}
