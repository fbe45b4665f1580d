import type { MainlineSegment } from '#shared/contract/uplink.ts';
import { limits } from '../limits.ts';
import type { Mainline, OwnSegment } from '../log/mainline.ts';

/** The chain's hashes (hex) at some places of a log as the other side has them; null where it does not reach. */
export type AskHashes = (logId: string, seqs: readonly number[]) => Promise<readonly (string | null)[]>;
/** The last place that both histories share: in the segment number `nth` of both, -1 where they share nothing. */
export type Common = { readonly nth: number; readonly seq: number };

/**
 * Finds where two mainlines part. Logs are equal as long as their ends are, because a hash stands for all before it; in
 * the log where they part the place is found by asking for a few hashes at a time.
 */
export async function findCommon(own: Mainline, theirs: readonly MainlineSegment[], ask: AskHashes): Promise<Common> {
  const mine = own.segments();
  let last: Common = { nth: -1, seq: 0 };
  for (const [nth, segment] of theirs.entries()) {
    const log = mine[nth];
    if (!log || log.logId !== segment.logId) return last;
    const same = segment.upto <= log.upto && own.hashAt(log, segment.upto) === segment.hash;
    const seq = same ? segment.upto : await commonIn(own, log, { upto: segment.upto, ask });
    if (seq === null) return last;
    last = { nth, seq };
    if (seq < log.upto || seq < segment.upto) return last;
  }
  return last;
}

/** The last number of one log at which both sides have the same hash; null where not even the beginning is the same. */
export async function commonIn(
  own: Mainline,
  log: OwnSegment,
  { upto, ask }: { readonly upto: number; readonly ask: AskHashes },
): Promise<number | null> {
  const end = Math.min(log.upto, upto);
  let low = -1;
  let high = end + 1;
  let places: readonly number[] = end === 0 ? [0] : [end, 0];
  // Always: the same at `low` (once it is not -1), different at `high`.
  while (high - low > 1) {
    const hashes = await ask(log.logId, places);
    for (const [at, seq] of places.entries()) {
      if (hashes[at] !== null && hashes[at] === own.hashAt(log, seq)) low = Math.max(low, seq);
      else high = Math.min(high, seq);
    }
    if (low < 0 && high === 0) return null;
    places = between(low, high);
  }
  return low;
}

/** Places strictly between two, evenly spread, at most as many as one question may name. */
function between(low: number, high: number): readonly number[] {
  const count = Math.min(limits.uplinkHashesMax, high - low - 1);
  return Array.from({ length: count }, (_none, at) => low + Math.ceil(((at + 1) * (high - low)) / (count + 1)));
}
