import { eq } from 'drizzle-orm';
import { assert } from '#shared/kit/assert.ts';
import type { Db } from '../db/open.ts';
import { box, uplink, type RecoveryRow } from '../db/schema.ts';

export type UplinkRow = typeof uplink.$inferSelect;
/** How far the cloud has the log that is written now. Another log begins a page of its own. */
export type Book = {
  readonly get: () => UplinkRow;
  readonly set: (change: Partial<Omit<UplinkRow, 'logId'>>) => void;
};

export function openBook(db: Db, logIdNow: () => string): Book {
  const page = (logId: string): UplinkRow => {
    db.insert(uplink)
      .values({ logId, acked: 0, opened: false, cloudEpoch: null, receipt: null, halted: null })
      .onConflictDoNothing()
      .run();
    const row = db.select().from(uplink).where(eq(uplink.logId, logId)).get();
    assert(row !== undefined, 'the uplink has a row for its log');
    return row;
  };
  let known: UplinkRow | null = null;
  const get = (): UplinkRow => {
    const logId = logIdNow();
    if (known?.logId !== logId) known = page(logId);
    return known;
  };
  return {
    get,
    set: (change) => {
      const row = get();
      db.update(uplink).set(change).where(eq(uplink.logId, row.logId)).run();
      known = { ...row, ...change };
    },
  };
}

export type BoxRow = {
  readonly fenced: boolean;
  readonly cloudEpoch: number | null;
  readonly keysWanted: string | null;
  readonly recovery: RecoveryRow | null;
};
/** How this box stands to its club. */
export type BoxBook = {
  readonly get: () => BoxRow;
  readonly set: (change: Partial<BoxRow>) => void;
  /** After a rolled back transaction: what was set in it is not so. */
  readonly reload: () => void;
};

export function openBoxBook(db: Db): BoxBook {
  const ONLY = 'box';
  const read = (): BoxRow => {
    const row = db.select().from(box).where(eq(box.id, ONLY)).get();
    assert(row !== undefined, 'a box has its row');
    return row;
  };
  let known = read();
  return {
    get: () => known,
    set: (change) => {
      db.update(box).set(change).where(eq(box.id, ONLY)).run();
      known = { ...known, ...change };
    },
    reload: () => {
      known = read();
    },
  };
}
