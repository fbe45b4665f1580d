import { useSyncExternalStore } from 'react';

/** One value that screens watch. */
export type Signal<T> = {
  readonly get: () => T;
  readonly set: (next: T) => void;
  readonly subscribe: (listener: () => void) => () => void;
};

export function createSignal<T>(initial: T): Signal<T> {
  const state = { value: initial };
  const listeners = new Set<() => void>();
  return {
    get: () => state.value,
    set(next) {
      if (Object.is(next, state.value)) return;
      state.value = next;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export function useSignal<T>(signal: Signal<T>): T {
  return useSyncExternalStore(signal.subscribe, signal.get);
}
