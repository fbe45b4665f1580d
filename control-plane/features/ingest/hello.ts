import { and, eq } from 'drizzle-orm';
import { UPLINK_PROTO, type HelloRequest, type UplinkAnswer } from '#shared/contract/uplink.ts';
import type { CloudCore } from '../../cloud.ts';
import { club, edgeLog } from '../../db/schema.ts';
import { inTenant, type Tenant } from '../../db/tenant.ts';
import type { Caller } from '../../node-auth/signed-request.ts';
import { raise } from './alerts.ts';
import { okAnswer, standing } from './answers.ts';
import { noteStatus } from './box-status.ts';
import { endOf, hashAt } from './hash-at.ts';
import { lockLog, noteHead, type EdgeLog, type OwnLog } from './store.ts';

type Asked = HelloRequest & { readonly logId: string };
type Greeting = { readonly log: OwnLog; readonly caller: Caller; readonly asked: HelloRequest };

/**
 * Tells a node where its log stands, and takes its word on how it is. Where the cloud reaches as far as the node, it
 * compares the hashes there; where the node is further, the node compares for itself, as it must never take over a cursor
 * that it can't verify.
 */
export async function hello(cloud: CloudCore, caller: Caller, asked: Asked): Promise<UplinkAnswer> {
  if (asked.proto !== UPLINK_PROTO) return { s: 'proto_old', min: UPLINK_PROTO };
  const found = await inTenant(cloud.pool, caller.org, async (tenant): Promise<UplinkAnswer | OwnLog> => {
    if (!caller.isReplaced) await noteStatus(cloud, tenant, { caller, asked });
    const log = await lockLog(tenant, caller, asked.logId);
    if (!log) return unknownLog(cloud, tenant, caller);
    const shut =
      (await shutFor(cloud, tenant, { log, caller })) ?? (await whatDiffers(cloud, tenant, { log, caller, asked }));
    if (shut?.s !== 'fork') await noteHead(tenant, log, asked.seq);
    return shut ?? log;
  });
  return 's' in found ? found : okAnswer(cloud, asked.logId, found);
}

/** What a log that takes no events of the mainline any more is answered with; null while it does. */
export async function shutFor(
  cloud: CloudCore,
  tenant: Tenant,
  { log, caller }: { readonly log: EdgeLog; readonly caller: Caller },
): Promise<UplinkAnswer | null> {
  if (caller.isReplaced || log.state === 'salvage') return standing(cloud, 'fenced', log);
  if (log.state === 'open') return null;
  await suspectClone(cloud, tenant, { log, caller });
  return standing(cloud, 'sealed', log);
}

/**
 * A log is sealed by the box that writes it, when it goes on in another. So whoever still speaks of it is a second box
 * with the same key, or one whose disk was put back.
 */
export async function suspectClone(
  cloud: CloudCore,
  tenant: Tenant,
  { log, caller }: { readonly log: EdgeLog; readonly caller: Caller },
): Promise<void> {
  const detail = { nodeId: caller.nodeId, sealedAt: log.sealedAt ?? log.acked };
  await raise(cloud, tenant, { club: caller.club, kind: 'clone_suspected', about: log.logId, detail });
}

export async function forkSeen(cloud: CloudCore, tenant: Tenant, { log, seq }: { log: EdgeLog; seq: number }) {
  const detail = { seq, acked: log.acked };
  await raise(cloud, tenant, { club: log.club, kind: 'fork_seen', about: log.logId, detail });
}

async function whatDiffers(
  cloud: CloudCore,
  tenant: Tenant,
  { log, asked }: Greeting,
): Promise<Extract<UplinkAnswer, { s: 'fork' | 'behind' }> | null> {
  const ours = await hashAt(tenant, log, asked.seq);
  if (ours === null) return null;
  if (ours.toString('hex') === asked.hash) return asked.seq < log.acked ? standing(cloud, 'behind', log) : null;
  await forkSeen(cloud, tenant, { log, seq: asked.seq });
  return standing(cloud, 'fork', log);
}

/** To a node whose log the cloud does not have: where the club's mainline ends. */
export async function unknownLog(cloud: CloudCore, tenant: Tenant, caller: Caller): Promise<UplinkAnswer> {
  const { db, org } = tenant;
  const [row] = await db
    .select({ log: edgeLog, salvage: club.salvageWaits })
    .from(club)
    .leftJoin(edgeLog, and(eq(edgeLog.org, club.org), eq(edgeLog.log, club.activeLog)))
    .where(and(eq(club.org, org), eq(club.club, caller.club)));
  const last = row?.log ?? null;
  const end = last && (await endOf(tenant, last));
  const active = last && end ? { logId: last.logId, seq: end.seq, hash: end.hash.toString('hex') } : null;
  return { s: 'unknown_log', active, salvage: row?.salvage === true && !caller.isReplaced, cloudEpoch: cloud.epoch };
}
