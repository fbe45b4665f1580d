import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { Engagement } from '#shared/domain/event.ts';
import type { AgreementKind, ImageType } from '#shared/domain/roster-events.ts';

/** What a dancer has beside her one row. What each is for stands in the migration. */
export const stageNameFurther = sqliteTable(
  'stage_name_further',
  { dancer: text().notNull(), stageName: text('stage_name').notNull() },
  (table) => [primaryKey({ columns: [table.dancer, table.stageName] })],
);
export const engagement = sqliteTable(
  'engagement',
  {
    dancer: text().notNull(),
    effectiveFrom: text('effective_from').notNull(),
    engagement: text().$type<Engagement>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.dancer, table.effectiveFrom] })],
);
export const agreement = sqliteTable('agreement', {
  agreement: text().primaryKey(),
  dancer: text().notNull(),
  kind: text().$type<AgreementKind>().notNull(),
  version: text().notNull(),
  textHash: text('text_hash').notNull(),
  signedAt: integer('signed_at').notNull(),
  takenBy: text('taken_by').notNull(),
  signature: text().notNull(),
});
export const image = sqliteTable('image', {
  image: text().primaryKey(),
  dancer: text().notNull(),
  credential: text(),
  hash: text().notNull(),
  bytes: integer().notNull(),
  type: text().$type<ImageType>().notNull(),
  attachedAt: integer('attached_at').notNull(),
});
