import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { CappedFee } from '#shared/domain/fee-cap.ts';
import type { DanceArea } from '#shared/domain/tally-events.ts';

/** Dances that were counted, and what they made of a fee. What each table is for stands in the migration. */
export const danceTally = sqliteTable('dance_tally', {
  tally: text().primaryKey(),
  attendance: text().notNull(),
  dancer: text().notNull(),
  area: text().$type<DanceArea>().notNull(),
  dances: integer().notNull(),
  priceCents: integer('price_cents').notNull(),
  at: integer().notNull(),
  isWithdrawn: integer('is_withdrawn', { mode: 'boolean' }).notNull(),
});
export const feeCap = sqliteTable('fee_cap', {
  attendance: text().primaryKey(),
  refundedCents: integer('refunded_cents').notNull(),
  cap: text({ mode: 'json' }).$type<CappedFee>().notNull(),
});
