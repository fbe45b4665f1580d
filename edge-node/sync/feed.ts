import { Compile } from 'typebox/compile';
import { FEED_PROTO, FeedItem, type FeedAnswer } from '#shared/contract/feed.ts';
import { UPLINK_PATHS } from '#shared/contract/uplink.ts';
import type { FieldName } from '#shared/domain/feed-words.ts';
import type { Refusal } from '#shared/domain/refusal.ts';
import type { Db } from '../db/open.ts';
import { limits } from '../limits.ts';
import type { Answer } from '../log/answers.ts';
import type { CloudClient } from './cloud-client.ts';
import { openFeedBook, type FeedBook } from './feed-book.ts';
import { isGenuine, openSnapshot, type Snapshot } from './feed-snapshot.ts';
import type { ReceiptKeys } from './receipts.ts';
import type { Next } from './sender.ts';

/** What the box makes of one item. `whole`: of a snapshot; `genuine`: signed by the cloud, which only blobs ask. */
export type FeedWork =
  | { readonly item: FeedItem; readonly whole: boolean; readonly genuine: boolean }
  | { readonly forget: FieldName }
  | { readonly unread: { readonly op: string; readonly refusal: Refusal } };
/** Hands one piece of work to the command queue. A repeat of a key has no second effect. */
export type TakeOver = (
  work: FeedWork,
  place: { readonly feed: string; readonly rev: number; readonly key: string },
) => Promise<Answer>;

export type FeedParts = {
  readonly db: Db;
  readonly cloud: Pick<CloudClient, 'ask'>;
  readonly takeOver: TakeOver;
  /** Every field that headquarters' value was taken over of: what a snapshot may have lost. */
  readonly taken: () => readonly FieldName[];
  readonly clubId: string;
  readonly receiptKeys: ReceiptKeys;
  /** How long a question may wait for something new, in milliseconds; 0 in a simulation. */
  readonly waitMs: number;
  /** Nothing is taken over before the box and the cloud agree on its history, or while it may write nothing. */
  readonly ready: () => boolean;
};
export type FeedClient = {
  /** One exchange with the cloud. Throws where no answer came; asking again is always safe. */
  readonly step: () => Promise<Next>;
};
type Answered<S extends FeedAnswer['s']> = Extract<FeedAnswer, { s: S }>;
type Standing = {
  /** Times in a row that the cloud said `feed_gone`. */
  gone: number;
  snapshot: Snapshot | null;
};
type Feeding = FeedParts & { readonly book: FeedBook; readonly standing: Standing };

const feedItem = Compile(FeedItem);
/** The box can't write now: the same item is asked for again later. */
const LATER: ReadonlySet<Refusal> = new Set(['box_busy', 'disk_full', 'box_fenced', 'box_recovering']);

/** Follows the club's feed: what comes down goes through the command queue, one item after the other, then the cursor moves. */
export function openFeedClient(parts: FeedParts): FeedClient {
  const feeding: Feeding = { ...parts, book: openFeedBook(parts.db), standing: { gone: 0, snapshot: null } };
  const { book, standing, cloud, waitMs } = feeding;
  return {
    step: async () => {
      if (!parts.ready()) return { next: 'idle' };
      const answer = standing.snapshot
        ? await cloud.ask(UPLINK_PATHS.snapshot, { proto: FEED_PROTO, page: standing.snapshot.page() })
        : await cloud.ask(UPLINK_PATHS.feed, { proto: FEED_PROTO, cursor: book.get().cursor, waitMs });
      return take(feeding, answer as FeedAnswer);
    },
  };
}

/** The next move after each answer: decided by its code, never by its text. */
async function take(feeding: Feeding, answer: FeedAnswer): Promise<Next> {
  switch (answer.s) {
    case 'feed':
      return takeItems(feeding, answer);
    case 'feed_gone':
      return takeGone(feeding, answer);
    case 'snapshot':
      return takePage(feeding, answer);
    case 'slow':
      return { next: 'wait', ms: answer.retryMs };
    case 'nonce_stale':
      return { next: 'wait', ms: limits.uplinkRetryMsMin };
    case 'too_large':
    case 'bad_batch':
    case 'proto_old':
    case 'revoked':
    case 'fenced':
    case 'not_signed':
      return { next: 'halted' };
  }
}

