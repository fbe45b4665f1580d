import type { TrackRow } from '#shared/contract/music-api.ts';

/** The tracks that may be played, in memory: a list of 25,000 is looked through faster than a database answers. */
export type Shelf = {
  readonly track: (id: string) => TrackRow | undefined;
  /** By title. */
  readonly all: () => readonly TrackRow[];
  /** All words of the text are in title, artist, album or genre; best first. An empty text finds all, by title. */
  readonly search: (text: string, limit: number) => readonly TrackRow[];
  readonly put: (rows: readonly TrackRow[]) => void;
  /** Somebody put a track right: what was found in its file is laid under it anew. */
  readonly edited: (track: string) => void;
  readonly size: () => number;
};

type Kept = { readonly found: TrackRow; readonly row: TrackRow; readonly title: string; readonly text: string };

type Around = { readonly edited: (row: TrackRow) => TrackRow; readonly came: () => void };
const ALONE: Around = { edited: (row) => row, came: () => undefined };

/** `edited` lays over a row what people put right of it; `came` hears that there are others. */
export function openShelf({ edited, came }: Around = ALONE): Shelf {
  const kept = new Map<string, Kept>();
  let byTitle: readonly TrackRow[] | null = null;
  const put = (rows: readonly TrackRow[]): void => {
    byTitle = null;
    for (const found of rows) {
      const row = edited(found);
      const title = plain(row.title);
      const text = [title, row.artist, row.album, row.genre].map((part) => plain(part ?? '')).join('\n');
      kept.set(row.track, { found, row, title, text });
    }
    came();
  };
  return {
    put,
    edited: (track) => {
      const one = kept.get(track);
      if (one) put([one.found]);
    },
    size: () => kept.size,
    track: (id) => kept.get(id)?.row,
    all: () => (byTitle ??= [...kept.values()].toSorted(byName).map(({ row }) => row)),
    search: (text, limit) => {
      const words = plain(text).split(' ').filter(Boolean);
      const found: Found[] = [];
      for (const one of kept.values()) {
        const rank = rankOf(one, words);
        if (rank !== null) found.push({ rank, one });
      }
      return found
        .toSorted(order)
        .slice(0, limit)
        .map(({ one }) => one.row);
    },
  };
}

type Found = { readonly rank: number; readonly one: Kept };

function order(a: Found, b: Found): number {
  return a.rank - b.rank || byName(a.one, b.one);
}

function byName(a: Kept, b: Kept): number {
  return a.title === b.title ? 0 : a.title < b.title ? -1 : 1;
}

/** 0 where the title begins with the first word, 1 where all words are in the title, 2 where they are somewhere; null where not. */
function rankOf({ title, text }: Kept, words: readonly string[]): number | null {
  if (!words.every((word) => text.includes(word))) return null;
  if (title.startsWith(words[0] ?? '')) return 0;
  return words.every((word) => title.includes(word)) ? 1 : 2;
}

/** Without case, marks and signs, so that “Beyonce” finds “Beyoncé”. */
function plain(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
