import { limits } from '../limits.ts';
import type { Next, Sender } from './sender.ts';

export type RunningSender = {
  /** New events wait. */
  readonly wake: () => void;
  readonly close: () => Promise<void>;
};

/**
 * Steps the sender for as long as the node lives: while more waits at once, or at a measured pace beside a floor that works;
 * with pauses that grow while the cloud is away.
 */
export function runSender(sender: Sender, random: () => number): RunningSender {
  const bell = openBell();
  let stopped = false;
  let lostAt: number | null = null;
  let wokenAt = Number.NEGATIVE_INFINITY;

  const isFloorAtWork = (): boolean => performance.now() - wokenAt < limits.uplinkFloorQuietMs;
  /** What the cloud just took is paced beside a floor that works. */
  const paceOf = (events: number): number =>
    isFloorAtWork() ? (events / limits.uplinkBesideFloorEventsPerS) * 1_000 : 0;
  const pauseAfter = (next: Next): number => {
    if (next.next === 'more') return paceOf(next.events ?? 0);
    if (next.next === 'wait') return Math.max(next.ms, paceOf(next.events ?? 0));
    return next.next === 'idle' ? limits.uplinkIdleMs : limits.uplinkHaltedMs;
  };
  const stepOnce = async (): Promise<void> => {
    try {
      const next = await sender.step();
      lostAt = null;
      const pause = pauseAfter(next);
      if (pause === 0) return;
      const woken = await bell.wait(pause, next.next === 'idle');
      const isPaced = next.next === 'more' || (next.next === 'wait' && next.events !== undefined);
      if (!woken && !isPaced) sender.doubt();
    } catch {
      // Whatever the reason, no answer came: the link is down, and asking again is safe.
      sender.lost();
      lostAt ??= performance.now();
      // The longer it was away, the wider all nodes of all clubs spread out.
      const ceiling = Math.min(limits.uplinkRetryMsMax, limits.uplinkRetryMsMin + (performance.now() - lostAt) / 2);
      await bell.wait(random() * ceiling, false);
    }
  };
  const loop = async (): Promise<void> => {
    while (!stopped) await stepOnce();
  };
  const done = loop();
  return {
    wake: () => {
      wokenAt = performance.now();
      bell.ring();
    },
    close: async () => {
      stopped = true;
      bell.end();
      await done;
    },
  };
}

/** Waits for a time, or until something rings; a ring that nobody waits for counts for the next wait. */
function openBell() {
  let rung = false;
  let end = false;
  let answer: ((woken: boolean) => void) | null = null;
  return {
    ring: () => {
      rung = true;
      answer?.(true);
    },
    end: () => {
      end = true;
      answer?.(true);
    },
    wait: async (ms: number, wakeable: boolean): Promise<boolean> => {
      if (end || (wakeable && rung)) {
        rung = false;
        return true;
      }
      const woken = await new Promise<boolean>((resolve) => {
        const timer = setTimeout(() => resolve(false), ms);
        answer = (byRing) => {
          if (byRing && !wakeable && !end) return;
          clearTimeout(timer);
          resolve(true);
        };
      });
      answer = null;
      if (wakeable) rung = false;
      return woken;
    },
  };
}
