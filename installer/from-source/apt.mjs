// Programs that come from the machine's own package manager, with root's rights or without.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

function run(command, args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'], env }).status === 0;
}

/** Installs a package for the whole machine; false where that is not allowed or did not work. */
export function installForAll(name) {
  const sudo = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const apt = (...args) => {
    const [command, ...rest] = [...sudo, 'apt-get', ...args];
    return run(command, rest);
  };
  return apt('update', '-qq') && apt('install', '-y', '-qq', '--no-install-recommends', name);
}

/** Without root's rights: the same packages, fetched by apt into a folder of ours and unpacked there, below `root`. */
export function unpackForUs(name, own) {
  const at = (...parts) => path.join(own, ...parts);
  for (const folder of ['state/lists/partial', 'cache/archives/partial', 'root'])
    mkdirSync(at(folder), { recursive: true });
  const options = [
    ['Dir::State', at('state')],
    ['Dir::State::status', '/var/lib/dpkg/status'],
    ['Dir::Cache', at('cache')],
    ['Debug::NoLocking', '1'],
    ['APT::Sandbox::User', process.env.USER ?? ''],
  ].flatMap(([option, value]) => ['-o', `${option}=${value}`]);
  const fetched =
    run('apt-get', [...options, 'update', '-qq']) &&
    run('apt-get', [...options, 'install', '-y', '-qq', '--no-install-recommends', '--download-only', name]);
  if (!fetched) return false;
  for (const file of readdirSync(at('cache/archives')).filter((one) => one.endsWith('.deb'))) {
    if (!run('dpkg-deb', ['-x', at('cache/archives', file), at('root')])) return false;
  }
  for (const spent of ['cache', 'state']) rmSync(at(spent), { recursive: true });
  return true;
}

/** A script that starts a program of an unpacked package with the libraries that came with it. */
export function writeStarter(script, { own, program, variables = {} }) {
  const at = (...parts) => path.join(own, 'root', ...parts);
  const homes = ['usr/lib/x86_64-linux-gnu', 'usr/lib/aarch64-linux-gnu', 'lib/x86_64-linux-gnu', 'usr/lib'];
  // Some packages keep theirs one folder deeper, where only an installed system finds them.
  const folders = homes.flatMap((home) => ['', 'pulseaudio', 'blas', 'lapack'].map((deeper) => at(home, deeper)));
  const set = { LD_LIBRARY_PATH: folders.join(':'), ...variables };
  const lines = Object.entries(set).map(([key, value]) => `export ${key}="${value}"`);
  writeFileSync(script, `#!/bin/sh\n${lines.join('\n')}\nexec "${at(program)}" "$@"\n`);
  chmodSync(script, 0o755);
}
