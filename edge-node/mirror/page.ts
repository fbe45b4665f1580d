import { EVENT_LINE_BYTES_MAX } from '#shared/contract/event-line.ts';
import { EACH_DIGITS, markFrom } from '#shared/log/segment.ts';
import type { Sqlite } from '../db/open.ts';
import { limits } from '../limits.ts';

/** Lines of one log that follow one another, and the mark that bears them out: what one write adds to the mirror. */
export type Page = {
  /** Its first event's log and number there. */
  readonly logId: string;
  readonly seq: number;
  /** The last event's place on the mainline. */
  readonly upto: number;
  /** Good until the next page is made. */
  readonly bytes: Buffer;
};
type Row = {
  readonly pos: number;
  readonly logId: string;
  readonly seq: number;
  readonly line: string;
  readonly digits: string;
};

const MARK_BYTES_MAX = 512 + limits.mirrorWriteEventsMax * EACH_DIGITS;
const ROOM_BYTES = limits.mirrorWriteBytesMax + EVENT_LINE_BYTES_MAX + MARK_BYTES_MAX;

/**
 * Makes the page that follows on a place; null where nothing does. All pages are made in the same memory: a copy of each would
 * keep the garbage collector at work beside the floor.
 */
export function openPages(sqlite: Sqlite, key: Buffer): (place: number) => Page | null {
  const rows = sqlite.prepare<[number, number], Row>(
    `SELECT pos, log_id AS logId, seq, line, lower(hex(substr(hash, 1, ${EACH_DIGITS / 2}))) AS digits
     FROM event WHERE pos > ? ORDER BY pos LIMIT ?`,
  );
  const hashAt = sqlite.prepare<[number], string>('SELECT lower(hex(hash)) FROM event WHERE pos = ?').pluck();
  const room = Buffer.allocUnsafe(ROOM_BYTES);

  return (place) => {
    const some = rows.all(place, limits.mirrorWriteEventsMax);
    const [first] = some;
    if (!first) return null;
    let last = first;
    let each = '';
    let size = 0;
    for (const row of some) {
      if (row.logId !== first.logId || size >= limits.mirrorWriteBytesMax) break;
      size += room.write(`${row.line}\n`, size);
      each += row.digits;
      last = row;
    }
    const { logId, seq } = last;
    size += room.write(`${markFrom({ logId, seq, hash: hashAt.get(last.pos) ?? '' }, each, key)}\n`, size);
    return { logId, seq: first.seq, upto: last.pos, bytes: room.subarray(0, size) };
  };
}
