import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { ReservationState } from '#shared/domain/reservation.ts';

/** Plays, counts, acknowledgements and reservations. What each table is for stands in the migration. */
export const play = sqliteTable('play', {
  play: text().primaryKey(),
  track: text(),
  title: text().notNull(),
  startedAt: integer('started_at').notNull(),
  endedAt: integer('ended_at').notNull(),
});
export const danceCount = sqliteTable('dance_count', {
  session: text().primaryKey(),
  hostDances: integer('host_dances').notNull(),
  dances: integer(),
  reason: text(),
});
export const acknowledgement = sqliteTable('acknowledgement', {
  session: text().primaryKey(),
  pos: integer().notNull(),
  at: integer().notNull(),
  witness: text().notNull(),
  processorRef: text('processor_ref'),
  last4: text(),
  signature: text(),
});
export const reservation = sqliteTable('reservation', {
  reservation: text().primaryKey(),
  room: text().notNull(),
  at: integer().notNull(),
  minutes: integer().notNull(),
  state: text().$type<ReservationState>().notNull(),
});
