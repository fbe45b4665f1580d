import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { DocumentKind, Eligibility, Override, PolicyPack } from '#shared/domain/policy-words.ts';

/** The tables of papers and policy. */
export const identityCheck = sqliteTable('identity_check', {
  identity: text().primaryKey(),
  dancer: text().notNull(),
  document: text().$type<DocumentKind>().notNull(),
  expiresOn: text('expires_on'),
  checkedBy: text('checked_by').notNull(),
  checkedAt: integer('checked_at').notNull(),
  issuer: text().notNull(),
  last4: text().notNull(),
});
export const policyPack = sqliteTable(
  'policy_pack',
  {
    pack: text().notNull(),
    version: integer().notNull(),
    body: text({ mode: 'json' }).$type<PolicyPack>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.pack, table.version] })],
);
export const clubPolicy = sqliteTable('club_policy', {
  effectiveFrom: text('effective_from').primaryKey(),
  policy: text().notNull(),
  pack: text().notNull(),
  servesAlcohol: integer('serves_alcohol', { mode: 'boolean' }).notNull(),
  minimumAgeYears: integer('minimum_age_years'),
});
export const checkInOverride = sqliteTable('check_in_override', {
  pos: integer().primaryKey(),
  day: text(),
  at: integer().notNull(),
  attendance: text().notNull(),
  dancer: text().notNull(),
  eligibility: text({ mode: 'json' }).$type<Eligibility>().notNull(),
  body: text({ mode: 'json' }).$type<Override>().notNull(),
});
