import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { FeatureState } from '#shared/domain/feature.ts';
import type { OverrideKind, OverrideReason, RotationMode, SkipReason } from '#shared/domain/rotation-events.ts';

/** The rotations beside their entries and sets. What each table is for stands in the migration. */
export const rotationSetting = sqliteTable('rotation_setting', {
  id: text().primaryKey(),
  mode: text().$type<RotationMode>().notNull(),
  songsPerSet: integer('songs_per_set').notNull(),
  callTimeoutS: integer('call_timeout_s').notNull(),
});
export const setPartner = sqliteTable('set_partner', {
  dancer: text().primaryKey(),
  set: text('stage_set').notNull(),
  entry: text().notNull(),
});
export const feature = sqliteTable('feature', {
  feature: text().primaryKey(),
  stage: text().notNull(),
  dancer: text().notNull(),
  showsAt: integer('shows_at').notNull(),
  state: text().$type<FeatureState>().notNull(),
});
export const rotationOverride = sqliteTable('rotation_override', {
  pos: integer().primaryKey(),
  day: text(),
  kind: text().$type<OverrideKind | 'skipped' | 'removed'>().notNull(),
  entry: text().notNull(),
  stage: text(),
  dancer: text().notNull(),
  reason: text().$type<OverrideReason | SkipReason>(),
});
