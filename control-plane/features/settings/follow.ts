import {
  FEED_BYTES_MAX,
  FEED_ITEMS_MAX,
  FEED_PROTO,
  type FeedAnswer,
  type FeedItem,
  type FeedRequest,
} from '#shared/contract/feed.ts';
import { inTenant } from '../../db/tenant.ts';
import { limits } from '../../limits.ts';
import { changeFeed, clubKey, oldestKept, readStretch, type OfClub, type Settings, type Stretch } from './feed-log.ts';

/** Where a box stands: opaque to it. The tag proves that it stands in this history of the feed. */
export type Cursor = { readonly feed: string; readonly rev: number; readonly tag: string };

export function writtenCursor({ feed, rev, tag }: Cursor): string {
  return Buffer.from(JSON.stringify([feed, rev, tag])).toString('base64url');
}

/** Null where it is none that this program wrote. */
export function readCursor(text: string): Cursor | null {
  try {
    const read: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    const [feed, rev, tag] = Array.isArray(read) ? (read as unknown[]) : [];
    return typeof feed === 'string' && typeof tag === 'string' && typeof rev === 'number' && Number.isSafeInteger(rev)
      ? { feed, rev, tag }
      : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/**
 * Answers with what is new, at once or as soon as there is something, at the latest after `waitMs`. Waiting holds no
 * database connection. `gone` ends it: the asker left, or this program stops.
 */
export async function follow(
  cloud: Settings,
  of: OfClub,
  { proto, cursor, waitMs }: FeedRequest,
  gone: AbortSignal,
): Promise<FeedAnswer> {
  if (proto !== FEED_PROTO) return { s: 'proto_old', min: FEED_PROTO };
  const from = cursor === null ? null : readCursor(cursor);
  if (cursor !== null && from === null) return { s: 'bad_batch', why: 'cursor_unreadable' };
  for (let left = waitMs; ;) {
    if (cloud.pool.waitingCount > limits.poolWaitersMax) return { s: 'slow', retryMs: limits.slowRetryMs };
    const answer = await look(cloud, of, from);
    const nothing = answer.s === 'feed' && answer.items.length === 0;
    if (!nothing || left <= 0 || gone.aborted || cloud.bell.waiting() >= limits.feedWaitersMax) return answer;
    const part = Math.min(left, limits.feedLookMs);
    await cloud.bell.wait(clubKey(of), part, gone);
    left -= part;
  }
}

async function look(cloud: Settings, of: OfClub, from: Cursor | null): Promise<FeedAnswer> {
  const above = from?.rev ?? 0;
  const read = () => inTenant(cloud.pool, of.org, (tenant) => readStretch(tenant, of, { above, most: FEED_ITEMS_MAX }));
  let stretch = await read();
  // The first question of a club makes its feed; a restored cloud's, or one that a cursor proves to be put back, is begun anew.
  if (!stretch || stretch.row.epoch !== cloud.epoch || isUndone(stretch, from)) {
    await changeFeed(cloud, of, async ({ reset }) => {
      if (stretch && isUndone(stretch, from)) reset();
    });
    stretch = await read();
  }
  if (!stretch) throw new Error('A club has no feed');
  return isGone(stretch, from, cloud.clock())
    ? { s: 'feed_gone', feed: stretch.row.feed, cloudEpoch: cloud.epoch }
    : answerOf(cloud, stretch, above);
}

/** The box was given a revision of this feed that is not there, or is another: the database was put back under it. */
function isUndone({ row, tagThere }: Stretch, from: Cursor | null): boolean {
  if (from?.feed !== row.feed || from.rev < row.trimmed) return false;
  return from.rev > row.rev || tagThere !== from.tag;
}

function isGone({ row, items }: Stretch, from: Cursor | null, now: number): boolean {
  if (from !== null && from.feed !== row.feed) return true;
  if ((from?.rev ?? 0) < row.trimmed) return true;
  const [first] = items;
  return first !== undefined && first.at < oldestKept(now);
}

/** As many as fit, and at least one. */
function answerOf(cloud: Settings, { row, items }: Stretch, above: number): FeedAnswer {
  let bytes = 0;
  const over = items.findIndex(({ item }, at) => {
    bytes += Buffer.byteLength(item);
    return at > 0 && bytes > FEED_BYTES_MAX;
  });
  const sent = over < 0 ? items : items.slice(0, over);
  const last = sent.at(-1) ?? { rev: above, tag: above === row.rev ? row.tag : row.trimmedTag };
  return {
    s: 'feed',
    feed: row.feed,
    from: above,
    to: last.rev,
    items: sent.map(({ item }) => JSON.parse(item) as FeedItem),
    cursor: writtenCursor({ feed: row.feed, rev: last.rev, tag: last.tag }),
    cloudEpoch: cloud.epoch,
  };
}
