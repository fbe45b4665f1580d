import type { StatusAnswer } from '#shared/contract/api.ts';
import type { Answer } from './api.ts';
import { createSignal, type Signal } from './signal.ts';

/** How the box itself is: what the live feed does not bring, asked now and then. */
export type Box = {
  /** Null until it has answered once. */
  readonly status: Signal<StatusAnswer | null>;
  readonly ask: () => void;
  /** Somebody looks at it: asked often until the answer is called. */
  readonly watch: () => () => void;
  readonly close: () => void;
};

const SELDOM_MS = 10_000;
const OFTEN_MS = 2_000;

export function openBox(question: () => Promise<Answer<StatusAnswer>>): Box {
  const status = createSignal<StatusAnswer | null>(null);
  const state = { timer: 0, watchers: 0, round: 0, isClosed: false };
  const ask = async () => {
    clearTimeout(state.timer);
    const round = (state.round += 1);
    const answer = await question();
    // Another question went out meanwhile: its answer is the newer one.
    if (state.isClosed || round !== state.round) return;
    if (answer.ok && !isSame(answer.value, status.get())) status.set(answer.value);
    const isUneasy = state.watchers > 0 || status.get()?.box === 'recovering';
    state.timer = window.setTimeout(() => void ask(), isUneasy ? OFTEN_MS : SELDOM_MS);
  };
  void ask();
  return {
    status,
    ask: () => void ask(),
    watch() {
      state.watchers += 1;
      void ask();
      return () => {
        state.watchers -= 1;
      };
    },
    close() {
      state.isClosed = true;
      clearTimeout(state.timer);
    },
  };
}

function isSame(one: StatusAnswer, other: StatusAnswer | null): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
