/** The node's clock as this device sees it, ticking once a second for all timers together. */
export type Clock = {
  readonly now: () => number;
  /** The second that is shown, in milliseconds. */
  readonly second: () => number;
  readonly setServerNow: (now: number) => void;
  readonly subscribe: (listener: () => void) => () => void;
};

/** Less than this is the way's jitter, not a drift: timers would only jump. */
const DRIFT_MS_MIN = 250;

export function createClock(): Clock {
  const state = { offset: 0, second: 0, timer: 0, isSet: false };
  const listeners = new Set<() => void>();
  const now = () => Date.now() + state.offset;
  const tick = () => {
    state.second = Math.floor(now() / 1_000) * 1_000;
    for (const listener of listeners) listener();
    if (listeners.size > 0) state.timer = window.setTimeout(tick, 1_000 - (now() % 1_000) + 5);
  };
  return {
    now,
    second: () => (state.second = state.second || Math.floor(now() / 1_000) * 1_000),
    setServerNow(server) {
      const offset = server - Date.now();
      if (state.isSet && Math.abs(offset - state.offset) < DRIFT_MS_MIN) return;
      state.offset = offset;
      state.isSet = true;
      if (listeners.size === 0) return;
      clearTimeout(state.timer);
      tick();
    },
    subscribe(listener) {
      listeners.add(listener);
      if (listeners.size === 1) tick();
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) clearTimeout(state.timer);
      };
    },
  };
}
