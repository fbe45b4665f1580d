import { and, eq } from 'drizzle-orm';
import type { HelloRequest, OpenLogRequest, UplinkAnswer } from '#shared/contract/uplink.ts';
import { UPLINK_PROTO } from '#shared/contract/uplink.ts';
import { genesisHash } from '#shared/log/chain.ts';
import type { CloudCore } from '../../cloud.ts';
import { club, edgeLog } from '../../db/schema.ts';
import { inTenant, type Tenant } from '../../db/tenant.ts';
import type { Caller } from '../../node-auth/signed-request.ts';
import { okAnswer, standing } from './answers.ts';
import { lockLog, noteHead } from './store.ts';
import type { Cursor } from './verify.ts';

/**
 * Opens a club's first log, or answers where it stands when it is open already. Refuses `bad_parent` for any other:
 * a log that names a parent, a second log of the club, another node's log.
 */
export async function openLog(cloud: CloudCore, caller: Caller, request: OpenLogRequest): Promise<UplinkAnswer> {
  if (request.proto !== UPLINK_PROTO) return { s: 'proto_old', min: UPLINK_PROTO };
  if (request.keyThumbprint !== caller.thumbprint) return { s: 'bad_batch', why: 'key_thumbprint_differs' };
  const opened = await inTenant(cloud.pool, caller.org, (tenant) => findOrOpen(cloud, tenant, { caller, request }));
  return opened === null ? { s: 'bad_parent', cloudEpoch: cloud.epoch } : okAnswer(cloud, request.logId, opened);
}

type Opening = { readonly caller: Caller; readonly request: OpenLogRequest };

async function findOrOpen(cloud: CloudCore, tenant: Tenant, { caller, request }: Opening): Promise<Cursor | null> {
  const { db, org } = tenant;
  if (request.parent !== null) return null;
  // Two nodes, or one twice, opening at once: the second waits for the first here.
  await db
    .select({ club: club.club })
    .from(club)
    .where(and(eq(club.org, org), eq(club.club, caller.club)))
    .for('update');
  const known = await lockLog(tenant, caller, request.logId);
  if (known) return known;
  const [other] = await db
    .select({ log: edgeLog.log })
    .from(edgeLog)
    .where(and(eq(edgeLog.org, org), eq(edgeLog.club, caller.club)))
    .limit(1);
  if (other) return null;
  const { logId, keyThumbprint } = request;
  const genesis = genesisHash({ logId, parent: null, nodeId: caller.nodeId, keyThumbprint });
  const row = {
    org,
    logId,
    club: caller.club,
    node: caller.node,
    genesis,
    hash: genesis,
    openedAt: new Date(cloud.clock()),
  };
  // The id may be taken by another club of the organisation.
  const { rowCount } = await db.insert(edgeLog).values(row).onConflictDoNothing();
  return rowCount === 1 ? { acked: 0, hash: genesis } : null;
}

/**
 * Tells a node where its log stands. Where both are at the same seq, unequal hashes are a fork; where the node is
 * elsewhere, it compares for itself, as it must never take over a cursor that it can't verify.
 */
export async function hello(
  cloud: CloudCore,
  caller: Caller,
  asked: HelloRequest & { readonly logId: string },
): Promise<UplinkAnswer> {
  if (asked.proto !== UPLINK_PROTO) return { s: 'proto_old', min: UPLINK_PROTO };
  const log = await inTenant(cloud.pool, caller.org, async (tenant) => {
    const found = await lockLog(tenant, caller, asked.logId);
    if (found) await noteHead(tenant, found, asked.seq);
    return found;
  });
  if (!log) return { s: 'unknown_log', cloudEpoch: cloud.epoch };
  if (log.state === 'sealed') return standing(cloud, 'sealed', log);
  if (asked.seq === log.acked && asked.hash !== log.hash.toString('hex')) return standing(cloud, 'fork', log);
  return okAnswer(cloud, asked.logId, log);
}
