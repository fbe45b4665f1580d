import type { SealedTail, ServerFrame, Since } from '#shared/contract/live.ts';
import { createTailList } from './tail-list.ts';
import { openTailStore, type Change, type Stored, type TailStore } from './tail-store.ts';

/**
 * What this device keeps for its club: the last lines of the log, sealed. They outlive a reload; where the browser gives
 * no room on its disk, they are kept as long as the page lives.
 */
export type Tails = {
  /** What an earlier page kept is here, or it is known that nothing can be kept. Never rejects. */
  readonly ready: Promise<void>;
  /** The last place whose lines are kept. */
  readonly place: () => Since | null;
  readonly take: (frame: ServerFrame) => void;
  readonly all: () => readonly SealedTail[];
  /** This device is none of the club's any more. */
  readonly clear: () => void;
};

/** Under load one transaction carries what many frames brought. */
const WRITE_EVERY_MS = 250;
/** A browser that is asked and does not answer must not keep a screen waiting. */
const OPEN_MS_MAX = 1_500;
const NOTHING: Change = { put: [], remove: [], place: null };

export function openTails(): Tails {
  const list = createTailList();
  const state = { place: null as Since | null, order: 0 };
  const disk = openDisk();
  const ready = disk.kept.then((kept) => {
    if (!kept) return;
    list.add(kept.tails);
    state.order = Math.max(0, ...kept.tails.map(({ order }) => order));
    state.place = kept.place;
  });

  const keep = (more: readonly SealedTail[], place: Since | null) => {
    const { added, gone } = list.add(more);
    state.place = place ?? state.place;
    const put = added.map((tail) => ({ ...tail, order: (state.order += 1) }));
    disk.write({ put, remove: gone, place });
  };
  return {
    ready,
    place: () => state.place,
    take(frame) {
      if (frame.f === 'events') keep(frame.tails, { seq: frame.to, hash: frame.hash });
      else if (frame.f === 'tails') keep(frame.tails, null);
      else if (frame.f === 'snapshot') keep([], { seq: frame.seq, hash: frame.hash });
    },
    all: list.all,
    clear: () =>
      void ready.then(() => {
        list.clear();
        state.place = null;
        disk.clear();
      }),
  };
}

type Disk = {
  /** Null where nothing can be kept. */
  readonly kept: Promise<Stored | null>;
  readonly write: (change: Change) => void;
  readonly clear: () => void;
};

/** Writes behind the screen's back, many changes in one transaction, and gives up for good where the browser has no room. */
function openDisk(): Disk {
  const opened = openTailStore();
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), OPEN_MS_MAX));
  const kept = Promise.race([opened.then((store) => store.read()), late]).catch(() => null);
  const state = { isLost: false, timer: 0, waiting: NOTHING, last: Promise.resolve() };
  const next = (work: (store: TailStore) => Promise<void>) => {
    const before = state.last;
    state.last = opened
      .then((store) => before.then(() => work(store)))
      .catch(() => {
        state.isLost = true;
      });
  };
  const takeAll = (): Change => {
    clearTimeout(state.timer);
    const { waiting } = state;
    Object.assign(state, { timer: 0, waiting: NOTHING });
    return waiting;
  };
  const flush = () => {
    const change = takeAll();
    if (change !== NOTHING && !state.isLost) next((store) => store.write(change));
  };
  // The last chance before a reload.
  window.addEventListener('pagehide', flush);
  void kept.then((found) => {
    state.isLost = found === null;
  });
  return {
    kept,
    write({ put, remove, place }) {
      const { waiting } = state;
      state.waiting = {
        put: [...waiting.put, ...put],
        remove: [...waiting.remove, ...remove],
        place: place ?? waiting.place,
      };
      if (state.timer === 0) state.timer = window.setTimeout(flush, WRITE_EVERY_MS);
    },
    clear() {
      takeAll();
      next((store) => store.clear());
    },
  };
}
