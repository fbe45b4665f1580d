import type { UplinkAnswer } from '#shared/contract/uplink.ts';
import type { CloudCore } from '../../cloud.ts';
import { inTenant, type Tenant } from '../../db/tenant.ts';
import { limits } from '../../limits.ts';
import type { Caller } from '../../node-auth/signed-request.ts';
import { okAnswer, standing } from './answers.ts';
import { bytesFrom, inflate, readBatch, type Batch } from './framing.ts';
import { rollUp } from './projection.ts';
import { append, lockLog, noteHead, storedLines, type EdgeLog } from './store.ts';
import { lastSeq, type Cursor } from './verify.ts';

export type Push = { readonly logId: string; readonly body: Buffer; readonly encoding: string };

/** Stores a batch, all of it or nothing. Whether its events can be understood does not matter to the cursor. */
export async function push(cloud: CloudCore, caller: Caller, { logId, body, encoding }: Push): Promise<UplinkAnswer> {
  const inflated = await inflate(body, encoding);
  if ('s' in inflated) return inflated;
  const batch = readBatch(inflated);
  if ('s' in batch) return batch;
  if (cloud.pool.waitingCount > limits.poolWaitersMax) return { s: 'slow', retryMs: limits.slowRetryMs };
  const stored = await inTenant(cloud.pool, caller.org, async (tenant): Promise<UplinkAnswer | Cursor> => {
    const log = await lockLog(tenant, caller, logId);
    if (!log) return { s: 'unknown_log', cloudEpoch: cloud.epoch };
    if (log.state === 'sealed') return standing(cloud, 'sealed', log);
    await noteHead(tenant, log, batch.header.head);
    return storeBatch(cloud, tenant, { log, batch });
  });
  return 's' in stored ? stored : okAnswer(cloud, logId, stored);
}

type Verified = { readonly log: EdgeLog; readonly batch: Batch };

async function storeBatch(cloud: CloudCore, tenant: Tenant, { log, batch }: Verified): Promise<UplinkAnswer | Cursor> {
  const last = lastSeq(batch);
  const held = last < log.acked ? await storedLines(tenant, log.log, { from: batch.header.from, to: last }) : [];
  const verdict = cloud.verifyBatch(batch, log, held);
  if (verdict.s === 'bad_batch') return verdict;
  if (verdict.s !== 'ok') return standing(cloud, verdict.s, log);
  const { skip, hash } = verdict;
  const count = batch.lines.length - skip;
  if (count === 0) return log;
  const lines = bytesFrom(batch, skip);
  await append(tenant, {
    log: log.log,
    first: batch.header.from + skip,
    count,
    hash,
    lines,
    rollUp: rollUp(batch.read.slice(skip).map(({ facts }) => facts)),
  });
  return { acked: last, hash };
}
