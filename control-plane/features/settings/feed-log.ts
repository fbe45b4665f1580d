import { and, asc, desc, eq, lt, lte, sql } from 'drizzle-orm';
import { TOMBSTONE_DAYS, type FeedItem, type FeedNews } from '#shared/contract/feed.ts';
import type { CloudCore } from '../../cloud.ts';
import { club } from '../../db/schema.ts';
import { feed, feedItem } from '../../db/settings-schema.ts';
import { inTenant, type Tenant } from '../../db/tenant.ts';
import type { Bell } from './bell.ts';

export type OfClub = { readonly org: number; readonly club: number };
export type Settings = CloudCore & { readonly bell: Bell };
export type FeedRow = typeof feed.$inferSelect;
/** A change of what a club shares, in one transaction with the feed's counter locked: others wait, so what is read here stays. */
export type FeedChange = {
  readonly tenant: Tenant;
  readonly of: OfClub;
  readonly cloud: Settings;
  /** Epoch milliseconds; one moment for the whole change. */
  readonly now: number;
  /** Adds a revision, which is committed with the change. Answers its number. */
  readonly tell: (news: FeedNews) => number;
  /** Declares the feed dead: every box takes a snapshot. */
  readonly reset: () => void;
  /** A part that leaves no trace where it breaks; answers the error then, null otherwise. */
  readonly part: (body: () => Promise<void>) => Promise<unknown>;
};

const DAY_MS = 86_400_000;
const FEED_ID_BYTES = 9;
const TAG_BYTES = 6;
/** Old items are cleared away once in so many revisions. */
const TRIM_EVERY = 256;

export const clubKey = ({ org, club: of }: OfClub): string => `${org}/${of}`;
export const ofClubRow = ({ org, club: of }: OfClub) => and(eq(feed.org, org), eq(feed.club, of));

/** Runs `body` with the club's counter locked. Null where there is no such club. Rings for those who wait, after the commit. */
export async function changeFeed<T>(
  cloud: Settings,
  of: OfClub,
  body: (change: FeedChange) => Promise<T>,
): Promise<T | null> {
  const done = await inTenant(cloud.pool, of.org, (tenant) => changeFeedIn(cloud, { tenant, of }, body));
  if (done?.told === true) cloud.bell.ring(clubKey(of));
  return done && done.result;
}

/** The same, inside a transaction that is there already. The caller rings after its commit where something was told. */
export async function changeFeedIn<T>(
  cloud: Settings,
  { tenant, of }: { readonly tenant: Tenant; readonly of: OfClub },
  body: (change: FeedChange) => Promise<T>,
): Promise<{ readonly result: T; readonly told: boolean } | null> {
  const row = await lockFeed(cloud, tenant, of);
  if (!row) return null;
  const news: FeedNews[] = [];
  const state = { reset: false };
  const change: FeedChange = {
    tenant,
    of,
    cloud,
    now: cloud.clock(),
    tell: (one) => row.rev + news.push(one),
    reset: () => {
      state.reset = true;
    },
    part: async (work) => {
      const told = news.length;
      await tenant.client.query('SAVEPOINT part');
      try {
        await work();
        await tenant.client.query('RELEASE part');
        return null;
      } catch (error) {
        // Fails too, and with it all, when what broke was the connection and not the part.
        await tenant.client.query('ROLLBACK TO part');
        news.length = told;
        return error;
      }
    },
  };
  const result = await body(change);
  if (state.reset) await resetFeed(cloud, tenant, row);
  await append(change, state.reset ? 0 : row.trimmed, { row, news });
  return { result, told: news.length > 0 || state.reset };
}

/** The counter, locked until the transaction ends; made where the club has none. A cloud that was restored begins a new feed. */
async function lockFeed(cloud: Settings, tenant: Tenant, of: OfClub): Promise<FeedRow | null> {
  const { db } = tenant;
  const find = () => db.select().from(feed).where(ofClubRow(of)).for('update');
  let [row] = await find();
  if (!row) {
    const [known] = await db
      .select({ club: club.club })
      .from(club)
      .where(and(eq(club.org, of.org), eq(club.club, of.club)));
    if (!known) return null;
    const tag = newTag(cloud);
    const fresh = { ...of, feed: newFeedId(cloud), epoch: cloud.epoch, tag, trimmedTag: tag };
    await db.insert(feed).values(fresh).onConflictDoNothing();
    [row] = await find();
  }
  if (!row) throw new Error('A feed was not inserted');
  return row.epoch === cloud.epoch ? row : resetFeed(cloud, tenant, row);
}

