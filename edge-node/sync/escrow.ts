import { asc, eq, sql } from 'drizzle-orm';
import { dataKey } from '../db/schema.ts';
import { limits } from '../limits.ts';
import type { SenderParts } from './sender.ts';

/** Keeps the wrapped data keys in the cloud, for the box that comes after this one, and fetches those of joined lines. */
export type Escrow = {
  /** One exchange, where one is due; false where none was. */
  readonly step: () => Promise<boolean>;
  readonly isDue: () => boolean;
};

export function openEscrow({
  db,
  cloud,
  box,
  keysCame,
}: Pick<SenderParts, 'db' | 'cloud' | 'box' | 'keysCame'>): Escrow {
  const waiting = db
    .select()
    .from(dataKey)
    .where(eq(dataKey.escrowed, false))
    .orderBy(asc(dataKey.subject))
    .limit(limits.uplinkKeysMax)
    .prepare();
  const done = db
    .update(dataKey)
    .set({ escrowed: true })
    .where(eq(dataKey.subject, sql.placeholder('subject')))
    .prepare();

  const put = async (keys: readonly (typeof dataKey.$inferSelect)[]): Promise<void> => {
    const answer = await cloud.keys({
      put: keys.map(({ subject, wrapped }) => ({ subject, wrapped: wrapped.toString('base64') })),
      get: null,
    });
    if (answer.s !== 'keys') throw new Error('The cloud kept no keys.');
    db.transaction(() => {
      for (const { subject } of keys) done.run({ subject });
    });
  };
  const get = async (after: string): Promise<void> => {
    const answer = await cloud.keys({ put: [], get: { after } });
    if (answer.s !== 'keys') throw new Error('The cloud gave no keys.');
    db.transaction(() => {
      for (const { subject, wrapped } of answer.keys) {
        const row = { subject, wrapped: Buffer.from(wrapped, 'base64'), escrowed: true };
        db.insert(dataKey).values(row).onConflictDoNothing().run();
      }
    });
    if (answer.keys.length > 0) keysCame();
    box.set({ keysWanted: answer.keys.at(-1)?.subject ?? null });
  };

  // A fenced box only brings: the keys of what it still hands over.
  const isWanted = (): boolean => !box.get().fenced && box.get().keysWanted !== null;

  return {
    isDue: () => isWanted() || waiting.all().length > 0,
    step: async () => {
      if (isWanted()) {
        await get(box.get().keysWanted ?? '');
        return true;
      }
      const keys = waiting.all();
      if (keys.length === 0) return false;
      await put(keys);
      return true;
    },
  };
}
