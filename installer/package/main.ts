import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeBinary, type Embedded } from './binary.ts';
import { filesIn, isStale } from './freshness.ts';

export const BINARY = 'dist/clubops-linux-x64';
const WEB = 'dist/web';
const METERS = 'dist/meters.wasm';
const METERS_SOURCE = 'edge-node/music/meters';
const MIGRATIONS = 'edge-node/db/migrations';
const ADDON = 'node_modules/better-sqlite3/prebuilds/linux-x64.node';

/** What the binary is made of, from the project's top. */
export const SOURCES = ['installer', 'edge-node', 'shared', 'package-lock.json'] as const;

/** `npm run package`: builds the floor app and the meters where they are not there or older than their sources, then the one binary. */
export async function packageBinary(top: string): Promise<{ readonly file: string; readonly bytes: number }> {
  const web = ['edge-node/web', 'shared', 'package-lock.json'].map((name) => path.join(top, name));
  if (isStale(path.join(top, WEB, 'index.html'), web)) await buildWeb(top);
  if (isStale(path.join(top, METERS), [path.join(top, METERS_SOURCE)])) buildMeters(top);
  await makeBinary(top, embedded(top), path.join(top, BINARY));
  return { file: BINARY, bytes: statSync(path.join(top, BINARY)).size };
}

async function buildWeb(top: string): Promise<void> {
  // Vite takes whatever a shell or a test run has set, and React would come with its development checks.
  process.env['NODE_ENV'] = 'production';
  const { build } = await import('vite');
  await build({ root: path.join(top, 'edge-node/web'), logLevel: 'warn' });
}

function buildMeters(top: string): void {
  const asc = path.join(top, 'node_modules/assemblyscript/bin/asc.js');
  const args = [asc, '--config', path.join(METERS_SOURCE, 'asconfig.json')];
  execFileSync(process.execPath, args, { cwd: top, stdio: 'inherit' });
}

function embedded(top: string): Embedded {
  const own = [WEB, MIGRATIONS].flatMap((folder) => filesIn(path.join(top, folder)));
  const byKey = own.map((file) => [path.relative(top, file).split(path.sep).join('/'), file] as const);
  return new Map([...byKey, [METERS, path.join(top, METERS)], ['native/better_sqlite3.node', path.join(top, ADDON)]]);
}

if (import.meta.main) {
  const top = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
  const made = await packageBinary(top);
  process.stdout.write(`${made.file}: ${(made.bytes / 1_000_000).toFixed(1)} MB\n`);
  if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify(made)}\n`);
}
