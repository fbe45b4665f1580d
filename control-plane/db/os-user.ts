import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { getuid } from 'node:process';

/** Who the database server runs as. `null` means as we do: PostgreSQL refuses only root. */
export type OsUser = { readonly uid: number; readonly gid: number; readonly name: string } | null;

/** Root drops to `postgres`, else to `nobody`: the user must have a passwd entry or initdb refuses it. */
export function serverUser(): OsUser {
  if (getuid?.() !== 0) return null;
  const entries = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const entry = entries.find(([name]) => name === 'postgres') ?? entries.find(([name]) => name === 'nobody');
  if (!entry)
    throw new Error('PostgreSQL does not run as root, and neither user "postgres" nor "nobody" exists: add one');
  return { name: entry[0] ?? '', uid: Number(entry[2]), gid: Number(entry[3]) };
}

/** May `user` pass through `folder` and every folder above it? Judged by mode bits; access lists are not read. */
export function canReach(user: OsUser, folder: string): boolean {
  if (user === null) return true;
  for (let at = folder; ; at = dirname(at)) {
    const { mode, uid, gid } = statSync(at);
    const search = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if ((mode & search) === 0) return false;
    if (at === dirname(at)) return true;
  }
}
