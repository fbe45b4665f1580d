import { createPrivateKey } from 'node:crypto';
import { desc } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { calculateJwkThumbprint } from 'jose';
import type { Pool } from 'pg';
import type { CloudDeps } from '../cloud.ts';
import { cloudState, signingKey, type Ed25519Jwk, type Ed25519PrivateJwk } from '../db/schema.ts';
import { receiptSigner, wordsSigner, type ReceiptKey } from './receipt.ts';

export type CloudKeys = { readonly epoch: number; readonly nonceSecret: Buffer; readonly receiptKey: ReceiptKey };

/** What all replicas share is in the database: the first one makes it, the others find it. */
export async function keepCloudKeys(
  pool: Pool,
  { clock, random }: Pick<CloudDeps, 'clock' | 'random'>,
): Promise<CloudKeys> {
  const db = drizzle(pool);
  const first = { onlyRow: true, epoch: 1, nonceSecret: random(32) };
  await db.insert(cloudState).values(first).onConflictDoNothing();
  const [state] = await db.select().from(cloudState);
  if (!state) throw new Error('cloud_state is empty');
  const receiptKey = await keepReceiptKey(pool, { clock, random });
  return { epoch: state.epoch, nonceSecret: state.nonceSecret, receiptKey };
}

async function keepReceiptKey(pool: Pool, { clock, random }: Pick<CloudDeps, 'clock' | 'random'>): Promise<ReceiptKey> {
  const db = drizzle(pool);
  const stored = () => db.select().from(signingKey).orderBy(desc(signingKey.createdAt), signingKey.kid);
  if ((await stored()).length === 0) {
    const { privateJwk, publicJwk } = ed25519Jwk(random(32));
    const kid = await calculateJwkThumbprint(publicJwk, 'sha256');
    await db
      .insert(signingKey)
      .values({ kid, privateJwk, publicJwk, createdAt: new Date(clock()) })
      .onConflictDoNothing();
  }
  const keys = await stored();
  const current = keys.find(({ retiredAt }) => retiredAt === null);
  if (!current) throw new Error('Every signing key is retired: add one');
  return {
    sign: await receiptSigner(current.privateJwk, current.kid),
    signAs: await wordsSigner(current.privateJwk, current.kid),
    publicKeys: [current, ...keys.filter((key) => key !== current)].map(({ kid, publicJwk }) => ({
      ...publicJwk,
      kid,
    })),
  };
}

/** The key pair of a 32-byte seed (RFC 8032), wrapped as PKCS 8 as node:crypto takes no bare seed. */
function ed25519Jwk(seed: Buffer): { readonly privateJwk: Ed25519PrivateJwk; readonly publicJwk: Ed25519Jwk } {
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  const { x = '', d = '' } = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }).export({ format: 'jwk' });
  const publicJwk = { kty: 'OKP', crv: 'Ed25519', x } as const;
  return { publicJwk, privateJwk: { ...publicJwk, d } };
}
