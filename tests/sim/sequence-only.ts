import { verifyBatch, type VerifyBatch } from '../../control-plane/features/ingest/verify.ts';
import { nextHash } from '#shared/log/chain.ts';

/** A cloud that only counts: what it has is skipped by number, what is next is appended, whatever it follows on. */
export const sequenceOnly: VerifyBatch = (batch, cursor, stored) => {
  const verdict = verifyBatch(batch, cursor, stored);
  if (verdict.s !== 'fork') return verdict;
  const skip = Math.min(batch.lines.length, cursor.acked - batch.header.from + 1);
  const hash = batch.lines.slice(skip).reduce((last, line) => nextHash(last, line), cursor.hash);
  return { s: 'ok', skip, hash };
};
