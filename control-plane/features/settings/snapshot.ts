import { hash } from 'node:crypto';
import { and, asc, desc, eq, gt, gte, isNotNull, isNull, ne, or } from 'drizzle-orm';
import {
  FEED_PROTO,
  SNAPSHOT_LINES_MAX,
  SNAPSHOT_PAGE_LINES,
  type FeedAnswer,
  type FeedNews,
  type SnapshotManifest,
  type SnapshotRequest,
} from '#shared/contract/feed.ts';
import type { SharedValue } from '#shared/domain/event.ts';
import {
  appliedEdit,
  clubCommand,
  dancerNote,
  feedSnapshot,
  restriction,
  sharedField,
  signedBlob,
} from '../../db/settings-schema.ts';
import { limits } from '../../limits.ts';
import { clubId } from '../../public-id.ts';
import { changeFeed, oldestKept, readStretch, type FeedChange, type OfClub, type Settings } from './feed-log.ts';
import { readCursor, writtenCursor } from './follow.ts';

type Row = typeof feedSnapshot.$inferSelect;

/**
 * All that the feed comes to, page by page. It is made once, with the counter locked, and kept: all pages are of one
 * moment, and a page that got lost can be asked for again. What came after it follows by the feed.
 */
export async function snapshot(cloud: Settings, of: OfClub, request: SnapshotRequest): Promise<FeedAnswer> {
  if (request.proto !== FEED_PROTO) return { s: 'proto_old', min: FEED_PROTO };
  // A page is named by the snapshot's place in the feed and, as the tag, its first line.
  const asked = request.page === null ? null : readCursor(request.page);
  const made = await changeFeed(cloud, of, (change) => keptOrNew(change));
  if (!made) throw new Error('A club has no feed');
  const lines = made.n === 0 ? [] : made.lines.split('\n');
  const same = asked?.feed === made.feed && asked.rev === made.rev;
  const at = same ? Math.min(Math.max(0, Number(asked.tag) || 0), lines.length) : 0;
  const end = at + SNAPSHOT_PAGE_LINES;
  const { feed, rev, tag, manifest } = made;
  return {
    s: 'snapshot',
    feed,
    rev,
    at,
    lines: lines.slice(at, end),
    manifest,
    page: end < lines.length ? writtenCursor({ feed, rev, tag: String(end) }) : null,
    cursor: writtenCursor({ feed, rev, tag }),
    cloudEpoch: cloud.epoch,
  };
}

async function keptOrNew(change: FeedChange): Promise<Row> {
  const { tenant, of, cloud, now } = change;
  const { db } = tenant;
  const mine = and(eq(feedSnapshot.org, of.org), eq(feedSnapshot.club, of.club));
  const [kept] = await db.select().from(feedSnapshot).where(mine);
  const stretch = await readStretch(tenant, of, { above: kept?.rev ?? 0, most: 1 });
  if (!stretch) throw new Error('A club has no feed');
  const { feed, rev, tag } = stretch.row;
  const fresh = kept?.feed === feed && kept.tag === stretch.tagThere && now - kept.madeAt < limits.snapshotKeptMs;
  if (kept && fresh) return kept;
  const items = await itemsOfClub(change);
  if (items.length > SNAPSHOT_LINES_MAX) throw new Error('A club shares more than a snapshot holds');
  const list = items.map((one) => JSON.stringify({ rev, ...one }));
  const lines = list.join('\n');
  const manifest: SnapshotManifest = {
    clubId: clubId(of.org, of.club),
    feed,
    rev,
    sha256: hash('sha256', lines, 'hex'),
    n: list.length,
    cloudEpoch: cloud.epoch,
    timeMs: now,
  };
  const signed = await cloud.receiptKey.signAs('clubops-manifest', manifest);
  const row: Row = { ...of, feed, rev, tag, madeAt: now, n: list.length, lines, manifest: signed };
  await db
    .insert(feedSnapshot)
    .values(row)
    .onConflictDoUpdate({ target: [feedSnapshot.org, feedSnapshot.club], set: row });
  return row;
}

async function itemsOfClub(change: FeedChange): Promise<readonly FeedNews[]> {
  return [
    ...(await fields(change)),
    ...(await restrictions(change)),
    ...(await notes(change)),
    ...(await commands(change)),
    ...(await blobs(change)),
    ...(await answers(change)),
  ];
}

