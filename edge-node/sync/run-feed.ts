import { setTimeout as pause } from 'node:timers/promises';
import { limits } from '../limits.ts';
import type { FeedClient } from './feed.ts';
import type { Next } from './sender.ts';

export type RunningFeed = { readonly close: () => Promise<void> };

/** Follows the feed for as long as the node lives. The cloud holds each question while there is nothing new. */
export function runFeed(client: FeedClient, random: () => number): RunningFeed {
  const stopping = new AbortController();
  const { signal } = stopping;
  let failures = 0;
  const pauseAfter = (next: Next): number => {
    if (next.next === 'more') return 0;
    if (next.next === 'wait') return next.ms;
    return next.next === 'idle' ? limits.feedIdleMs : limits.uplinkHaltedMs;
  };
  const stepOnce = async (): Promise<number> => {
    try {
      const next = await client.step();
      failures = 0;
      return pauseAfter(next);
    } catch {
      // No answer came, or none that can be used: all of it can be asked again.
      failures += 1;
      return random() * Math.min(limits.uplinkRetryMsMax, limits.feedGoneMsMin * 2 ** Math.min(failures, 12));
    }
  };
  const loop = async (): Promise<void> => {
    while (!signal.aborted) {
      const ms = await stepOnce();
      if (ms > 0) await pause(ms, undefined, { signal }).catch(() => undefined);
    }
  };
  const done = loop();
  return {
    close: async () => {
      stopping.abort();
      await done;
    },
  };
}
