import { createHash } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import type { PairingCodeAnswer } from '#shared/contract/api.ts';
import type { DeviceCeiling, Role } from '#shared/domain/event.ts';
import { rolesHere } from '#shared/domain/rights.ts';
import type { Clock } from '../clock.ts';
import type { Db } from '../db/open.ts';
import { signIn } from '../db/schema.ts';
import type { Random } from '../ids.ts';
import { limits } from '../limits.ts';
import type { Seal } from '../seal/seal.ts';
import type { Reads } from '../state/reads.ts';
import { values } from '../state/values.ts';

export type SignedIn = {
  readonly staff: string;
  readonly name: string;
  readonly device: string;
  /** The person's roles, cut to the device's ceiling. */
  readonly roles: readonly Role[];
};
export type SignInRefusal = 'device_unknown' | 'staff_unknown' | 'pin_wrong' | 'pin_locked';

export type SignIns = {
  readonly byToken: (token: string) => SignedIn | null;
  /** The paired device that a token belongs to, null where it is unknown or revoked. */
  readonly device: (token: string) => string | null;
  readonly signIn: (
    device: string,
    staff: string,
    pin: string,
  ) => Promise<{ readonly token: string; readonly who: SignedIn } | SignInRefusal>;
  /** Whether somebody's own PIN was given on a device; as `signIn`, but nobody is signed in by it. Null where it was. */
  readonly pinFault: (device: string, staff: string, pin: string) => Promise<SignInRefusal | null>;
  readonly signOut: (token: string) => void;
  readonly forgetDevice: (device: string) => void;
};

type Parts = {
  readonly db: Db;
  readonly reads: Reads;
  readonly seal: Seal;
  readonly clock: Clock;
  readonly random: Random;
};

export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

/** Who is signed in where. Kept in the database, so that a restarted node knows its people. */
export function openSignIns({ db, reads, seal, clock, random }: Parts): SignIns {
  const { put, remove, removeOfDevice } = openQueries(db);
  const bySecret = new Map<string, { readonly staff: string; readonly device: string }>();
  for (const row of db.select().from(signIn).all()) bySecret.set(row.tokenHash, row);
  const known = new Map<string, SignedIn>();
  const locks = openLocks(clock);

  const whoIs = (staff: string, device: string): SignedIn | null => {
    const person = reads.club.staff(staff);
    const place = reads.club.device(device);
    if (!person || !place || place.revoked) return null;
    return { staff, name: person.name, device, roles: rolesHere(person.roles, place.ceiling) };
  };

  const pinFault: SignIns['pinFault'] = async (device, staff, pin) => {
    if (!whoIs(staff, device)) return 'staff_unknown';
    const lock = `${staff}/${device}`;
    if (locks.isLocked(lock)) return 'pin_locked';
    const sealed = reads.club.staff(staff)?.pin ?? '';
    const kept = seal.open(staff, 'pin', sealed);
    // Counted as wrong before the slow hash, so that guesses sent all at once don't slip past the lock.
    locks.wrong(lock);
    if (kept === null || !(await seal.pinMatches(pin, kept))) return 'pin_wrong';
    locks.right(lock);
    return null;
  };

  return {
    pinFault,
    byToken: (token) => {
      const found = known.get(token);
      if (found) return found;
      const row = bySecret.get(tokenHash(token));
      const who = row ? whoIs(row.staff, row.device) : null;
      if (who) known.set(token, who);
      return who;
    },
    device: (token) => {
      const hashed = tokenHash(token);
      return reads.club.devices().find((one) => one.tokenHash === hashed && !one.revoked)?.device ?? null;
    },
    signIn: async (device, staff, pin) => {
      const who = whoIs(staff, device);
      if (!who) return 'staff_unknown';
      const fault = await pinFault(device, staff, pin);
      if (fault) return fault;
      const token = random(32).toString('base64url');
      const row = { tokenHash: tokenHash(token), staff, device, signedInAt: clock.wall() };
      put.run(row);
      bySecret.set(row.tokenHash, row);
      return { token, who };
    },
    signOut: (token) => {
      known.delete(token);
      bySecret.delete(tokenHash(token));
      remove.run({ tokenHash: tokenHash(token) });
    },
    forgetDevice: (device) => {
      for (const [hashed, row] of bySecret) if (row.device === device) bySecret.delete(hashed);
      for (const [token, who] of known) if (who.device === device) known.delete(token);
      removeOfDevice.run({ device });
    },
  };
}

function openQueries(db: Db) {
  return {
    put: db.insert(signIn).values(values(signIn)).prepare(),
    remove: db
      .delete(signIn)
      .where(eq(signIn.tokenHash, sql.placeholder('tokenHash')))
      .prepare(),
    removeOfDevice: db
      .delete(signIn)
      .where(eq(signIn.device, sql.placeholder('device')))
      .prepare(),
  };
}

/** Wrong PINs are counted by person and device, so that nobody can lock a person out everywhere. */
function openLocks(clock: Clock) {
  const wrong = new Map<string, { readonly count: number; readonly until: number }>();
  return {
    isLocked: (key: string) => (wrong.get(key)?.until ?? 0) > clock.mono(),
    wrong: (key: string) => {
      const count = (wrong.get(key)?.count ?? 0) + 1;
      const locked = count % limits.pinTriesMax === 0;
      wrong.set(key, { count, until: locked ? clock.mono() + limits.pinLockMs : 0 });
    },
    right: (key: string) => void wrong.delete(key),
  };
}

export type PairingCodes = {
  readonly make: (ceiling: DeviceCeiling) => PairingCodeAnswer;
  /** Uses the code up. Five wrong tries end every code that waits. */
  readonly use: (code: string) => DeviceCeiling | null;
};

/** No 0, 1, I, L, O, U: a code is read aloud in the dark. */
const LETTERS = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
const CODE_LENGTH = 8;

export function openPairingCodes(clock: Clock, random: Random, demoCode: string | null): PairingCodes {
  const codes = new Map<string, { readonly ceiling: DeviceCeiling; readonly until: number }>();
  let wrongTries = 0;
  return {
    make: (ceiling) => {
      const code = Array.from(random(CODE_LENGTH), (byte) => LETTERS[byte % LETTERS.length]).join('');
      codes.set(code, { ceiling, until: clock.mono() + limits.pairingCodeMs });
      wrongTries = 0;
      return { code, expiresAt: clock.wall() + limits.pairingCodeMs };
    },
    use: (code) => {
      if (demoCode !== null && code === demoCode) return 'office';
      const found = codes.get(code);
      codes.delete(code);
      if (found && found.until > clock.mono()) return found.ceiling;
      wrongTries += 1;
      if (wrongTries >= limits.pairingTriesMax) codes.clear();
      return null;
    },
  };
}
