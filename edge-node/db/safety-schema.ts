import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { EntryCategory, EntryKind } from '#shared/domain/door-events.ts';
import type { RecordKind, RecordState } from '#shared/domain/safety-words.ts';

/** The door, and what is written down for safety. What each table is for stands in the migration. */
export const area = sqliteTable('area', {
  area: text().primaryKey(),
  name: text().notNull(),
  limit: integer('people_limit').notNull(),
});
export const occupancy = sqliteTable(
  'occupancy',
  { day: text().notNull(), area: text().notNull(), people: integer().notNull() },
  (table) => [primaryKey({ columns: [table.day, table.area] })],
);
export const doorEvent = sqliteTable('door_event', {
  pos: integer().primaryKey(),
  day: text().notNull(),
  type: text().$type<'door.entered' | 'door.left' | 'door.moved' | 'door.refused' | 'occupancy.corrected'>().notNull(),
  kind: text().$type<EntryKind>(),
  category: text().$type<EntryCategory>(),
  people: integer().notNull(),
  paidCents: integer('paid_cents').notNull(),
});
export const safetyRecord = sqliteTable('safety_record', {
  record: text().primaryKey(),
  pos: integer().notNull(),
  kind: text().$type<RecordKind>().notNull(),
  state: text().$type<RecordState>().notNull(),
  night: text(),
  at: integer().notNull(),
  clockAt: integer('clock_at'),
  root: text(),
  facts: text({ mode: 'json' }).$type<object>().notNull(),
  /** 1 or 0; no boolean, because drizzle would write null as 0. */
  credible: integer(),
  startsOn: text('starts_on'),
  minUntil: text('min_until'),
  expiresOn: text('expires_on'),
  reviewOn: text('review_on'),
  erasedAt: integer('erased_at'),
});
export const recordPerson = sqliteTable(
  'record_person',
  { person: text().notNull(), record: text().notNull() },
  (table) => [primaryKey({ columns: [table.person, table.record] })],
);
export const recordText = sqliteTable(
  'record_text',
  { record: text().notNull(), field: text().notNull(), sealed: text().notNull() },
  (table) => [primaryKey({ columns: [table.record, table.field] })],
);
export const recordNote = sqliteTable('record_note', {
  note: text().primaryKey(),
  record: text().notNull(),
  pos: integer().notNull(),
  at: integer().notNull(),
});
