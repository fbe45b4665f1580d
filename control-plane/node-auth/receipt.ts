import { CompactSign, importJWK } from 'jose';
import type { Ed25519Jwk, Ed25519PrivateJwk } from '../db/schema.ts';

/** The cloud's key for countersigning heads. `publicKeys` are all that ever signed, the present one first. */
export type ReceiptKey = {
  readonly sign: (receipt: Receipt) => Promise<string>;
  /** Any other words of the cloud. `typ` keeps one kind from being taken for another. */
  readonly signAs: (typ: string, words: object) => Promise<string>;
  readonly publicKeys: readonly (Ed25519Jwk & { readonly kid: string })[];
};

/** What the cloud vouches for: that it holds `log` up to `acked`, and that the chain's hash there is `hash` (hex). */
export type Receipt = { readonly log: string; readonly acked: number; readonly hash: string; readonly timeMs: number };

export async function receiptSigner(privateJwk: Ed25519PrivateJwk, kid: string): Promise<ReceiptKey['sign']> {
  const key = await importJWK(privateJwk, 'EdDSA');
  const header = { alg: 'EdDSA', kid, typ: 'clubops-receipt' };
  return (receipt) => new CompactSign(Buffer.from(JSON.stringify(receipt))).setProtectedHeader(header).sign(key);
}

export async function wordsSigner(privateJwk: Ed25519PrivateJwk, kid: string): Promise<ReceiptKey['signAs']> {
  const key = await importJWK(privateJwk, 'EdDSA');
  return (typ, words) =>
    new CompactSign(Buffer.from(JSON.stringify(words))).setProtectedHeader({ alg: 'EdDSA', kid, typ }).sign(key);
}
