import { isUtf8 } from 'node:buffer';
import { genesisHash, nextHash } from '#shared/log/chain.ts';
import type { Sqlite } from '../db/open.ts';
import { openDates, type Dates } from './day-dates.ts';
import { witnesses, type Witnesses } from './witnesses.ts';

/** Where in a club's history something is wrong. `id` is null for a line that is gone, `day` is the date of the business day. */
export type WrongPlace = {
  readonly log: string;
  readonly seq: number;
  readonly id: string | null;
  readonly day: string | null;
};
export type Wrong = 'changed' | 'missing' | 'misplaced' | 'unreadable' | 'not_countersigned' | 'torn' | 'mismarked';
export type Verdict =
  | { readonly ok: true; readonly events: number; readonly head: string }
  | { readonly ok: false; readonly first: WrongPlace; readonly wrong: Wrong };

type LogRow = {
  readonly logId: string;
  readonly base: number;
  readonly parentLog: string | null;
  readonly parentSeq: number | null;
  readonly parentHash: string | null;
  readonly nodeId: string;
  readonly keyThumbprint: string;
};
/** The line comes as bytes: as text, SQLite would put a broken character right before anybody could see it. */
type EventRow = {
  readonly pos: number;
  readonly logId: string;
  readonly seq: number;
  readonly line: Buffer;
  readonly hash: Buffer;
};

/** Logs that begin at one place stand in the order in which they were begun. */
const LOGS = `SELECT log_id AS logId, base, parent_log AS parentLog, parent_seq AS parentSeq, parent_hash AS parentHash,
  node_id AS nodeId, key_thumbprint AS keyThumbprint FROM log ORDER BY base, rowid`;
const EVENTS = 'SELECT pos, log_id AS logId, seq, CAST(line AS BLOB) AS line, hash FROM event ORDER BY pos';

/** Recomputes a club's history from its lines and names the first line that is not as it was written. Reads only. */
export function verifyHistory(sqlite: Sqlite): Verdict {
  const logs = sqlite.prepare(LOGS).all() as LogRow[];
  const dates = openDates({ elsewhere: datesInTables(sqlite), fromTheFirst: true });
  const chain = openChain(logs, { dates, seen: witnesses(sqlite) });
  try {
    for (const row of sqlite.prepare(EVENTS).iterate() as IterableIterator<EventRow>) {
      const verdict = chain.next(row);
      if (verdict) return verdict;
    }
  } catch (error) {
    if (!isDamaged(error)) throw error;
    return chain.wrong('unreadable', null);
  }
  return chain.end();
}

/** Walks the mainline line by line; holds one line at a time. */
function openChain(logs: readonly LogRow[], { dates, seen }: { readonly dates: Dates; readonly seen: Witnesses }) {
  const rest = [...logs];
  const first = rest.shift();
  if (!first) throw new Error('This database holds no history.');
  let log = first;
  let head = { pos: log.base, seq: 0, hash: genesis(log) };
  let events = 0;

  const wrong = (what: Wrong, line: string | null): Verdict & { readonly ok: false } => {
    const id = line === null ? null : idIn(line);
    return { ok: false, first: { log: log.logId, seq: head.seq + 1, id, day: dates.near(line) }, wrong: what };
  };
  /** Goes on to the log that the row names, where that one grew out of the head. */
  const join = (logId: string): boolean => {
    while (log.logId !== logId) {
      const child = rest.shift();
      if (!child) return false;
      const joins = child.parentLog === log.logId && child.parentSeq === head.seq && child.base === head.pos;
      if (!joins || child.parentHash !== head.hash.toString('hex')) return false;
      log = child;
      head = { pos: child.base, seq: 0, hash: genesis(child) };
    }
    return true;
  };

  const next = (row: EventRow): Verdict | null => {
    const line = row.line.toString('utf8');
    if (row.pos > head.pos + 1) return wrong('missing', null);
    if (!join(row.logId) || row.seq !== head.seq + 1 || row.pos !== head.pos + 1) return wrong('misplaced', line);
    const hash = nextHash(head.hash, line);
    if (!isUtf8(row.line) || !hash.equals(row.hash)) return wrong('changed', line);
    if (seen.denies(log.logId, row.seq, hash)) return wrong('not_countersigned', line);
    if (!dates.follow(line, row.seq)) return wrong('misplaced', line);
    head = { pos: row.pos, seq: row.seq, hash };
    events += 1;
    return null;
  };
  /** The last logs may have no event yet; they, too, grew out of what is there. */
  const end = (): Verdict => {
    const isCut =
      !join(rest.at(-1)?.logId ?? log.logId) || seen.lastPos > head.pos || seen.ackedOf(log.logId) > head.seq;
    return isCut ? wrong('missing', null) : { ok: true, events, head: head.hash.toString('hex') };
  };
  return { next, end, wrong };
}

function genesis({ logId, parentLog, parentSeq, parentHash, nodeId, keyThumbprint }: LogRow): Buffer {
  const parent = parentLog === null ? null : { logId: parentLog, seq: parentSeq ?? 0, hash: parentHash ?? '' };
  return genesisHash({ logId, parent, nodeId, keyThumbprint });
}

function datesInTables(sqlite: Sqlite): (day: string) => string | null {
  const inTables = sqlite.prepare<[string], string>('SELECT date FROM business_day WHERE day = ?').pluck();
  return (day) => inTables.get(day) ?? null;
}

/** From the text, because a line that was changed need not be JSON any more. */
export function idIn(line: string): string | null {
  return /^.{0,48}?"id":"([^"]*)"/s.exec(line)?.[1] ?? null;
}

function isDamaged(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_CORRUPT');
}
