import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

/** The node's own key, Ed25519 (RFC 8032): it signs what it asks of the cloud, and its thumbprint is in the genesis of its logs. */
export type NodeKey = {
  readonly publicJwk: { readonly kty: 'OKP'; readonly crv: 'Ed25519'; readonly x: string };
  /** RFC 7638, SHA-256, base64url. */
  readonly thumbprint: string;
  readonly sign: (text: string) => string;
};

export function newNodeKeyPem(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

export function nodeKey(pem: string): NodeKey {
  const privateKey: KeyObject = createPrivateKey(pem);
  const x = createPublicKey(privateKey).export({ format: 'jwk' }).x ?? '';
  const canonical = `{"crv":"Ed25519","kty":"OKP","x":"${x}"}`;
  return {
    publicJwk: { kty: 'OKP', crv: 'Ed25519', x },
    thumbprint: createHash('sha256').update(canonical).digest('base64url'),
    sign: (text) => sign(null, Buffer.from(text), privateKey).toString('base64url'),
  };
}
