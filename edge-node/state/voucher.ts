import { desc, eq, sql } from 'drizzle-orm';
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
  return {
    voucher: (id: string) => byId.get({ voucher: id }),
    /** The newest first. */
    circulating: () => circulating.all(),
  };
}

export function voucherApply(db: Db): Appliers<keyof VoucherBodies> {
  const put = db.insert(voucher).values(values(voucher)).prepare();
  const set = db
    .update(voucher)
    .set({ state: sql`${sql.placeholder('state')}` })
    .where(eq(voucher.voucher, sql.placeholder('voucher')))
    .prepare();
  return {
    'voucher.sold': ({ body }, { wall }) => {
      for (const one of body.vouchers) put.run({ ...body, voucher: one, state: 'CIRCULATING', soldAt: wall });
    },
    'voucher.redeemed': ({ body }) => void set.run({ voucher: body.voucher, state: 'REDEEMED' }),
    'voucher.voided': ({ body }) => void set.run({ voucher: body.voucher, state: 'VOID' }),
  };
}
