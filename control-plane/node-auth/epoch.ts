import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import type { Pool } from 'pg';
import { cloudState } from '../db/schema.ts';
import { limits } from '../limits.ts';

export type Epoch = {
  readonly now: () => number;
  readonly look: () => Promise<void>;
  readonly raise: (why: string) => Promise<number>;
};

const EPOCHS_SINCE = Date.UTC(2026, 0, 1);

/**
 * The cloud's epoch, as all replicas know it within a second. A backup puts it back as well, so the next one is above every
 * one that nodes may have heard since: not only one more than the last, but also the time, in seconds.
 */
export function keepEpoch(pool: Pool, clock: () => number, first: number): Epoch {
  const db = drizzle(pool);
  let known = first;
  let lookedAt = performance.now();
  return {
    now: () => known,
    look: async () => {
      if (performance.now() - lookedAt < limits.epochLookMs) return;
      lookedAt = performance.now();
      const [state] = await db.select({ epoch: cloudState.epoch }).from(cloudState);
      known = Math.max(known, state?.epoch ?? known);
    },
    raise: async (why) => {
      const least = Math.max(known + 1, Math.floor((clock() - EPOCHS_SINCE) / 1_000));
      const [state] = await db
        .update(cloudState)
        .set({ epoch: sql`greatest(${cloudState.epoch} + 1, ${least}::int)`, restoredWhy: why })
        .returning({ epoch: cloudState.epoch });
      known = state?.epoch ?? known;
      return known;
    },
  };
}
