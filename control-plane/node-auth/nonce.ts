import { createHmac, timingSafeEqual } from 'node:crypto';
import { limits } from '../limits.ts';

/**
 * Nonces that need no store: the minute they were given in, and an HMAC over it by a secret that all replicas
 * share. One lives for 10 to 11 minutes. Within that time a request can be replayed: all that nodes ask for can be
 * repeated without effect.
 */
export function freshNonce(secret: Buffer, nowMs: number): string {
  return nonceOf(secret, Math.floor(nowMs / limits.nonceBucketMs));
}

export function isFresh(nonce: string, secret: Buffer, nowMs: number): boolean {
  const bucket = Number.parseInt(nonce.split('.', 1)[0] ?? '', 36);
  if (!Number.isSafeInteger(bucket)) return false;
  const given = Buffer.from(nonce);
  const expected = Buffer.from(nonceOf(secret, bucket));
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return false;
  const ageBuckets = Math.floor(nowMs / limits.nonceBucketMs) - bucket;
  // One bucket ahead: another replica's clock may be a little fast.
  return ageBuckets >= -1 && ageBuckets * limits.nonceBucketMs <= limits.nonceLifeMsMin;
}

function nonceOf(secret: Buffer, bucket: number): string {
  const text = bucket.toString(36);
  return `${text}.${createHmac('sha256', secret).update(`clubops.nonce.v1\n${text}`).digest('base64url')}`;
}
