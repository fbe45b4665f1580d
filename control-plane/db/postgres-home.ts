import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { pid } from 'node:process';
import { canReach, type OsUser } from './os-user.ts';

const SYSTEM_PLACE = '/var/lib/clubops';

/**
 * The folder that holds the server's data, password and log: `dir`, made if need be.
 * When we are root and the server's user can't reach `dir` (below a 0700 home, say), the data goes to a new folder
 * in /var/lib/clubops and `dir` becomes a link to it. Throws, naming the fix, when neither can be had.
 */
export function postgresHome(dir: string, user: OsUser): string {
  const wanted = resolve(dir);
  if (!existsSync(wanted)) makeHome(wanted, user);
  const home = realpathSync(wanted);
  if (!canReach(user, dirname(home))) {
    throw new Error(
      `${home} can't be reached by user "${user?.name}": run chmod o+x on the folders above it, or choose another data folder`,
    );
  }
  if (user !== null && statSync(home).uid !== user.uid) chownSync(home, user.uid, user.gid);
  return home;
}

function makeHome(wanted: string, user: OsUser): void {
  const parent = dirname(wanted);
  mkdirSync(parent, { recursive: true, mode: 0o755 });
  if (canReach(user, realpathSync(parent))) {
    mkdirSync(wanted, { mode: 0o700 });
    return;
  }
  const place = join(SYSTEM_PLACE, `${basename(wanted)}-${randomBytes(6).toString('hex')}`);
  try {
    mkdirSync(SYSTEM_PLACE, { recursive: true, mode: 0o755 });
    chmodSync(SYSTEM_PLACE, 0o755);
    mkdirSync(place, { mode: 0o700 });
  } catch (error) {
    throw new Error(
      `${parent} can't be reached by user "${user?.name}" and ${SYSTEM_PLACE} can't be written: run chmod o+x on the folders above ${wanted}, or choose another data folder`,
      { cause: error },
    );
  }
  symlinkSync(place, wanted);
}

/** The server's password: made once, 0600, readable by the server's user for initdb. Two starters get the same one. */
export function keepPassword(home: string, user: OsUser): { readonly file: string; readonly password: string } {
  const file = join(home, 'password');
  if (!existsSync(file)) {
    const draft = `${file}.${pid}-${randomBytes(4).toString('hex')}`;
    writeFileSync(draft, randomBytes(24).toString('base64url'), { mode: 0o600 });
    if (user !== null) chownSync(draft, user.uid, user.gid);
    try {
      linkSync(draft, file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      rmSync(draft);
    }
  }
  return { file, password: readFileSync(file, 'utf8') };
}
