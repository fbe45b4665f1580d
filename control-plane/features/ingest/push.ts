import type { UplinkAnswer } from '#shared/contract/uplink.ts';
import type { CloudCore } from '../../cloud.ts';
import { inTenant, type Tenant } from '../../db/tenant.ts';
import type { Caller } from '../../node-auth/signed-request.ts';
import { okAnswer, standing } from './answers.ts';
import { bytesFrom, inflate, readBatch, type Batch } from './framing.ts';
import { forkSeen, shutFor, unknownLog } from './hello.ts';
import { rollUp } from './projection.ts';
import { noteSalvage } from './salvage.ts';
import { append, lockClub, lockLog, noteHead, storedLines, type EdgeLog, type OwnLog } from './store.ts';
import { lastSeq, type Cursor } from './verify.ts';

export type Push = { readonly logId: string; readonly body: Buffer; readonly encoding: string };

/** Stores a batch, all of it or nothing. Whether its events can be understood does not matter to the cursor. */
export async function push(cloud: CloudCore, caller: Caller, { logId, body, encoding }: Push): Promise<UplinkAnswer> {
  const inflated = await inflate(body, encoding);
  if ('s' in inflated) return inflated;
  const batch = readBatch(inflated);
  if ('s' in batch) return batch;
  const stored = await inTenant(cloud.pool, caller.org, async (tenant): Promise<UplinkAnswer | Stored> => {
    if (caller.isReplaced) await lockClub(tenant, caller);
    const log = await lockLog(tenant, caller, logId);
    if (!log) return unknownLog(cloud, tenant, caller);
    const shut = await shutFor(cloud, tenant, { log, caller });
    if (shut && !caller.isReplaced) return shut;
    const cursor = await storeBatch(cloud, tenant, { log, batch });
    if ('s' in cursor) return cursor;
    await noteHead(tenant, log, batch.header.head);
    if (!caller.isReplaced) return { ...log, ...cursor };
    await noteSalvage(tenant, caller);
    return standing(cloud, 'fenced', cursor);
  });
  return 's' in stored ? stored : okAnswer(cloud, logId, stored);
}

type Stored = Cursor & Pick<OwnLog, 'salvageWaits' | 'rev'>;

type Verified = { readonly log: EdgeLog; readonly batch: Batch };

async function storeBatch(cloud: CloudCore, tenant: Tenant, { log, batch }: Verified): Promise<UplinkAnswer | Cursor> {
  const last = lastSeq(batch);
  const held = last < log.acked ? await storedLines(tenant, log.log, { from: batch.header.from, to: last }) : [];
  const verdict = cloud.verifyBatch(batch, log, held);
  if (verdict.s === 'bad_batch') return verdict;
  if (verdict.s === 'fork') await forkSeen(cloud, tenant, { log, seq: batch.header.from });
  if (verdict.s !== 'ok') return standing(cloud, verdict.s, log);
  const { skip, hash } = verdict;
  const count = batch.lines.length - skip;
  if (count === 0) return { acked: log.acked, hash: log.hash };
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
