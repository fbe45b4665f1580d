import { asc, desc, eq, gte, sql } from 'drizzle-orm';
import { readLine, type LoggedEvent } from '#shared/contract/event-line.ts';
import { assert } from '#shared/kit/assert.ts';
import { genesisHash } from '#shared/log/chain.ts';
import type { Db } from '../db/open.ts';
import { event } from '../db/schema.ts';
import type { Log, Written } from './log.ts';
import type { Mainline } from './mainline.ts';

/** Screens prove where they stand by the beginning of the hash there. */
export function openShortHash(db: Db, log: Log): (pos: number) => string | null {
  const at = db
    .select({ hash: event.hash })
    .from(event)
    .where(eq(event.pos, sql.placeholder('pos')))
    .prepare();
  return (pos) => {
    const { pos: head, hash } = log.head();
    const found = pos === head ? hash : at.get({ pos })?.hash;
    return found?.toString('hex', 0, 8) ?? null;
  };
}

/** The wall clock at the last event; null where there is none. */
export function lastWall(db: Db): number | null {
  const last = db.select({ line: event.line }).from(event).orderBy(desc(event.pos)).limit(1).get();
  return last ? readLine(last.line).event.at.wall : null;
}

/** What happened after a place on the mainline, oldest first; null where that is more than `most`. */
export function openMissed(db: Db, own: Mainline): (since: number, most: number) => readonly Written[] | null {
  const from = db
    .select()
    .from(event)
    .where(gte(event.pos, sql.placeholder('since')))
    .orderBy(asc(event.pos))
    .limit(sql.placeholder('most'))
    .prepare();
  return (since, most) => {
    const rows = from.all({ since, most: most + 2 });
    // The row at the place itself is only there for its hash.
    const known = rows[0]?.pos === since ? rows.shift() : undefined;
    if (rows.length > most) return null;
    const begins = (logId: string): Buffer => {
      const log = own.segments().find((one) => one.logId === logId);
      assert(log !== undefined, 'an event stands in one of the logs');
      return genesisHash(log.genesis);
    };
    return rows.map((row, at) => {
      const before = at === 0 ? known : rows[at - 1];
      const prev = row.seq === 1 || !before ? begins(row.logId) : before.hash;
      const logged = readLine(row.line).event as LoggedEvent;
      return { ...row, event: logged, day: logged.day, prev };
    });
  };
}
