import { hash as hashOf } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import type {
  HashesRequest,
  LinesRequest,
  MainlineRequest,
  MainlineSegment,
  UplinkAnswer,
} from '#shared/contract/uplink.ts';
import { UPLINK_PROTO } from '#shared/contract/uplink.ts';
import type { CloudCore } from '../../cloud.ts';
import { club, edgeLog, node } from '../../db/schema.ts';
import { inTenant, type Tenant } from '../../db/tenant.ts';
import { limits } from '../../limits.ts';
import type { Caller } from '../../node-auth/signed-request.ts';
import { clubId } from '../../public-id.ts';
import { fencedOff } from './answers.ts';
import { endOf, hashesAt } from './hash-at.ts';
import { unknownLog } from './hello.ts';
import { linesWithin, logOf, type EdgeLog } from './store.ts';

/** The club's one history by its logs, from the first to the active one, with a manifest that the cloud signs. */
export async function mainline(cloud: CloudCore, caller: Caller, { proto }: MainlineRequest): Promise<UplinkAnswer> {
  if (proto !== UPLINK_PROTO) return { s: 'proto_old', min: UPLINK_PROTO };
  if (caller.isReplaced) return fencedOff(cloud);
  const segments = await inTenant(cloud.pool, caller.org, (tenant) => mainlineOf(tenant, caller.club));
  const manifest = await cloud.receiptKey.signAs('clubops-manifest', {
    clubId: clubId(caller.org, caller.club),
    mainlineSha256: hashOf('sha256', JSON.stringify(segments), 'hex'),
    cloudEpoch: cloud.epoch,
    timeMs: cloud.clock(),
  });
  return { s: 'mainline', segments, manifest, cloudEpoch: cloud.epoch };
}

type Placed = { readonly log: EdgeLog; readonly nodeId: string; readonly keyThumbprint: string };

export async function mainlineOf(tenant: Tenant, ofClub: number): Promise<readonly MainlineSegment[]> {
  const { db, org } = tenant;
  const rows = await db
    .select({ log: edgeLog, nodeId: node.nodeId, keyThumbprint: node.thumbprint, active: club.activeLog })
    .from(edgeLog)
    .innerJoin(node, and(eq(node.org, edgeLog.org), eq(node.node, edgeLog.node)))
    .innerJoin(club, and(eq(club.org, edgeLog.org), eq(club.club, edgeLog.club)))
    .where(and(eq(edgeLog.org, org), eq(edgeLog.club, ofClub)));
  const byId = new Map<string, Placed>(rows.map((row) => [row.log.logId, row]));
  const segments: MainlineSegment[] = [];
  let at = rows.find(({ log, active }) => log.log === active) as Placed | undefined;
  let end = at ? await endOf(tenant, at.log) : null;
  while (at && end) {
    segments.unshift(segmentOf(at, end));
    const { parentLogId, parentSeq, parentHash } = at.log;
    at = parentLogId === null ? undefined : byId.get(parentLogId);
    end = { seq: parentSeq ?? 0, hash: parentHash ?? Buffer.alloc(0) };
  }
  return segments;
}

function segmentOf({ log, nodeId, keyThumbprint }: Placed, end: { seq: number; hash: Buffer }): MainlineSegment {
  const { logId, parentLogId, parentSeq, parentHash, nodeHead } = log;
  const parent =
    parentLogId === null ? null : { logId: parentLogId, seq: parentSeq ?? 0, hash: parentHash?.toString('hex') ?? '' };
  const upto = { upto: end.seq, hash: end.hash.toString('hex') };
  return { logId, parent, nodeId, keyThumbprint, ...upto, heardOf: Math.max(nodeHead, log.acked) };
}

/**
 * Hashes at some places of a log of the club, whoever writes it; a fenced box asks too, to find where it parted. A log that
 * the club does not have reaches nowhere.
 */
export async function hashes(
  cloud: CloudCore,
  caller: Caller,
  { logId, seqs }: HashesRequest & { readonly logId: string },
): Promise<UplinkAnswer> {
  const found = await inTenant(cloud.pool, caller.org, async (tenant) => {
    const log = await logOf(tenant, caller, logId);
    const at = log ? await hashesAt(tenant, log, seqs) : new Map<number, Buffer>();
    return seqs.map((seq) => at.get(seq)?.toString('hex') ?? null);
  });
  return { s: 'hashes', hashes: found, cloudEpoch: cloud.epoch };
}

/** Lines of a log of the club, as many as an answer carries. */
export async function lines(
  cloud: CloudCore,
  caller: Caller,
  { logId, from, to }: LinesRequest & { readonly logId: string },
): Promise<UplinkAnswer> {
  if (caller.isReplaced) return fencedOff(cloud);
  if (from > to) return { s: 'bad_batch', why: 'range_empty' };
  return inTenant(cloud.pool, caller.org, async (tenant): Promise<UplinkAnswer> => {
    const log = await logOf(tenant, caller, logId);
    if (!log) return unknownLog(cloud, tenant, caller);
    const range = { from, to: Math.min(to, from + limits.linesMax - 1), bytesMax: limits.linesBytesMax };
    return { s: 'lines', from, lines: await linesWithin(tenant, log.log, range), cloudEpoch: cloud.epoch };
  });
}
