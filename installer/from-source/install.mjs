// Plain enough for the machine's own Node: it runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const top = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const bin = path.join(top, 'node_modules', '.bin');
/** The project's own Node, whatever the machine has. */
export const node = path.join(bin, process.platform === 'win32' ? 'node.exe' : 'node');
/** What every program of the project is started with: its own tools come first. */
export const environment = { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH ?? ''}` };

export function say(text) {
  console.log(`\u203a ${text}`);
}

/** Runs a command to its end and stops here when it fails. */
export function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: top, stdio: 'inherit', env: environment, ...options });
  if (status === 0) return;
  console.error(`\n${path.basename(command)} ${args.join(' ')} failed${error ? `: ${error.message}` : ''}.`);
  process.exit(status ?? 1);
}

/** Installs exactly what the lockfile names, once for each lockfile. */
export function install() {
  const stamp = path.join(top, 'node_modules', '.clubops-lockfile');
  const lockfile = createHash('sha256')
    .update(readFileSync(path.join(top, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lockfile) return;
  say('Installing packages (once; a minute or so)');
  const npm = process.env.npm_execpath;
  // Not `ci`: that refuses a lockfile that leaves out a platform whose optional package the registry lacks.
  const args = ['install', '--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  if (npm && /\.c?js$/.test(npm)) run(process.execPath, [npm, ...args]);
  else run('npm', args);
  if (!existsSync(node)) {
    console.error(`There is no Node 24 package for ${process.platform}-${process.arch}.`);
    process.exit(1);
  }
  writeFileSync(stamp, lockfile);
}

/** Builds what is younger in its sources than as it was built: the floor app, and the meters of the music. */
export function build() {
  mkdirSync(path.join(top, 'dist'), { recursive: true });
  if (isStale('dist/web/index.html', ['edge-node/web', 'shared', 'package-lock.json'])) {
    say('Building the floor app');
    run(path.join(bin, 'vite'), ['build', 'edge-node/web', '--logLevel', 'warn'], {
      env: { ...environment, NODE_ENV: 'production' },
    });
  }
  if (isStale('dist/meters.wasm', ['edge-node/music/meters', 'package-lock.json']))
    run(path.join(bin, 'asc'), ['--config', 'edge-node/music/meters/asconfig.json']);
}

function isStale(made, sources) {
  const built = path.join(top, made);
  return (
    !existsSync(built) || statSync(built).mtimeMs <= Math.max(...sources.map((name) => newest(path.join(top, name))))
  );
}

function newest(file) {
  const stat = statSync(file);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(file).map((name) => newest(path.join(file, name))));
}
