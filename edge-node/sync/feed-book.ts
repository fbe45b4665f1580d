import { eq } from 'drizzle-orm';
import { assert } from '#shared/kit/assert.ts';
import type { Db } from '../db/open.ts';
import { deadFeed, feedCursor } from '../db/shared-schema.ts';

export type FeedCursor = { readonly feed: string | null; readonly cursor: string | null; readonly rev: number };
/** How far this box follows the feed, and which feeds it must never follow again. Beside the log: the state makes a repeat harmless. */
export type FeedBook = {
  readonly get: () => FeedCursor;
  readonly set: (cursor: FeedCursor) => void;
  readonly bury: (feed: string) => void;
  readonly isDead: (feed: string) => boolean;
};

export function openFeedBook(db: Db): FeedBook {
  const ONLY = 'feed';
  const row = db.select().from(feedCursor).where(eq(feedCursor.id, ONLY)).get();
  assert(row !== undefined, 'a box has its place in the feed');
  let known: FeedCursor = row;
  const dead = new Set(
    db
      .select()
      .from(deadFeed)
      .all()
      .map(({ feed }) => feed),
  );
  const set = (cursor: FeedCursor): void => {
    const { feed, cursor: place, rev } = cursor;
    db.update(feedCursor).set({ feed, cursor: place, rev }).where(eq(feedCursor.id, ONLY)).run();
    known = cursor;
  };
  return {
    get: () => known,
    set,
    bury: (feed) => {
      db.insert(deadFeed).values({ feed }).onConflictDoNothing().run();
      dead.add(feed);
    },
    isDead: (feed) => dead.has(feed),
  };
}
