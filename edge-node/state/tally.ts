import { eq, sql } from 'drizzle-orm';
import { readLine } from '#shared/contract/event-line.ts';
import type { StatementLine } from '#shared/contract/tally-api.ts';
import { accounts } from '#shared/domain/account.ts';
import type { TallyBodies } from '#shared/domain/tally-events.ts';
import type { Db } from '../db/open.ts';
import { danceTally, feeCap } from '../db/tally-schema.ts';
import type { Appliers } from './applier.ts';
import { values } from './values.ts';

type LedgerRow = { readonly cents: number; readonly line: string; readonly hash: Buffer };
/** `creditedCents` is what the club owed her of it, as a positive sum. */
type TypeSum = { readonly type: string; readonly cents: number; readonly creditedCents: number };

/** Her account is looked up by the index of dancers' accounts alone, so the bounds stand in the question. */
const OF_DANCER = "p.account = ? AND p.account > 'dancer:' AND p.account < 'dancer;'";

export function tallyReads(db: Db) {
  const { $client: sqlite } = db;
  const tally = db
    .select()
    .from(danceTally)
    .where(eq(danceTally.tally, sql.placeholder('tally')))
    .prepare();
  const ofAttendance = db
    .select()
    .from(danceTally)
    .where(eq(danceTally.attendance, sql.placeholder('attendance')))
    .prepare();
  const cap = db
    .select()
    .from(feeCap)
    .where(eq(feeCap.attendance, sql.placeholder('attendance')))
    .prepare();
  const ofNight = sqlite.prepare<[string, string], LedgerRow>(
    `SELECT p.cents, e.line, e.hash FROM posting AS p JOIN event AS e ON e.pos = p.pos
     WHERE ${OF_DANCER} AND p.day = ? ORDER BY p.pos, p.n`,
  );
  // What a void turned round counts against what it was, so that a year adds up what was not voided.
  const byType = sqlite.prepare<[string, string], TypeSum>(
    `SELECT coalesce(was.line, e.line) ->> '$.type' AS type, sum(p.cents) AS cents,
       -sum(CASE WHEN was.pos IS NULL THEN min(p.cents, 0) ELSE max(p.cents, 0) END) AS creditedCents
     FROM posting AS p JOIN event AS e ON e.pos = p.pos
     LEFT JOIN event AS was ON e.line ->> '$.type' = 'room_session.voided'
       AND was.pos = CAST(e.line ->> '$.body.corrects' AS INTEGER)
     WHERE ${OF_DANCER} AND p.day = ? GROUP BY 1`,
  );
  return {
    tally: (id: string) => tally.get({ tally: id }),
    /** In the order they were recorded. */
    ofAttendance: (attendance: string) =>
      ofAttendance.all({ attendance }).toSorted((a, b) => a.at - b.at || (a.tally < b.tally ? -1 : 1)),
    cap: (attendance: string) => cap.get({ attendance }),
    /** What a night did to a dancer's account, oldest first; the chain's hash (hex) at each. */
    statement: (dancer: string, day: string): readonly (StatementLine & { readonly hash: string })[] =>
      ofNight.all(accounts.dancer(dancer), day).map(({ cents, line, hash }) => {
        const { event } = readLine(line);
        const rule = (event.body as { readonly rule?: string }).rule ?? null;
        return { at: event.at.wall, event: event.id, type: event.type, cents, rule, hash: hash.toString('hex') };
      }),
    /** The same, summed by type of event, in cents; what was voided is taken off its own type. */
    sums: (dancer: string, day: string): readonly TypeSum[] => byType.all(accounts.dancer(dancer), day),
  };
}

export function tallyApply(db: Db): Appliers<keyof TallyBodies> {
  const put = db.insert(danceTally).values(values(danceTally)).prepare();
  const withdraw = db
    .update(danceTally)
    .set({ isWithdrawn: true })
    .where(eq(danceTally.tally, sql.placeholder('tally')))
    .prepare();
  const putCap = db
    .insert(feeCap)
    .values(values(feeCap))
    .onConflictDoUpdate({
      target: feeCap.attendance,
      set: { refundedCents: sql`${feeCap.refundedCents} + excluded.refunded_cents`, cap: sql`excluded.cap` },
    })
    .prepare();
  return {
    'dance_tally.recorded': ({ body }, { wall }) => void put.run({ ...body, at: wall, isWithdrawn: false }),
    'dance_tally.withdrawn': ({ body }) => void withdraw.run({ tally: body.tally }),
    'house_fee.capped': ({ body }) =>
      void putCap.run({ attendance: body.attendance, refundedCents: body.refundCents, cap: body.cap }),
  };
}
