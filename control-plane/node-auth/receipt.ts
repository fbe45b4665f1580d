import { CompactSign, importJWK } from 'jose';
import type { Ed25519Jwk, Ed25519PrivateJwk } from '../db/schema.ts';

/** The cloud's key for countersigning heads. `publicKeys` are all that ever signed, for the JWKS. */
export type ReceiptKey = {
  readonly sign: (receipt: Receipt) => Promise<string>;
  readonly publicKeys: readonly (Ed25519Jwk & { readonly kid: string })[];
};

/** What the cloud vouches for: that it holds `log` up to `acked`, and that the chain's hash there is `hash` (hex). */
export type Receipt = { readonly log: string; readonly acked: number; readonly hash: string; readonly timeMs: number };

export async function receiptSigner(privateJwk: Ed25519PrivateJwk, kid: string): Promise<ReceiptKey['sign']> {
  const key = await importJWK(privateJwk, 'EdDSA');
  const header = { alg: 'EdDSA', kid, typ: 'clubops-receipt' };
  return (receipt) => new CompactSign(Buffer.from(JSON.stringify(receipt))).setProtectedHeader(header).sign(key);
}