/** What stood in the dead feed goes: nobody may follow it any more. The count goes on, so that a revision names one thing. */
async function resetFeed(cloud: Settings, { db }: Tenant, row: FeedRow): Promise<FeedRow> {
  const tag = newTag(cloud);
  const fresh = { feed: newFeedId(cloud), epoch: cloud.epoch, tag, trimmed: row.rev, trimmedTag: tag };
  await db.update(feed).set(fresh).where(ofClubRow(row));
  await db.delete(feedItem).where(itemsOf(row));
  return { ...row, ...fresh };
}

async function append(
  { cloud, tenant, of, now }: FeedChange,
  trimmed: number,
  { row, news }: { readonly row: FeedRow; readonly news: readonly FeedNews[] },
): Promise<void> {
  if (news.length === 0) return;
  const { db } = tenant;
  const rows = news.map((one, at) => {
    const rev = row.rev + at + 1;
    return { ...of, rev, tag: newTag(cloud), at: now, item: JSON.stringify({ rev, ...one } as FeedItem) };
  });
  const last = rows.at(-1);
  if (!last) return;
  await db.insert(feedItem).values(rows);
  await db.update(feed).set({ rev: last.rev, tag: last.tag }).where(ofClubRow(of));
  if (Math.floor(last.rev / TRIM_EVERY) > Math.floor(row.rev / TRIM_EVERY)) await trim(tenant, of, { now, trimmed });
}

/** Clears away what is older than the tombstones' life. A box that follows from there takes a snapshot. */
async function trim(
  { db }: Tenant,
  of: OfClub,
  { now, trimmed }: { readonly now: number; readonly trimmed: number },
): Promise<void> {
  const [last] = await db
    .select({ rev: feedItem.rev, tag: feedItem.tag })
    .from(feedItem)
    .where(and(itemsOf(of), lt(feedItem.at, oldestKept(now))))
    .orderBy(desc(feedItem.rev))
    .limit(1);
  if (!last || last.rev <= trimmed) return;
  await db.delete(feedItem).where(and(itemsOf(of), lte(feedItem.rev, last.rev)));
  await db.update(feed).set({ trimmed: last.rev, trimmedTag: last.tag }).where(ofClubRow(of));
}

export const oldestKept = (now: number): number => now - TOMBSTONE_DAYS * DAY_MS;
const itemsOf = (of: OfClub) => and(eq(feedItem.org, of.org), eq(feedItem.club, of.club));
const newFeedId = (cloud: CloudCore): string => `fd_${cloud.random(FEED_ID_BYTES).toString('base64url')}`;
const newTag = (cloud: CloudCore): string => cloud.random(TAG_BYTES).toString('base64url');

export type Stretch = {
  readonly row: FeedRow;
  /** The tag at the asked revision; null where it is not there. */
  readonly tagThere: string | null;
  readonly items: readonly { readonly rev: number; readonly tag: string; readonly at: number; readonly item: string }[];
};

/** Feed and items above a revision, as of one moment: one statement, so that no reset falls between them. */
export async function readStretch(
  { db }: Tenant,
  of: OfClub,
  { above, most }: { readonly above: number; readonly most: number },
): Promise<Stretch | null> {
  const rows = await db
    .select({ feed, rev: feedItem.rev, tag: feedItem.tag, at: feedItem.at, item: feedItem.item })
    .from(feed)
    .leftJoin(feedItem, and(eq(feedItem.org, feed.org), eq(feedItem.club, feed.club), sql`${feedItem.rev} >= ${above}`))
    .where(ofClubRow(of))
    .orderBy(asc(feedItem.rev))
    .limit(most + 1);
  const row = rows[0]?.feed;
  if (!row) return null;
  const items = rows.flatMap(({ rev, tag, at, item }) =>
    rev === null || tag === null || at === null || item === null ? [] : [{ rev, tag, at, item }],
  );
  const there = items.find(({ rev }) => rev === above);
  const atEnds = above === row.rev ? row.tag : above === row.trimmed ? row.trimmedTag : null;
  return { row, tagThere: there?.tag ?? atEnds, items: items.filter(({ rev }) => rev > above).slice(0, most) };
}
