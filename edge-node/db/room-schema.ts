import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { PayMethod, Posting } from '#shared/domain/event.ts';
import type { SessionAnswer } from '#shared/domain/room-dispute.ts';

/** What dancers say of their sessions, and what a settlement booked. What each table is for stands in the migration. */
export const sessionAnswer = sqliteTable(
  'session_answer',
  {
    session: text().notNull(),
    dancer: text().notNull(),
    answer: text().$type<SessionAnswer>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.session, table.dancer] })],
);
export const sessionStep = sqliteTable('session_step', {
  pos: integer().primaryKey(),
  session: text().notNull(),
  type: text().notNull(),
});
export const sessionSettlement = sqliteTable('session_settlement', {
  session: text().primaryKey(),
  pos: integer().notNull(),
  method: text().$type<PayMethod>(),
  postings: text({ mode: 'json' }).$type<readonly Posting[]>().notNull(),
});
