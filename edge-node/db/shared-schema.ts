import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { SharedValue } from '#shared/domain/event.ts';
import type { EditOutcome, Origin, RestrictionKind } from '#shared/domain/feed-words.ts';
import type { Waiting } from '#shared/domain/take-over.ts';

/** What headquarters and the floor share, and how far the box follows the feed. What each is for stands in the migration. */
export const sharedField = sqliteTable(
  'shared_field',
  {
    coll: text().notNull(),
    id: text().notNull(),
    field: text().notNull(),
    fv: integer().notNull(),
    value: text({ mode: 'json' }).$type<SharedValue>().notNull(),
    waiting: text({ mode: 'json' }).$type<Waiting>(),
    edit: text(),
    editValue: text('edit_value', { mode: 'json' }).$type<SharedValue>(),
  },
  (table) => [primaryKey({ columns: [table.coll, table.id, table.field] })],
);
export const restriction = sqliteTable('restriction', {
  restriction: text().primaryKey(),
  dancer: text().notNull(),
  kind: text().$type<RestrictionKind>().notNull(),
  reason: text().notNull(),
  origin: text().$type<Origin>().notNull(),
  setBy: text('set_by').notNull(),
  setAt: integer('set_at').notNull(),
  liftedBy: text('lifted_by'),
  liftReason: text('lift_reason'),
  liftedAt: integer('lifted_at'),
  reviewOn: text('review_on'),
  expiresOn: text('expires_on'),
});
export const dancerNote = sqliteTable('dancer_note', {
  note: text().primaryKey(),
  dancer: text().notNull(),
  origin: text().$type<Origin>().notNull(),
  writtenBy: text('written_by').notNull(),
  writtenAt: integer('written_at').notNull(),
  text: text().notNull(),
});
export const notice = sqliteTable('notice', {
  pos: integer().primaryKey(),
  kind: text().$type<'message' | 'waits' | 'not_taken' | Exclude<EditOutcome, 'accepted'>>().notNull(),
  coll: text(),
  id: text(),
  field: text(),
  text: text(),
  at: integer().notNull(),
});
export const feedCommand = sqliteTable('feed_command', {
  command: text().primaryKey(),
  cmd: text().notNull(),
  outcome: text().$type<'done' | 'refused' | 'expired'>().notNull(),
});
export const signedBlob = sqliteTable('signed_blob', {
  coll: text().primaryKey(),
  ver: integer().notNull(),
  jws: text().notNull(),
});
export const feedCursor = sqliteTable('feed_cursor', {
  id: text().primaryKey(),
  feed: text(),
  cursor: text(),
  rev: integer().notNull(),
});
export const deadFeed = sqliteTable('dead_feed', { feed: text().primaryKey() });
