import type { UplinkAnswer } from '#shared/contract/uplink.ts';
import type { CloudCore } from '../../cloud.ts';
import { limits } from '../../limits.ts';
import type { OwnLog } from './store.ts';
import type { Cursor } from './verify.ts';

type Standing = 'gap' | 'fork' | 'sealed' | 'behind' | 'fenced';

/** Where a log stands: the ending of every answer that carries a cursor. */
export function standing<S extends Standing>(cloud: CloudCore, s: S, { acked, hash }: Cursor) {
  return { s, acked, hash: hash.toString('hex'), cloudEpoch: cloud.epoch };
}

/** To a box that was replaced and asked for what only the live one may have: no log is meant. */
export function fencedOff(cloud: CloudCore): UplinkAnswer {
  return standing(cloud, 'fenced', { acked: 0, hash: Buffer.alloc(32) });
}

/** Given only after the commit: it countersigns what is durable. */
export async function okAnswer(
  cloud: CloudCore,
  logId: string,
  { acked, hash, salvageWaits, rev }: Cursor & Pick<OwnLog, 'salvageWaits' | 'rev'>,
): Promise<UplinkAnswer> {
  const head = { acked, hash: hash.toString('hex') };
  const timeMs = cloud.clock();
  const receipt = await cloud.receiptKey.sign({ log: logId, ...head, timeMs });
  const next = { maxEvents: limits.pushEventsMax, maxBytes: limits.pushBytesMax, minMs: pace(cloud) };
  return { s: 'ok', ...head, cloudEpoch: cloud.epoch, timeMs, receipt, next, salvage: salvageWaits, rev };
}

/** The more requests wait for the database, the longer a node is asked to wait before its next push. */
function pace({ pool }: CloudCore): number {
  return limits.pushIntervalMsMin * Math.min(pool.waitingCount, limits.pushIntervalsMax);
}

/** Null while there is room. Nodes that are sent away come back spread over a while, or they would all come at once. */
export function overloaded({ pool, random }: CloudCore): UplinkAnswer | null {
  if (pool.waitingCount <= limits.poolWaitersMax) return null;
  const spread = random(2).readUInt16BE() / 65_536;
  return { s: 'slow', retryMs: limits.slowRetryMs + Math.floor(spread * limits.slowSpreadMs) };
}
