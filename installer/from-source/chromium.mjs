// A browser for the browser tests: the machine's own, or one from its package manager.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { say } from './install.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

function find() {
  const given = process.env.CLUBOPS_CHROMIUM;
  if (given) return given;
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/bin', '/snap/bin'];
  return (
    folders.flatMap((folder) => NAMES.map((name) => path.join(folder, name))).find((file) => existsSync(file)) ?? null
  );
}

/** The browser's path; null where there is none and none could be installed, which the browser tests then say. */
export function findOrInstallChromium() {
  const found = find();
  if (found) return found;
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  say('Installing Chromium by the machine\u2019s package manager, for the browser tests');
  for (const args of [
    ['apt-get', 'update', '-qq'],
    ['apt-get', 'install', '-y', '-qq', '--no-install-recommends', 'chromium'],
  ]) {
    const [command, ...rest] = [...asRoot, ...args];
    const { status } = spawnSync(command, rest, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    if (status !== 0) break;
  }
  const installed = find();
  if (!installed)
    say(
      'There is no Chromium and it could not be installed: install it, or set CLUBOPS_CHROMIUM to a Chromium or Chrome',
    );
  return installed;
}
