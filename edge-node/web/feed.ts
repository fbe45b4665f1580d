import type { RowChange, ServerFrame, Since } from '#shared/contract/live.ts';
import type { Tables } from './store.ts';

export const RENDER_EVERY_MS = 100;

/** `gap`: frames are missing; say hello again from `since()`. */
type Received = 'taken' | 'gap';
export type Feed = {
  readonly receive: (frame: ServerFrame) => Received;
  /** The last place whose rows are on the screen; null before the first snapshot. */
  readonly since: () => Since | null;
  readonly flush: () => void;
};

/**
 * Lets the frames through to the tables at most once in `RENDER_EVERY_MS`, as each separate change costs a frame of its
 * own. While this screen waits for a command of its own it lets them through at once.
 */
export function createFeed(to: {
  readonly tables: Tables;
  readonly isWaiting: () => boolean;
  readonly onApplied: (seq: number) => void;
  readonly later: (run: () => void, ms: number) => unknown;
}): Feed {
  const state = { shown: null as Since | null, queued: null as Since | null, changes: [] as RowChange[], timed: false };

  const flush = () => {
    if (state.queued === null || state.queued === state.shown) return;
    const changes = state.changes;
    state.changes = [];
    state.shown = state.queued;
    to.tables.apply(changes);
    to.onApplied(state.queued.seq);
  };
  const flushSoon = () => {
    if (to.isWaiting()) return flush();
    if (state.timed) return;
    state.timed = true;
    to.later(() => {
      state.timed = false;
      flush();
    }, RENDER_EVERY_MS);
  };
  const takeSnapshot = ({ seq, hash, rows }: Extract<ServerFrame, { f: 'snapshot' }>) => {
    state.changes = [];
    state.queued = { seq, hash };
    state.shown = state.queued;
    to.tables.replace(rows);
    to.onApplied(seq);
  };

  return {
    since: () => state.shown,
    flush,
    receive(frame) {
      // What is kept for the club is no row.
      if (frame.f === 'tails') return 'taken';
      if (frame.f === 'snapshot') takeSnapshot(frame);
      else if (state.queued === null) return 'gap';
      else if (frame.f === 'beat') return frame.seq > state.queued.seq ? 'gap' : 'taken';
      else if (frame.from > state.queued.seq + 1) return 'gap';
      else if (frame.to > state.queued.seq) {
        state.changes.push(...frame.list);
        state.queued = { seq: frame.to, hash: frame.hash };
        flushSoon();
      }
      return 'taken';
    },
  };
}
