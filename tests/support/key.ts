import { randomFillSync } from 'node:crypto';
import { uuidv7 } from '#shared/kit/uuid.ts';

/** An Idempotency-Key as the floor app makes them. */
export function newKey(): string {
  return uuidv7(Date.now(), randomFillSync(Buffer.allocUnsafe(10)));
}
