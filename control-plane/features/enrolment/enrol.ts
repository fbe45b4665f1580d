import { timingSafeEqual } from 'node:crypto';
import { and, eq, gt, isNull, ne, sql } from 'drizzle-orm';
import { calculateJwkThumbprint } from 'jose';
import type { EnrolAnswer, EnrolRequest } from '#shared/contract/uplink.ts';
import type { CloudCore } from '../../cloud.ts';
import { club, edgeLog, enrolmentCode, node, nodeDirectory } from '../../db/schema.ts';
import { inTenant, type Tenant } from '../../db/tenant.ts';
import { limits } from '../../limits.ts';
import { clubId, orgId } from '../../public-id.ts';
import { CODE_RANDOM_BYTES, newCode, readCode, secretHash, writtenCode, type EnrolmentCode } from './code.ts';

export type EnrolRefusal = 'code_unknown' | 'code_used' | 'code_expired' | 'club_has_node' | 'node_id_taken';
type Code = typeof enrolmentCode.$inferSelect;

/** A code for one club, for one node, which with `replaces` takes the place of the one before; null for no such club. */
export async function issueCode(
  cloud: CloudCore,
  { replaces, ...of }: { readonly org: number; readonly club: number; readonly replaces: boolean },
) {
  const life = replaces ? limits.replaceCodeLifeMs : limits.enrolmentCodeLifeMs;
  const expiresAt = new Date(cloud.clock() + life);
  return inTenant(cloud.pool, of.org, async ({ db }) => {
    const [known] = await db
      .select({ club: club.club })
      .from(club)
      .where(and(eq(club.org, of.org), eq(club.club, of.club)));
    if (!known) return null;
    for (;;) {
      const code = newCode(of.org, cloud.random(CODE_RANDOM_BYTES));
      const row = { ...of, replaces, selector: code.selector, secretHash: secretHash(code), expiresAt };
      // A selector that this organisation used before is drawn again: one in a million for each code it ever made.
      const { rowCount } = await db.insert(enrolmentCode).values(row).onConflictDoNothing();
      if (rowCount === 1) return { code: writtenCode(code), expiresAt: expiresAt.toISOString() };
    }
  });
}

/**
 * Binds a node's key to the club of a code. Who does not know the secret learns nothing but `code_unknown`.
 * The same node that asks again with the same code and key gets the same answer: the first may have been lost.
 */
export async function enrol(cloud: CloudCore, request: EnrolRequest): Promise<EnrolAnswer | EnrolRefusal> {
  const code = readCode(request.code);
  if (code === null) return 'code_unknown';
  const thumbprint = await calculateJwkThumbprint(request.publicKey, 'sha256');
  await cloud.lookAtEpoch();
  return inTenant(cloud.pool, code.org, async (tenant) => {
    const row = await lockCode(tenant, code);
    if (!row || !(await secretFits(tenant, row, code))) return 'code_unknown';
    if (row.node !== null) return enrolledBefore(cloud, tenant, { row, request, thumbprint });
    if (row.expiresAt.getTime() <= cloud.clock()) return 'code_expired';
    const live = await liveNodes(tenant, row.club);
    if (live.length > 0 && !row.replaces) return 'club_has_node';
    if (row.replaces) await fence(cloud, tenant, { ofClub: row.club, live });
    return bind(cloud, tenant, { row, request, thumbprint });
  });
}

async function lockCode({ db, org }: Tenant, { selector }: EnrolmentCode): Promise<Code | undefined> {
  const mine = and(eq(enrolmentCode.org, org), eq(enrolmentCode.selector, selector));
  const [row] = await db.select().from(enrolmentCode).where(mine).for('update');
  return row;
}

async function secretFits({ db, org }: Tenant, row: Code, code: EnrolmentCode): Promise<boolean> {
  if (row.tries >= limits.enrolmentCodeTriesMax) return false;
  if (timingSafeEqual(row.secretHash, secretHash(code))) return true;
  const mine = and(eq(enrolmentCode.org, org), eq(enrolmentCode.selector, row.selector));
  await db
    .update(enrolmentCode)
    .set({ tries: row.tries + 1 })
    .where(mine);
  return false;
}

