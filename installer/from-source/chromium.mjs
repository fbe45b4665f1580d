// A browser for the browser tests: the machine's own, or one from its package manager, with root's rights or without.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { say, top } from './install.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const own = path.join(top, '.cache', 'chromium');
const ownRun = path.join(own, 'run');

function find() {
  const given = process.env.CLUBOPS_CHROMIUM;
  if (given) return given;
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/bin', '/snap/bin'];
  const places = [...folders.flatMap((folder) => NAMES.map((name) => path.join(folder, name))), ownRun];
  return places.find((file) => existsSync(file)) ?? null;
}

function run(command, args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'], env }).status === 0;
}

function installForAll() {
  const sudo = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const apt = (...args) => {
    const [command, ...rest] = [...sudo, 'apt-get', ...args];
    return run(command, rest);
  };
  return apt('update', '-qq') && apt('install', '-y', '-qq', '--no-install-recommends', 'chromium');
}

/** Without root's rights: the same packages, fetched by apt into a folder of ours and unpacked there. */
function unpackForUs() {
  const at = (...parts) => path.join(own, ...parts);
  for (const folder of ['state/lists/partial', 'cache/archives/partial', 'root'])
    mkdirSync(at(folder), { recursive: true });
  const options = [
    ['Dir::State', at('state')],
    ['Dir::State::status', '/var/lib/dpkg/status'],
    ['Dir::Cache', at('cache')],
    ['Debug::NoLocking', '1'],
    ['APT::Sandbox::User', process.env.USER ?? ''],
  ].flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  const fetched =
    run('apt-get', [...options, 'update', '-qq']) &&
    run('apt-get', [...options, 'install', '-y', '-qq', '--no-install-recommends', '--download-only', 'chromium']);
  if (!fetched) return;
  for (const file of readdirSync(at('cache/archives')).filter((name) => name.endsWith('.deb'))) {
    if (!run('dpkg-deb', ['-x', at('cache/archives', file), at('root')])) return;
  }
  for (const spent of ['cache', 'state']) rmSync(at(spent), { recursive: true });
  const libraries = ['usr/lib/x86_64-linux-gnu', 'usr/lib/aarch64-linux-gnu', 'lib/x86_64-linux-gnu', 'usr/lib'].map(
    (folder) => at('root', folder),
  );
  const script = `#!/bin/sh\nexport LD_LIBRARY_PATH="${libraries.join(':')}"\nexport FONTCONFIG_PATH="${at('root/etc/fonts')}"\nexec "${at('root/usr/lib/chromium/chromium')}" "$@"\n`;
  writeFileSync(ownRun, script);
  chmodSync(ownRun, 0o755);
}

/** The browser's path; null where there is none and none could be had, which the browser tests then say. */
export function findOrInstallChromium() {
  const found = find();
  if (found) return found;
  say('Installing Chromium by the machine\u2019s package manager, for the browser tests');
  if (!installForAll()) unpackForUs();
  const installed = find();
  if (!installed)
    say(
      'There is no Chromium and none could be installed: install it, or set CLUBOPS_CHROMIUM to a Chromium or Chrome',
    );
  return installed;
}
