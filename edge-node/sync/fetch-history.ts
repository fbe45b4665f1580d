import { genesisHash, nextHash } from '#shared/log/chain.ts';
import { lineHead } from '#shared/log/line.ts';
import type { MainlineSegment } from '#shared/contract/uplink.ts';
import { hot } from '../db/hot.ts';
import type { Db } from '../db/open.ts';
import { incoming } from '../db/schema.ts';
import { limits } from '../limits.ts';
import { values } from '../state/values.ts';

/** Some lines of a log, from the one asked for on; at least one. */
export type AskLines = (
  logId: string,
  range: { readonly from: number; readonly to: number },
) => Promise<readonly string[]>;
/** A place on the mainline: `nth` of its logs, number in that log, number on the mainline, the chain's hash there. */
type At = { readonly nth: number; readonly seq: number; readonly pos: number; readonly hash: Buffer };
type Kept = Omit<At, 'nth'> & { readonly logId: string };

/**
 * Brings the lines of the cloud's mainline behind a common place into `incoming`, page by page, each checked to join the
 * chain up to the hash that the cloud named. What was fetched before a cut is not fetched again. Throws where the lines
 * are not what the cloud said.
 */
export function openFetchHistory(
  db: Db,
): (common: At | null, segments: readonly MainlineSegment[], ask: AskLines) => Promise<void> {
  const kept = openKept(db);
  return async (common, segments, ask) => {
    const begin = kept.goOn(common?.pos ?? 0, segments) ?? common;
    let pos = begin?.pos ?? 0;
    for (const [nth, segment] of segments.entries()) {
      if (begin && nth < begin.nth) continue;
      let at: At = begin?.nth === nth ? begin : { nth, seq: 0, pos, hash: genesisHash(segment) };
      while (at.seq < segment.upto) {
        const to = Math.min(segment.upto, at.seq + limits.uplinkLinesMax);
        const lines = await ask(segment.logId, { from: at.seq + 1, to });
        if (lines.length === 0 || lines.length > to - at.seq) throw new Error('The cloud sent other lines.');
        at = kept.store(segment.logId, at, lines);
      }
      if (at.hash.toString('hex') !== segment.hash) {
        kept.clear();
        throw new Error('The lines that the cloud sent do not make the hash that it named.');
      }
      pos = at.pos;
    }
  };
}

/** What was fetched so far, on the disk. */
function openKept(db: Db) {
  const { $client: sqlite } = db;
  const put = hot(db, db.insert(incoming).values(values(incoming)));
  const last = sqlite.prepare<[], Kept>(
    'SELECT pos, log_id AS logId, seq, hash FROM incoming ORDER BY pos DESC LIMIT 1',
  );
  const first = sqlite.prepare<[], number | null>('SELECT min(pos) FROM incoming').pluck();
  const clear = sqlite.prepare('DELETE FROM incoming');
  return {
    clear: () => void clear.run(),
    /** Where an earlier fetch of the same part stopped. What is none of it goes. */
    goOn: (commonPos: number, segments: readonly MainlineSegment[]): At | null => {
      const row = last.get();
      const at = row && first.get() === commonPos + 1 ? placeOf(row, segments) : null;
      if (row && !at) clear.run();
      return at;
    },
    store: sqlite.transaction((logId: string, after: At, lines: readonly string[]): At => {
      let at = after;
      for (const line of lines) {
        at = { ...at, pos: at.pos + 1, seq: at.seq + 1, hash: nextHash(at.hash, line) };
        if (lineHead(line)?.seq !== at.seq) throw new Error('The cloud sent other lines.');
        put.run({ ...at, logId, line });
      }
      return at;
    }),
  };
}

function placeOf({ logId, ...at }: Kept, segments: readonly MainlineSegment[]): At | null {
  const nth = segments.findIndex((segment) => segment.logId === logId);
  const base = segments.slice(0, nth).reduce((sum, { upto }) => sum + upto, 0);
  const fits = nth >= 0 && at.pos === base + at.seq && at.seq <= (segments[nth]?.upto ?? 0);
  return fits ? { nth, ...at } : null;
}
