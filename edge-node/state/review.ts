import { count, desc } from 'drizzle-orm';
import type { Db } from '../db/open.ts';
import { review } from '../db/schema.ts';

/** What contradicts what stood before it, since histories were joined; the newest first. */
export function reviewReads(db: Db) {
  const number = db.select({ n: count() }).from(review).prepare();
  const newest = db.select().from(review).orderBy(desc(review.pos)).limit(200).prepare();
  return { count: () => number.get()?.n ?? 0, newest: () => newest.all() };
}
