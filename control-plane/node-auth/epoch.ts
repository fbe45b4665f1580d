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

/** The cloud's epoch, as all replicas know it within a second. */
export function keepEpoch(pool: Pool, first: number): Epoch {
  const db = drizzle(pool);
  let known = first;
  let lookedAt = performance.now();
  return {
    now: () => known,
    look: async () => {
      if (performance.now() - lookedAt < limits.epochLookMs) return;
      lookedAt = performance.now();
      const [state] = await db.select({ epoch: cloudState.epoch }).from(cloudState);
      known = state?.epoch ?? known;
    },
    raise: async (why) => {
      const [state] = await db
        .update(cloudState)
        .set({ epoch: sql`${cloudState.epoch} + 1`, restoredWhy: why })
        .returning({ epoch: cloudState.epoch });
      known = state?.epoch ?? known;
      return known;
    },
  };
}