async function enrolledBefore(cloud: CloudCore, tenant: Tenant, { row, request, thumbprint }: Binding) {
  const { db, org } = tenant;
  const [bound] = await db
    .select()
    .from(node)
    .where(and(eq(node.org, org), eq(node.node, row.node ?? 0)));
  const same = bound?.thumbprint === thumbprint && bound.nodeId === request.nodeId;
  const live = bound?.revokedAt === null && bound.replacedAt === null;
  return same && live ? answer(cloud, tenant, bound) : 'code_used';
}

async function liveNodes({ db, org }: Tenant, ofClub: number): Promise<readonly number[]> {
  // Two codes of one club at once: the second waits here for the first.
  await db
    .select({ club: club.club })
    .from(club)
    .where(and(eq(club.org, org), eq(club.club, ofClub)))
    .for('no key update');
  const live = and(eq(node.org, org), eq(node.club, ofClub), isNull(node.revokedAt), isNull(node.replacedAt));
  return (await db.select({ node: node.node }).from(node).where(live)).map((row) => row.node);
}

/** Another box takes their place: what they still bring lies beside the mainline, which ends where the cloud has it. */
async function fence(
  cloud: CloudCore,
  { db, org }: Tenant,
  { ofClub, live }: { readonly ofClub: number; readonly live: readonly number[] },
): Promise<void> {
  const replacedAt = new Date(cloud.clock());
  for (const one of live)
    await db
      .update(node)
      .set({ replacedAt })
      .where(and(eq(node.org, org), eq(node.node, one)));
  const ours = and(eq(edgeLog.org, org), eq(edgeLog.club, ofClub), eq(edgeLog.state, 'open'));
  await db
    .update(edgeLog)
    .set({ state: 'salvage', sealedAt: sql`${edgeLog.acked}` })
    .where(ours);
  await nameTailsAgain({ db, org }, ofClub);
}

/** What the box before took of others' tails may be gone with it. The next one carries by event id, so nothing comes twice. */
async function nameTailsAgain({ db, org }: Pick<Tenant, 'db' | 'org'>, ofClub: number): Promise<void> {
  const beside = and(eq(edgeLog.org, org), eq(edgeLog.club, ofClub), gt(edgeLog.acked, edgeLog.sealedAt));
  const { rowCount } = await db.update(edgeLog).set({ salvageTaken: 0 }).where(beside);
  if (rowCount === 0) return;
  await db
    .update(club)
    .set({ salvageWaits: true })
    .where(and(eq(club.org, org), eq(club.club, ofClub)));
}

type Binding = { readonly row: Code; readonly request: EnrolRequest; readonly thumbprint: string };

async function bind(
  cloud: CloudCore,
  tenant: Tenant,
  { row, request, thumbprint }: Binding,
): Promise<EnrolAnswer | 'node_id_taken'> {
  const { db, org } = tenant;
  const { nodeId } = request;
  const { rowCount } = await db.insert(nodeDirectory).values({ nodeId, homeOrg: org }).onConflictDoNothing();
  if (rowCount === 0) return 'node_id_taken';
  const now = new Date(cloud.clock());
  const fresh = { org, club: row.club, nodeId, keyX: request.publicKey.x, thumbprint };
  const [made] = await db
    .insert(node)
    .values({ ...fresh, version: request.version, enrolledAt: now })
    .returning();
  if (!made) throw new Error('A node was not inserted');
  const mine = and(eq(enrolmentCode.org, org), eq(enrolmentCode.selector, row.selector));
  await db.update(enrolmentCode).set({ usedAt: now, node: made.node }).where(mine);
  return answer(cloud, tenant, made);
}

async function answer(cloud: CloudCore, { db, org }: Tenant, bound: typeof node.$inferSelect): Promise<EnrolAnswer> {
  // Its own logs are no history to it: it may ask again after it opened one.
  const [before] = await db
    .select({ log: edgeLog.log })
    .from(edgeLog)
    .where(and(eq(edgeLog.org, org), eq(edgeLog.club, bound.club), ne(edgeLog.node, bound.node)))
    .limit(1);
  return {
    s: 'enrolled',
    nodeId: bound.nodeId,
    clubId: clubId(bound.org, bound.club),
    orgId: orgId(bound.org),
    cloudEpoch: cloud.epoch,
    replaces: before !== undefined,
    receiptKeys: cloud.receiptKey.publicKeys.map(({ kty, crv, x, kid }) => ({ kty, crv, x, kid })),
  };
}
