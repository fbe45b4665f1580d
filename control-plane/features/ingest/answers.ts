import type { UplinkAnswer } from '#shared/contract/uplink.ts';
import type { CloudCore } from '../../cloud.ts';
import { limits } from '../../limits.ts';
import type { Cursor } from './verify.ts';

/** Where a log stands: the ending of every answer that carries a cursor. */
export function standing<S extends 'gap' | 'fork' | 'sealed'>(cloud: CloudCore, s: S, { acked, hash }: Cursor) {
  return { s, acked, hash: hash.toString('hex'), cloudEpoch: cloud.epoch };
}

/** Given only after the commit: it countersigns what is durable. */
export async function okAnswer(cloud: CloudCore, logId: string, { acked, hash }: Cursor): Promise<UplinkAnswer> {
  const head = { acked, hash: hash.toString('hex') };
  const timeMs = cloud.clock();
  const receipt = await cloud.receiptKey.sign({ log: logId, ...head, timeMs });
  const next = { maxEvents: limits.pushEventsMax, maxBytes: limits.pushBytesMax, minMs: limits.pushIntervalMsMin };
  return { s: 'ok', ...head, cloudEpoch: cloud.epoch, timeMs, receipt, next };
}
