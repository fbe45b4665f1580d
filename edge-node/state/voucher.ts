import { and, desc, eq, sql } from 'drizzle-orm';
import type { VoucherBodies } from '#shared/domain/voucher-events.ts';
import type { Db } from '../db/open.ts';
import { voucher } from '../db/voucher-schema.ts';
import type { Appliers } from './applier.ts';
import { values } from './values.ts';

const LISTED_MAX = 1_000;

export function voucherReads(db: Db) {
  const byId = db
    .select()
    .from(voucher)
    .where(eq(voucher.voucher, sql.placeholder('voucher')))
    .prepare();
  const circulating = db
    .select()
    .from(voucher)
    .where(sql`${voucher.state} = 'CIRCULATING'`)
    .orderBy(desc(voucher.voucher))
    .limit(LISTED_MAX)
    .prepare();
  const redeemed = db
    .select()
    .from(voucher)
    .where(and(eq(voucher.redeemedBy, sql.placeholder('dancer')), eq(voucher.redeemedDay, sql.placeholder('day'))))
    .orderBy(voucher.voucher)
    .prepare();
  return {
    voucher: (id: string) => byId.get({ voucher: id }),
    /** The newest first. */
    circulating: () => circulating.all(),
    /** What a dancer brought in a night, to her balance or for cash. */
    redeemedBy: (dancer: string, day: string) => redeemed.all({ dancer, day }),
  };
}

export function voucherApply(db: Db): Appliers<keyof VoucherBodies> {
  const put = db.insert(voucher).values(values(voucher)).prepare();
  const set = db
    .update(voucher)
    .set({ state: sql`${sql.placeholder('state')}` })
    .where(eq(voucher.voucher, sql.placeholder('voucher')))
    .prepare();
  const redeem = db
    .update(voucher)
    .set({
      state: 'REDEEMED',
      redeemedBy: sql`${sql.placeholder('dancer')}`,
      redeemedDay: sql`${sql.placeholder('day')}`,
      discountCents: sql`${sql.placeholder('discountCents')}`,
    })
    .where(eq(voucher.voucher, sql.placeholder('voucher')))
    .prepare();
  return {
    'voucher.sold': ({ body }, { wall }) => {
      const notYet = { redeemedBy: null, redeemedDay: null };
      for (const one of body.vouchers)
        put.run({ ...body, ...notYet, voucher: one, state: 'CIRCULATING', soldAt: wall });
    },
    'voucher.redeemed': ({ body }, { day }) => void redeem.run({ ...body, day }),
    'voucher.voided': ({ body }) => void set.run({ voucher: body.voucher, state: 'VOID' }),
  };
}
