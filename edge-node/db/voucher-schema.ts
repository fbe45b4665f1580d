import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { PayMethod } from '#shared/domain/event.ts';
import type { VoucherState } from '#shared/domain/voucher.ts';

/** The club's own money. What the table is for stands in the migration. */
export const voucher = sqliteTable('voucher', {
  voucher: text().primaryKey(),
  state: text().$type<VoucherState>().notNull(),
  denominationCents: integer('denomination_cents').notNull(),
  feeCents: integer('fee_cents').notNull(),
  method: text().$type<PayMethod>().notNull(),
  expiresOn: text('expires_on'),
  soldAt: integer('sold_at').notNull(),
  redeemedBy: text('redeemed_by'),
  redeemedDay: text('redeemed_day'),
  /** As it was sold; null until it is redeemed where the sale did not say it. */
  discountCents: integer('discount_cents'),
});
