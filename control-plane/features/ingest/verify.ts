import { EVENT_LINE_BYTES_MAX } from '#shared/contract/event-line.ts';
import { chainOver } from './chain-bytes.ts';
import { bytesFrom, type Batch } from './framing.ts';

/** What the cloud holds of a log: the highest seq, and the chain's hash there (the genesis hash at 0). */
export type Cursor = { readonly acked: number; readonly hash: Buffer };

export type Verdict =
  /** Append the lines from index `skip` on (none, when it is the batch's length); the log's hash is `hash` then. */
  | { readonly s: 'ok'; readonly skip: number; readonly hash: Buffer }
  | { readonly s: 'gap' }
  | { readonly s: 'fork' }
  | { readonly s: 'bad_batch'; readonly why: string };

/**
 * Decides about one batch. `stored` are the lines that the log holds at the batch's numbers, and is asked for
 * only when the batch ends before the cursor: there the chain no longer reaches it.
 */
export type VerifyBatch = (batch: Batch, cursor: Cursor, stored: readonly string[]) => Verdict;

/** Trusts nothing that the node says about its log: every hash is computed here, over the bytes that came. */
export const verifyBatch: VerifyBatch = (batch, cursor, stored) => {
  const { header, lines } = batch;
  const why = misshapen(batch);
  if (why !== null) return { s: 'bad_batch', why };
  if (header.from > cursor.acked + 1) return { s: 'gap' };
  if (lastSeq(batch) < cursor.acked) {
    const same = lines.length === stored.length && lines.every((line, index) => line === stored[index]);
    return same ? { s: 'ok', skip: lines.length, hash: cursor.hash } : { s: 'fork' };
  }
  const overlap = cursor.acked - header.from + 1;
  const fresh = bytesFrom(batch, overlap);
  const joined = chainOver(Buffer.from(header.prev, 'hex'), batch.bytes.subarray(0, batch.bytes.length - fresh.length));
  if (!joined.equals(cursor.hash)) return { s: 'fork' };
  return { s: 'ok', skip: overlap, hash: chainOver(joined, fresh) };
};

export const lastSeq = ({ header, lines }: Batch): number => header.from + lines.length - 1;

function misshapen({ header, lines, read }: Batch): string | null {
  if (!Number.isSafeInteger(header.from + lines.length)) return 'seq_out_of_range';
  for (const [index, { v, seq }] of read.entries()) {
    if (v !== 1) return 'version_unknown';
    if (seq !== header.from + index) return 'seq_not_dense';
    const line = lines[index] ?? '';
    // Measured only where it can matter: a UTF-16 unit takes three bytes at most.
    if (line.length * 3 > EVENT_LINE_BYTES_MAX && Buffer.byteLength(line) > EVENT_LINE_BYTES_MAX)
      return 'line_too_long';
  }
  return null;
}