async function takeItems(feeding: Feeding, answer: Answered<'feed'>): Promise<Next> {
  const { book, standing } = feeding;
  const { feed, from, to, items, cursor } = answer;
  if (book.isDead(feed)) return guarded(standing);
  const here = book.get();
  if ((here.feed !== null && here.feed !== feed) || here.rev !== from)
    throw new Error('The cloud sent another stretch of the feed than was asked for.');
  if (items.length !== to - from || items.some(({ rev }, at) => rev !== from + at + 1))
    throw new Error('The feed leaves out a revision.');
  for (const item of items) {
    if (!(await takeItem(feeding, item, { feed, key: `feed-${feed}-${item.rev}` }))) return LATER_AGAIN;
  }
  book.set({ feed, cursor, rev: to });
  standing.gone = 0;
  return { next: items.length > 0 ? 'more' : 'idle' };
}

const LATER_AGAIN: Next = { next: 'wait', ms: limits.feedLaterMs };

/**
 * One item. False where the box can't write now. An item that can't be read, or that breaks our own code, is said in
 * the log and passed: it must not stop those behind it.
 */
async function takeItem(
  feeding: Feeding,
  item: FeedItem,
  { feed, key, whole = false }: { readonly feed: string; readonly key: string; readonly whole?: boolean },
): Promise<boolean> {
  const { rev, op } = item;
  const place = { feed, rev };
  const unread = (refusal: Refusal) =>
    feeding.takeOver({ unread: { op: String(op).slice(0, 64), refusal } }, { ...place, key: `${key}-unread` });
  if (!feedItem.Check(item)) return isSettled(await unread('body_invalid'));
  const genuine = item.op === 'blob' && isGenuine(item, feeding);
  const answer = await feeding.takeOver({ item, whole, genuine }, { ...place, key });
  if (answer.ok || answer.refusal !== 'box_fault') return isSettled(answer);
  return isSettled(await unread('box_fault'));
}

function isSettled(answer: Answer): boolean {
  return answer.ok || !LATER.has(answer.refusal);
}

function takeGone({ book, standing }: Feeding, { feed }: Answered<'feed_gone'>): Next {
  const { feed: followed } = book.get();
  if (followed !== null && followed !== feed) book.bury(followed);
  if (book.isDead(feed)) return guarded(standing);
  book.set({ feed: null, cursor: null, rev: 0 });
  standing.snapshot = openSnapshot();
  standing.gone += 1;
  // The first time is a reset; again and again is a loop.
  return standing.gone === 1 ? { next: 'more' } : { next: 'wait', ms: backoff(standing.gone - 1) };
}

/** A feed that was declared dead is never followed again: what it says next may be another history under the same numbers. */
function guarded(standing: Standing): Next {
  standing.snapshot = null;
  standing.gone += 1;
  return { next: 'wait', ms: backoff(standing.gone) };
}

function backoff(times: number): number {
  return Math.min(limits.feedGoneMsMax, limits.feedGoneMsMin * 2 ** Math.min(times - 1, 20));
}

async function takePage(feeding: Feeding, answer: Answered<'snapshot'>): Promise<Next> {
  const { book, standing, taken } = feeding;
  const { feed, rev, cursor } = answer;
  if (book.isDead(feed)) return guarded(standing);
  standing.snapshot ??= openSnapshot();
  const items = standing.snapshot.add(answer, feeding);
  if (items === null) return { next: 'more' };
  for (const { item, digest } of items) {
    if (!(await takeItem(feeding, item, { feed, whole: true, key: `snapshot-${feed}-${rev}-${digest}` })))
      return again(standing);
  }
  for (const name of gone(taken(), items)) {
    const key = `forget-${feed}-${rev}-${name.coll}/${name.id}/${name.field}`;
    if (!isSettled(await feeding.takeOver({ forget: name }, { feed, rev, key }))) return again(standing);
  }
  book.set({ feed, cursor, rev });
  standing.snapshot = null;
  return { next: 'more' };
}

/** What was taken over of it stays; it is fetched anew, and the rest follows. */
function again(standing: Standing): Next {
  standing.snapshot = openSnapshot();
  return LATER_AGAIN;
}

/** Fields that a whole snapshot does not name any more: deleted while this box was away, or lost by a cloud that was put back. */
function gone(taken: readonly FieldName[], items: readonly { readonly item: FeedItem }[]): readonly FieldName[] {
  const named = new Set(
    items.flatMap(({ item }) =>
      item.op === 'set' ? Object.keys(item.fields).map((field) => `${item.coll}/${item.id}/${field}`) : [],
    ),
  );
  return taken.filter(({ coll, id, field }) => !named.has(`${coll}/${id}/${field}`));
}
