import { timingSafeEqual } from 'node:crypto';
import { and, eq, isNull } from 'drizzle-orm';
import { calculateJwkThumbprint } from 'jose';
import type { EnrolAnswer, EnrolRequest } from '#shared/contract/uplink.ts';
import type { CloudCore } from '../../cloud.ts';
import { club, enrolmentCode, node, nodeDirectory } from '../../db/schema.ts';
import { inTenant, type Tenant } from '../../db/tenant.ts';
import { limits } from '../../limits.ts';
import { clubId, orgId } from '../../public-id.ts';
import { CODE_RANDOM_BYTES, newCode, readCode, secretHash, writtenCode, type EnrolmentCode } from './code.ts';

export type EnrolRefusal = 'code_unknown' | 'code_used' | 'code_expired' | 'club_has_node' | 'node_id_taken';
type Code = typeof enrolmentCode.$inferSelect;

/** A code for one club, for one node, or null when there is no such club. */
export async function issueCode(cloud: CloudCore, of: { readonly org: number; readonly club: number }) {
  const expiresAt = new Date(cloud.clock() + limits.enrolmentCodeLifeMs);
  return inTenant(cloud.pool, of.org, async ({ db }) => {
    const [known] = await db
      .select({ club: club.club })
      .from(club)
      .where(and(eq(club.org, of.org), eq(club.club, of.club)));
    if (!known) return null;
    for (;;) {
      const code = newCode(of.org, cloud.random(CODE_RANDOM_BYTES));
      const row = { ...of, selector: code.selector, secretHash: secretHash(code), expiresAt };
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
  return inTenant(cloud.pool, code.org, async (tenant) => {
    const row = await lockCode(tenant, code);
    if (!row || !(await secretFits(tenant, row, code))) return 'code_unknown';
    if (row.node !== null) return enrolledBefore(cloud, tenant, { row, request, thumbprint });
    if (row.expiresAt.getTime() <= cloud.clock()) return 'code_expired';
    if (await hasLiveNode(tenant, row.club)) return 'club_has_node';
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

async function enrolledBefore(cloud: CloudCore, { db, org }: Tenant, { row, request, thumbprint }: Binding) {
  const [bound] = await db
    .select()
    .from(node)
    .where(and(eq(node.org, org), eq(node.node, row.node ?? 0)));
  const same = bound?.thumbprint === thumbprint && bound.nodeId === request.nodeId && bound.revokedAt === null;
  return same ? answer(cloud, bound) : 'code_used';
}

async function hasLiveNode({ db, org }: Tenant, ofClub: number): Promise<boolean> {
  // Two codes of one club at once: the second waits here for the first.
  await db
    .select({ club: club.club })
    .from(club)
    .where(and(eq(club.org, org), eq(club.club, ofClub)))
    .for('update');
  const live = and(eq(node.org, org), eq(node.club, ofClub), isNull(node.revokedAt));
  return (await db.select({ node: node.node }).from(node).where(live)).length > 0;
}

type Binding = { readonly row: Code; readonly request: EnrolRequest; readonly thumbprint: string };

async function bind(
  cloud: CloudCore,
  { db, org }: Tenant,
  { row, request, thumbprint }: Binding,
): Promise<EnrolAnswer | 'node_id_taken'> {
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
  return answer(cloud, made);
}

function answer(cloud: CloudCore, bound: typeof node.$inferSelect): EnrolAnswer {
  return {
    s: 'enrolled',
    nodeId: bound.nodeId,
    clubId: clubId(bound.org, bound.club),
    orgId: orgId(bound.org),
    cloudEpoch: cloud.epoch,
  };
}
