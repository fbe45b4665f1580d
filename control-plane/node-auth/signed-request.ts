import { createPublicKey, hash, verify } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import type { FastifyRequest } from 'fastify';
import { signedText, UPLINK_HEADERS } from '#shared/contract/uplink.ts';
import type { CloudCore } from '../cloud.ts';
import { node } from '../db/schema.ts';
import { inTenantOfNode } from '../db/tenant.ts';
import { isFresh } from './nonce.ts';

/** The node that signed a request. */
export type Caller = {
  readonly org: number;
  readonly club: number;
  readonly node: number;
  readonly nodeId: string;
  readonly thumbprint: string;
  /** Another box took its place: it may only bring what it still has. */
  readonly isReplaced: boolean;
};

/**
 * Who signed this request, its body being the bytes as they came (compressed, if they were).
 * Unknown nodes and bad signatures are answered alike; that a node is revoked is told only to itself.
 */
export async function signedBy(
  cloud: CloudCore,
  request: FastifyRequest,
  body: Buffer,
): Promise<Caller | 'nonce_stale' | 'not_signed' | 'revoked'> {
  const nonce = header(request, UPLINK_HEADERS.nonce);
  if (!isFresh(nonce, cloud.nonceSecret, cloud.clock())) return 'nonce_stale';
  const id = header(request, UPLINK_HEADERS.node);
  const found = await findNode(cloud, id);
  if (!found) return 'not_signed';
  const text = signedText({
    method: request.method,
    path: request.url,
    bodySha256Hex: hash('sha256', body, 'hex'),
    nonce,
  });
  const signature = Buffer.from(header(request, UPLINK_HEADERS.signature), 'base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: found.keyX }, format: 'jwk' });
  if (!verify(null, Buffer.from(text), key, signature)) return 'not_signed';
  if (found.revokedAt !== null) return 'revoked';
  const { org, club, node: number, thumbprint, replacedAt } = found;
  return { org, club, node: number, nodeId: id, thumbprint, isReplaced: replacedAt !== null };
}

async function findNode(cloud: CloudCore, id: string) {
  return inTenantOfNode(cloud.pool, id, async ({ db, org }) => {
    const [row] = await db
      .select()
      .from(node)
      .where(and(eq(node.org, org), eq(node.nodeId, id)));
    return row;
  });
}

function header(request: FastifyRequest, name: string): string {
  const value = request.headers[name];
  return typeof value === 'string' ? value : '';
}
