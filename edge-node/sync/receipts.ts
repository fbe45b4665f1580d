import { createPublicKey, verify } from 'node:crypto';
import type { EnrolAnswer } from '#shared/contract/uplink.ts';

export type ReceiptKeys = EnrolAnswer['receiptKeys'];

/**
 * What a compact JWS (RFC 7515, EdDSA) says, where one of these keys signed it; null for a key that is not among them.
 * Throws where the signature is wrong.
 */
export function signedWords(jws: string, keys: ReceiptKeys): unknown {
  const [head = '', payload = '', signature = ''] = jws.split('.');
  const { kid } = Object(parsed(head)) as { readonly kid?: unknown };
  const key = keys.find((one) => one.kid === kid);
  if (!key) return null;
  const { kty, crv, x } = key;
  const publicKey = createPublicKey({ key: { kty, crv, x }, format: 'jwk' });
  const right = verify(null, Buffer.from(`${head}.${payload}`), publicKey, Buffer.from(signature, 'base64url'));
  if (!right) throw new Error('The cloud did not sign this.');
  return parsed(payload);
}

function parsed(part: string): unknown {
  return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
}
