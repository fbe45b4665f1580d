import { integer, primaryKey, real, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { CopyKind, CrateUse, DancerList } from '#shared/domain/track-events.ts';

/** What people decide of music. What each table is for stands in the migration. */
export const musicSetting = sqliteTable('music_setting', {
  id: text().primaryKey(),
  targetLufs: integer('target_lufs').notNull(),
  copy: text().$type<CopyKind>().notNull(),
  cooldownMin: integer('cooldown_min').notNull(),
  isCleanOnly: integer('is_clean_only').notNull(),
});
export const trackEdit = sqliteTable('track_edit', {
  track: text().primaryKey(),
  title: text(),
  artist: text(),
  genre: text(),
  bpm: real(),
  key: text(),
  explicit: text().$type<'explicit' | 'clean'>(),
  energy: integer(),
  trimDb: real('trim_db'),
  cueIn: real('cue_in'),
  cueOut: real('cue_out'),
});
export const crate = sqliteTable('crate', {
  crate: text().primaryKey(),
  name: text().notNull(),
  use: text().$type<CrateUse>().notNull(),
});
export const crateTrack = sqliteTable(
  'crate_track',
  { crate: text().notNull(), track: text().notNull(), pos: integer().notNull() },
  (table) => [primaryKey({ columns: [table.crate, table.track] })],
);
export const dancerSong = sqliteTable(
  'dancer_song',
  {
    dancer: text().notNull(),
    track: text().notNull(),
    list: text().$type<DancerList>().notNull(),
    pos: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.dancer, table.track] })],
);
