import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { Engagement } from '#shared/domain/event.ts';
import type { InvitationState } from '#shared/domain/onboarding.ts';

/** Who was asked to fill in. What the table is for stands in the migration. */
export const invitation = sqliteTable('invitation', {
  invitation: text().primaryKey(),
  codeHash: text('code_hash').notNull(),
  expiresAt: integer('expires_at').notNull(),
  state: text().$type<InvitationState>().notNull(),
  engagement: text().$type<Engagement>(),
  stageName: text('stage_name'),
  legalName: text('legal_name'),
  birthDate: text('birth_date'),
});
