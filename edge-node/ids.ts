import { uuidv7 } from '#shared/kit/uuid.ts';

/** Where ids and keys get their chance from: the system's, or a seed in a simulation. */
export type Random = (bytes: number) => Buffer;

/** Small draws out of a large one: asking the system for each id is dear. */
export function pooled(random: Random): Random {
  let pool = random(POOL_BYTES);
  let at = 0;
  return (bytes) => {
    if (bytes > POOL_BYTES) return random(bytes);
    if (at + bytes > POOL_BYTES) {
      pool = random(POOL_BYTES);
      at = 0;
    }
    at += bytes;
    return pool.subarray(at - bytes, at);
  };
}
export type NewId = () => string;

const CHANCE_BYTES = 10;
const POOL_BYTES = 4_096;
const COUNT_MAX = 0x0fff;
const FOLLOWED_STEP_MS = 10_000;

/**
 * UUIDv7 with a counter (RFC 9562, method 1), so that ids sort in the order they were born, also within a millisecond and over
 * a small step back of the clock. A large step back is followed: a wrong year must not stick.
 */
export function idMaker(wall: () => number, random: Random): NewId {
  let last = 0;
  let count = 0;
  return () => {
    const now = wall();
    const newTime = now > last || last - now > FOLLOWED_STEP_MS;
    count = newTime ? 0 : (count + 1) & COUNT_MAX;
    last = newTime ? now : last + (count === 0 ? 1 : 0);
    const chance = random(CHANCE_BYTES);
    chance.writeUInt16BE(count);
    return uuidv7(last, chance);
  };
}
