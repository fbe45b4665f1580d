import { createCipheriv, createDecipheriv, createHmac, hash, scrypt, timingSafeEqual } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { assert } from '#shared/kit/assert.ts';
import type { Db } from '../db/open.ts';
import { dataKey } from '../db/schema.ts';
import type { Random } from '../ids.ts';
import { values } from '../state/values.ts';

/**
 * Sealed fields: AES-256-GCM (NIST SP 800-38D) under a data key for each person, which is wrapped by the club key.
 * Destroying the data key erases the person from the log, the backups and the cloud at once.
 */
export type Seal = {
  /** Makes the person's data key where there is none; only inside the command's transaction. */
  readonly seal: (subject: string, field: string, text: string) => string;
  /** Null where the person's key was destroyed. Throws where the text was altered. */
  readonly open: (subject: string, field: string, sealed: string) => string | null;
  /** As `seal` and `open`, for bytes that stand in a file. */
  readonly sealBytes: (subject: string, field: string, bytes: Buffer) => Buffer;
  readonly openBytes: (subject: string, field: string, sealed: Buffer) => Buffer | null;
  /** scrypt (RFC 7914) with a salt of its own and the node's pepper. */
  readonly pinHash: (pin: string) => Promise<string>;
  readonly pinMatches: (pin: string, hash: string) => Promise<boolean>;
  /** Of a command's content: keyed, because a PIN in it could be guessed from a plain hash. */
  readonly fingerprint: (content: string) => Buffer;
};

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;
const SALT_BYTES = 16;
const FINGERPRINT_BYTES = 16;
const SCRYPT = { cost: 16_384, blockSize: 8, parallelization: 1 } as const;

export function openSeal(db: Db, clubKey: Buffer, random: Random): Seal {
  assert(clubKey.length === KEY_BYTES, 'the club key has 256 bits');
  const find = db
    .select()
    .from(dataKey)
    .where(eq(dataKey.subject, sql.placeholder('subject')))
    .prepare();
  const put = db.insert(dataKey).values(values(dataKey)).prepare();
  const pepper = createHmac('sha256', clubKey).update('clubops.pin-pepper.v1').digest();
  const pepperText = pepper.toString('base64');
  const keyOf = (subject: string): Buffer | null => {
    const row = find.get({ subject });
    return row ? decrypt(clubKey, row.wrapped, subject) : null;
  };
  const newKey = (subject: string): Buffer => {
    const key = random(KEY_BYTES);
    put.run({ subject, wrapped: encrypt(clubKey, key, { about: subject, random }), escrowed: false });
    return key;
  };
  const pinKey = (pin: string, salt: Buffer): Promise<Buffer> =>
    new Promise((resolve, reject) => {
      scrypt(pin, Buffer.concat([salt, pepper]), KEY_BYTES, SCRYPT, (error, key) =>
        error ? reject(error) : resolve(key),
      );
    });
  const sealBytes: Seal['sealBytes'] = (subject, field, bytes) =>
    encrypt(keyOf(subject) ?? newKey(subject), bytes, { about: `${subject}/${field}`, random });
  const openBytes: Seal['openBytes'] = (subject, field, sealed) => {
    const key = keyOf(subject);
    return key && decrypt(key, sealed, `${subject}/${field}`);
  };
  return {
    sealBytes,
    openBytes,
    seal: (subject, field, text) => `v1.${sealBytes(subject, field, Buffer.from(text, 'utf8')).toString('base64url')}`,
    open: (subject, field, sealed) => {
      assert(sealed.startsWith('v1.'), 'a sealed field names its form');
      return openBytes(subject, field, Buffer.from(sealed.slice(3), 'base64url'))?.toString('utf8') ?? null;
    },
    pinHash: async (pin) => {
      const salt = random(SALT_BYTES);
      return Buffer.concat([salt, await pinKey(pin, salt)]).toString('base64url');
    },
    pinMatches: async (pin, kept) => {
      const bytes = Buffer.from(kept, 'base64url');
      return timingSafeEqual(await pinKey(pin, bytes.subarray(0, SALT_BYTES)), bytes.subarray(SALT_BYTES));
    },
    fingerprint: (content) => hash('sha256', pepperText + content, 'buffer').subarray(0, FINGERPRINT_BYTES),
  };
}

function encrypt(
  key: Buffer,
  clear: Buffer,
  { about, random }: { readonly about: string; readonly random: Random },
): Buffer {
  const nonce = random(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(about));
  return Buffer.concat([nonce, cipher.update(clear), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key: Buffer, sealed: Buffer, about: string): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES))
    .setAAD(Buffer.from(about))
    .setAuthTag(sealed.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
}
