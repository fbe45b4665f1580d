import { TAIL_LINES_KEPT, type SealedTail } from '#shared/contract/live.ts';

export type TailList = {
  /** Oldest first. */
  readonly all: () => readonly SealedTail[];
  /** Puts newer ones behind; answers those that are no longer among the last lines. One that is here already is left out. */
  readonly add: (more: readonly SealedTail[]) => {
    readonly added: readonly SealedTail[];
    readonly gone: readonly SealedTail[];
  };
  readonly clear: () => void;
};

/**
 * The newest blobs whose lines come to `TAIL_LINES_KEPT`. One that covers the same places as another is kept beside it:
 * after a restored disk the two are not the same lines, and only the club's key could tell.
 */
export function createTailList(): TailList {
  const state = { tails: new Map<string, SealedTail>(), lines: 0 };
  const drop = (key: string, tail: SealedTail) => {
    state.tails.delete(key);
    state.lines -= tail.n;
    return tail;
  };
  return {
    all: () => [...state.tails.values()],
    add(more) {
      const added = more.filter((tail) => {
        const key = tailKey(tail);
        if (state.tails.has(key)) return false;
        state.tails.set(key, tail);
        state.lines += tail.n;
        return true;
      });
      const gone: SealedTail[] = [];
      for (const [key, tail] of state.tails) {
        if (state.lines <= TAIL_LINES_KEPT || state.tails.size === 1) break;
        gone.push(drop(key, tail));
      }
      return { added, gone };
    },
    clear() {
      state.tails.clear();
      state.lines = 0;
    },
  };
}

const END_CHARS = 16;

/** The end of a sealed blob is as good as random: two with the same key are the same blob. */
export function tailKey({ log, seq, blob }: SealedTail): string {
  return `${log}/${seq}/${blob.slice(-END_CHARS)}`;
}
