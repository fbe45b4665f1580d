import { and, eq } from 'drizzle-orm';
import { UPLINK_PROTO, type OpenLogRequest, type UplinkAnswer } from '#shared/contract/uplink.ts';
import { genesisHash } from '#shared/log/chain.ts';
import type { CloudCore } from '../../cloud.ts';
import { club, edgeLog, node } from '../../db/schema.ts';
import { inTenant, type Tenant } from '../../db/tenant.ts';
import type { Caller } from '../../node-auth/signed-request.ts';
import { okAnswer } from './answers.ts';
import { endOf, hashAt } from './hash-at.ts';
import { shutFor, suspectClone } from './hello.ts';
import { noteHolds } from './holds.ts';
import { lockClub, lockLog, logOf, type EdgeLog, type OwnLog } from './store.ts';

/**
 * Opens a log where the club's mainline ends, or answers where it stands when it is open already. Whoever comes too late,
 * or from another place, gets `bad_parent`. A box that was replaced may open one at any place of the club's logs, or at
 * none: it lies beside the mainline.
 */
export async function openLog(cloud: CloudCore, caller: Caller, request: OpenLogRequest): Promise<UplinkAnswer> {
  if (request.proto !== UPLINK_PROTO) return { s: 'proto_old', min: UPLINK_PROTO };
  if (request.keyThumbprint !== caller.thumbprint) return { s: 'bad_batch', why: 'key_thumbprint_differs' };
  const opened = await inTenant(cloud.pool, caller.org, async (tenant): Promise<UplinkAnswer | OwnLog> => {
    // Two boxes, or one twice, opening at once: the second waits for the first here.
    const mine = await lockClub(tenant, caller);
    const opening = { caller: await asOfNow(tenant, caller), request };
    const log = mine && (await findOrOpen(cloud, tenant, { ...opening, active: mine.activeLog }));
    if (!log) return { s: 'bad_parent', cloudEpoch: cloud.epoch };
    return (await shutFor(cloud, tenant, { log, caller: opening.caller })) ?? log;
  });
  return 's' in opened ? opened : okAnswer(cloud, request.logId, opened);
}

type Opening = { readonly caller: Caller; readonly request: OpenLogRequest; readonly active: number | null };
type Parent = OpenLogRequest['parent'];

/** Its place may have been taken since it signed. */
async function asOfNow({ db, org }: Tenant, caller: Caller): Promise<Caller> {
  const [row] = await db
    .select({ replacedAt: node.replacedAt })
    .from(node)
    .where(and(eq(node.org, org), eq(node.node, caller.node)));
  return { ...caller, isReplaced: row?.replacedAt !== null };
}

async function findOrOpen(cloud: CloudCore, tenant: Tenant, opening: Opening): Promise<OwnLog | null> {
  const { caller, request } = opening;
  const known = await lockLog(tenant, caller, request.logId);
  if (known) return isSameParent(known, request.parent) ? known : null;
  if (caller.isReplaced) return (await isAnyPlace(tenant, opening)) ? insert(cloud, tenant, opening) : null;
  const last = await lastLog(tenant, opening.active);
  if (!(await growsFromEnd(tenant, last, request.parent))) {
    if (last?.logId !== request.parent?.logId) await suspectLeft(cloud, tenant, opening);
    return null;
  }
  const made = await insert(cloud, tenant, opening);
  if (made) await makeLast(tenant, { last, made });
  return made;
}

async function lastLog({ db, org }: Tenant, active: number | null): Promise<EdgeLog | null> {
  if (active === null) return null;
  const it = and(eq(edgeLog.org, org), eq(edgeLog.log, active));
  const [last] = await db.select().from(edgeLog).where(it).for('update');
  return last ?? null;
}

/** Whether a parent is where the mainline ends now. */
async function growsFromEnd(tenant: Tenant, last: EdgeLog | null, parent: Parent): Promise<boolean> {
  if (last === null || parent === null) return last === null && parent === null;
  if (last.logId !== parent.logId) return false;
  const end = await endOf(tenant, last);
  return end.seq === parent.seq && end.hash.toString('hex') === parent.hash;
}

/** The log before is sealed where the new one begins. Until its events are in the nights, those of the new one wait, too. */
async function makeLast(tenant: Tenant, { last, made }: { last: EdgeLog | null; made: EdgeLog }): Promise<void> {
  const { db, org } = tenant;
  if (last?.state === 'open') {
    const it = and(eq(edgeLog.org, org), eq(edgeLog.log, last.log));
    await db.update(edgeLog).set({ state: 'sealed', sealedAt: last.acked }).where(it);
  }
  await db
    .update(club)
    .set({ activeLog: made.log })
    .where(and(eq(club.org, org), eq(club.club, made.club)));
  await noteHolds(tenant, made.club);
}

/** Who wants to go on from a log of its own that it went on from already is a second box with its key. */
async function suspectLeft(cloud: CloudCore, tenant: Tenant, { caller, request: { parent } }: Opening): Promise<void> {
  const left = parent && (await logOf(tenant, caller, parent.logId));
  if (left?.node === caller.node && left.state === 'sealed') await suspectClone(cloud, tenant, { log: left, caller });
}

async function isAnyPlace(tenant: Tenant, { caller, request: { parent } }: Opening): Promise<boolean> {
  if (parent === null) return true;
  const log = await logOf(tenant, caller, parent.logId);
  return log !== undefined && (await hashAt(tenant, log, parent.seq))?.toString('hex') === parent.hash;
}

function isSameParent(log: EdgeLog, parent: Parent): boolean {
  if (parent === null) return log.parentLogId === null;
  const { parentLogId, parentSeq, parentHash } = log;
  return parentLogId === parent.logId && parentSeq === parent.seq && parentHash?.toString('hex') === parent.hash;
}

async function insert(cloud: CloudCore, tenant: Tenant, { caller, request }: Opening): Promise<OwnLog | null> {
  const { db, org } = tenant;
  const { logId, parent, keyThumbprint } = request;
  const genesis = genesisHash({ logId, parent, nodeId: caller.nodeId, keyThumbprint });
  const row = {
    org,
    logId,
    club: caller.club,
    node: caller.node,
    parentLogId: parent?.logId ?? null,
    parentSeq: parent?.seq ?? null,
    parentHash: parent ? Buffer.from(parent.hash, 'hex') : null,
    genesis,
    hash: genesis,
    openedAt: new Date(cloud.clock()),
    ...(caller.isReplaced && { state: 'salvage' as const, sealedAt: 0 }),
  };
  // The id may be taken by another club of the organisation.
  const { rowCount } = await db.insert(edgeLog).values(row).onConflictDoNothing();
  return rowCount === 1 ? ((await lockLog(tenant, caller, logId)) ?? null) : null;
}
