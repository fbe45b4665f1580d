import { and, desc, eq, lte } from 'drizzle-orm';
import { assert } from '#shared/kit/assert.ts';
import { logMark } from '../../db/schema.ts';
import type { Tenant } from '../../db/tenant.ts';
import { limits } from '../../limits.ts';
import { chainOver } from './chain-bytes.ts';
import { linesWithin, type EdgeLog } from './store.ts';

type Place = { readonly seq: number; readonly hash: Buffer };

/**
 * The chain's hash at a number of a log; null where the log does not reach. From the nearest mark on, lines are hashed
 * again: a mark is made each 256 events, or at the end of the batch where they were full.
 */
export async function hashAt(tenant: Tenant, log: EdgeLog, seq: number): Promise<Buffer | null> {
  if (seq > log.acked) return null;
  if (seq === log.acked) return log.hash;
  return (await goOn(tenant, log, { from: await markBefore(tenant, log, seq), to: seq })).hash;
}

/** The hashes at some numbers, in the order asked. What was hashed for one is not hashed again for the next. */
export async function hashesAt(
  tenant: Tenant,
  log: EdgeLog,
  seqs: readonly number[],
): Promise<ReadonlyMap<number, Buffer>> {
  const found = new Map<number, Buffer>();
  let at: Place = { seq: 0, hash: log.genesis };
  for (const seq of seqs.toSorted((one, other) => one - other)) {
    if (seq > log.acked) break;
    const mark = await markBefore(tenant, log, seq);
    at = await goOn(tenant, log, { from: mark.seq > at.seq ? mark : at, to: seq });
    found.set(seq, at.hash);
  }
  return found;
}

/** Where a log stops counting on the mainline. */
export async function endOf(tenant: Tenant, log: EdgeLog): Promise<Place> {
  const seq = log.sealedAt ?? log.acked;
  const hash = await hashAt(tenant, log, seq);
  assert(hash !== null, 'a log reaches to where it was sealed');
  return { seq, hash };
}

async function markBefore({ db, org }: Tenant, log: EdgeLog, seq: number): Promise<Place> {
  const before = and(eq(logMark.org, org), eq(logMark.log, log.log), lte(logMark.seq, seq));
  const [mark] = await db.select().from(logMark).where(before).orderBy(desc(logMark.seq)).limit(1);
  return mark ? { seq: mark.seq, hash: mark.hash } : { seq: 0, hash: log.genesis };
}

async function goOn(tenant: Tenant, log: EdgeLog, { from, to }: { from: Place; to: number }): Promise<Place> {
  let at = from;
  while (at.seq < to) {
    const page = { from: at.seq + 1, to: Math.min(to, at.seq + limits.linesMax), bytesMax: limits.linesBytesMax };
    const lines = await linesWithin(tenant, log.log, page);
    assert(lines.length > 0, 'a log has all lines up to its cursor');
    at = { seq: at.seq + lines.length, hash: chainOver(at.hash, Buffer.from(lines.join('\n'))) };
  }
  return at;
}
