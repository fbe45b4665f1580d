import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { DrawerReport, NightReport } from '#shared/domain/cash-events.ts';
import type { MoveKind } from '#shared/domain/drawer-report.ts';
import type { TipOutState } from '#shared/domain/tip-out.ts';

/** The tables about cash, as the migration makes them. What each is for stands there. */
export const cashLimit = sqliteTable('cash_limit', {
  id: text().primaryKey(),
  paidOutCents: integer('paid_out_cents'),
  overShortCents: integer('over_short_cents'),
  drawerCents: integer('drawer_cents'),
});
export const drawerMove = sqliteTable(
  'drawer_move',
  {
    pos: integer().notNull(),
    drawerSession: text('drawer_session').notNull(),
    kind: text().$type<MoveKind>().notNull(),
    cents: integer().notNull(),
    reason: text(),
    day: text(),
  },
  (table) => [primaryKey({ columns: [table.drawerSession, table.pos, table.kind] })],
);
export const tipOut = sqliteTable('tip_out', {
  tipOut: text('tip_out').primaryKey(),
  dancer: text().notNull(),
  to: text('to_staff').notNull(),
  cents: integer().notNull(),
  state: text().$type<TipOutState>().notNull(),
  proposedBy: text('proposed_by').notNull(),
});
export const nightPlace = sqliteTable('night_place', {
  day: text().primaryKey(),
  fromPos: integer('from_pos').notNull(),
  toPos: integer('to_pos'),
});
export const zReport = sqliteTable('z_report', {
  pos: integer().primaryKey(),
  scope: text().$type<'drawer' | 'night'>().notNull(),
  owner: text().notNull(),
  z: integer().notNull(),
  day: text(),
  at: integer().notNull(),
  report: text({ mode: 'json' }).$type<DrawerReport | NightReport>().notNull(),
});
export const cashReceipt = sqliteTable('cash_receipt', {
  pos: integer().primaryKey(),
  payer: text().notNull(),
  cents: integer().notNull(),
  at: integer().notNull(),
});
