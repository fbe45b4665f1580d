/**
 * Wakes the polls that wait for a club's news, within this process. It saves time and nothing depends on it: whoever
 * waits looks again by itself, because another replica may have made the news.
 */
export type Bell = {
  readonly ring: (club: string) => void;
  /** Answers when the bell rings, after `ms`, or when the asker is gone, whichever is first. */
  readonly wait: (club: string, ms: number, gone: AbortSignal) => Promise<void>;
  readonly waiting: () => number;
  /** Wakes all; from here on nobody waits. */
  readonly close: () => void;
};

export function openBell(): Bell {
  const waiting = new Map<string, Set<() => void>>();
  const closed = { now: false };
  const count = { waiting: 0 };
  const wake = (club: string): void => {
    for (const one of waiting.get(club) ?? []) one();
  };
  return {
    ring: wake,
    wait: (club, ms, gone) => {
      if (closed.now || gone.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const here = waiting.get(club) ?? new Set();
        waiting.set(club, here);
        const end = (): void => {
          clearTimeout(timer);
          gone.removeEventListener('abort', end);
          if (here.delete(end)) count.waiting -= 1;
          if (here.size === 0 && waiting.get(club) === here) waiting.delete(club);
          resolve();
        };
        const timer = setTimeout(end, ms);
        gone.addEventListener('abort', end);
        here.add(end);
        count.waiting += 1;
      });
    },
    waiting: () => count.waiting,
    close: () => {
      closed.now = true;
      for (const club of waiting.keys()) wake(club);
    },
  };
}
