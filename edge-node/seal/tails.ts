import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import type { SealedTail } from '#shared/contract/live.ts';
import type { Genesis } from '#shared/log/chain.ts';
import type { Stretch } from '#shared/log/stretch.ts';
import type { Db } from '../db/open.ts';
import { dataKey } from '../db/schema.ts';
import type { Random } from '../ids.ts';
import type { Written } from '../log/log.ts';

/** A wrapped data key as it travels beside the lines that need it; base64. */
export type WrappedKey = { readonly subject: string; readonly wrapped: string };
type Content = Stretch & { readonly keys: readonly WrappedKey[] };

/**
 * Stretches of the log for the club's screens to keep, sealed by AES-256-GCM (NIST SP 800-38D) under a key that is made
 * of the club's: a lost tablet tells nobody anything, and nobody can make a tail up.
 */
export type Tails = {
  readonly seal: (written: readonly Written[]) => readonly SealedTail[];
  /** Null for what this club's key did not seal, or what was altered. */
  readonly open: (tail: SealedTail) => Content | null;
};

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Lines of one blob, in characters; a longer line goes alone. */
const BLOB_CHARS = 12_000;

export function openTails(
  db: Db,
  parts: { readonly clubKey: Buffer; readonly random: Random; readonly genesisOf: (logId: string) => Genesis | null },
): Tails {
  const { clubKey, random, genesisOf } = parts;
  const key = createHmac('sha256', clubKey).update('clubops.tail.v1').digest();
  const keyOf = db
    .select()
    .from(dataKey)
    .where(eq(dataKey.subject, sql.placeholder('subject')))
    .prepare();
  const keysFor = (some: readonly Written[]): readonly WrappedKey[] =>
    some
      .flatMap(({ event }) => Object.keys(event.pii ?? {}))
      .flatMap((subject) => keyOf.get({ subject }) ?? [])
      .map(({ subject, wrapped }) => ({ subject, wrapped: wrapped.toString('base64') }));

  return {
    seal: (written) =>
      stretchesOf(written).flatMap((some) => {
        const [first] = some;
        const last = some.at(-1);
        const genesis = first && genesisOf(first.logId);
        if (!genesis || !last) return [];
        const content: Content = {
          genesis,
          from: first.seq,
          prev: first.prev.toString('hex'),
          hash: last.hash.toString('hex'),
          lines: some.map(({ line }) => line),
          keys: keysFor(some),
        };
        const nonce = random(NONCE_BYTES);
        const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(about(last.logId, last.seq));
        const sealed = Buffer.concat([
          nonce,
          cipher.update(JSON.stringify(content)),
          cipher.final(),
          cipher.getAuthTag(),
        ]);
        return [{ log: last.logId, seq: last.seq, n: some.length, blob: sealed.toString('base64url') }];
      }),
    open: ({ log, seq, blob }) => {
      try {
        const sealed = Buffer.from(blob, 'base64url');
        const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES))
          .setAAD(about(log, seq))
          .setAuthTag(sealed.subarray(-TAG_BYTES));
        const clear = Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
        return JSON.parse(clear.toString('utf8')) as Content;
      } catch {
        // Whatever is wrong with it, it is none of ours.
        return null;
      }
    },
  };
}

const about = (logId: string, seq: number): Buffer => Buffer.from(`${logId}/${seq}`);

/** Cut where another log begins, and where a blob would grow large. */
function stretchesOf(written: readonly Written[]): readonly (readonly Written[])[] {
  const stretches: Written[][] = [];
  let chars = 0;
  for (const one of written) {
    const last = stretches.at(-1);
    if (last && last[0]?.logId === one.logId && chars + one.line.length <= BLOB_CHARS) last.push(one);
    else {
      stretches.push([one]);
      chars = 0;
    }
    chars += one.line.length;
  }
  return stretches;
}
