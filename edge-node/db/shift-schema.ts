import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { FeeWindow } from '#shared/domain/shift-events.ts';
import type { ShiftState, SwapState } from '#shared/domain/shift.ts';

/** Shifts, breaks and fee schedules. What each table is for stands in the migration. */
export const shift = sqliteTable('shift', {
  shift: text().primaryKey(),
  dancer: text().notNull(),
  date: text().notNull(),
  fromMinutes: integer('from_minutes').notNull(),
  state: text().$type<ShiftState>().notNull(),
});
export const shiftSwap = sqliteTable('shift_swap', {
  swap: text().primaryKey(),
  shift: text().notNull(),
  to: text('to_dancer').notNull(),
  state: text().$type<SwapState>().notNull(),
});
export const onBreak = sqliteTable('on_break', {
  dancer: text().primaryKey(),
  attendance: text().notNull(),
  since: integer().notNull(),
});
export const feeSchedule = sqliteTable('fee_schedule', {
  effectiveFrom: text('effective_from').primaryKey(),
  windows: text({ mode: 'json' }).$type<readonly FeeWindow[]>().notNull(),
});
export const feePass = sqliteTable('fee_pass', {
  pass: text().primaryKey(),
  dancer: text().notNull(),
  usedFor: text('used_for'),
});