/** A field that was deleted is not in it, so the box drops what it held of it. */
async function fields({ tenant, of }: FeedChange): Promise<FeedNews[]> {
  const held = and(eq(sharedField.org, of.org), eq(sharedField.club, of.club), gt(sharedField.fv, 0));
  const rows = await tenant.db
    .select()
    .from(sharedField)
    .where(and(held, ne(sharedField.value, 'null')))
    .orderBy(asc(sharedField.coll), asc(sharedField.id), asc(sharedField.field));
  return rows.map(({ coll, id, field, fv, value, edit }) => ({
    op: 'set' as const,
    coll,
    id,
    fields: { [field]: { value: JSON.parse(value) as SharedValue, fv, edit } },
  }));
}

/** Those of headquarters, and every lift of headquarters; the floor's own are in its log. */
async function restrictions({ tenant, of }: FeedChange): Promise<FeedNews[]> {
  const ours = or(eq(restriction.origin, 'hq'), eq(restriction.liftOrigin, 'hq'));
  const rows = await tenant.db
    .select()
    .from(restriction)
    .where(and(eq(restriction.org, of.org), eq(restriction.club, of.club), ours))
    .orderBy(asc(restriction.restriction));
  return rows.flatMap((row): FeedNews[] => {
    const { restriction: id, dancer, kind, reason, setBy, liftedBy, liftReason } = row;
    const set: FeedNews = { op: 'restrict', restriction: id, dancer, kind, reason, by: setBy };
    const lift: FeedNews = { op: 'lift', restriction: id, reason: liftReason ?? '', by: liftedBy ?? '' };
    return [...(row.origin === 'hq' ? [set] : []), ...(row.liftOrigin === 'hq' ? [lift] : [])];
  });
}

/** The newest; older ones are in the box's log, where it took them over. */
async function notes({ tenant, of }: FeedChange): Promise<FeedNews[]> {
  const ours = and(eq(dancerNote.org, of.org), eq(dancerNote.club, of.club), isNotNull(dancerNote.text));
  const rows = await tenant.db
    .select()
    .from(dancerNote)
    .where(ours)
    .orderBy(desc(dancerNote.writtenAt), asc(dancerNote.note))
    .limit(limits.snapshotNotesMax);
  return rows.map(({ note, dancer, text, writtenBy }) => ({
    op: 'note' as const,
    note,
    dancer,
    text: text ?? '',
    by: writtenBy,
  }));
}

/** What the box did not answer yet. */
async function commands({ tenant, of }: FeedChange): Promise<FeedNews[]> {
  const open = and(eq(clubCommand.org, of.org), eq(clubCommand.club, of.club), isNull(clubCommand.outcome));
  const rows = await tenant.db.select().from(clubCommand).where(open).orderBy(asc(clubCommand.sentAt));
  return rows.map(({ command, cmd, args, notAfter, sentBy }) => ({
    op: 'cmd' as const,
    id: command,
    cmd,
    args: JSON.parse(args) as Record<string, string>,
    notAfter,
    by: sentBy,
  }));
}

async function blobs({ tenant, of }: FeedChange): Promise<FeedNews[]> {
  const ours = and(eq(signedBlob.org, of.org), eq(signedBlob.club, of.club));
  const rows = await tenant.db.select().from(signedBlob).where(ours).orderBy(asc(signedBlob.coll));
  return rows.map(({ coll, ver, jws }) => ({ op: 'blob' as const, coll, ver, jws }));
}

/** What became of the floor's last edits: a box may have lost the answer with the feed that brought it. */
async function answers({ tenant, of, now }: FeedChange): Promise<FeedNews[]> {
  const mine = and(eq(appliedEdit.org, of.org), eq(appliedEdit.club, of.club), isNotNull(appliedEdit.answer));
  const rows = await tenant.db
    .select({ answer: appliedEdit.answer })
    .from(appliedEdit)
    .where(and(mine, gte(appliedEdit.at, oldestKept(now))))
    .orderBy(desc(appliedEdit.at))
    .limit(limits.snapshotAnswersMax);
  return rows.map(({ answer }) => JSON.parse(answer ?? 'null') as FeedNews);
}
