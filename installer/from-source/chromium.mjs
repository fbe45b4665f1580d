// A browser for the browser tests: the machine's own, or one from its package manager, with root's rights or without.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { installForAll, unpackForUs, writeStarter } from './apt.mjs';
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

/** The browser's path; null where there is none and none could be had, which the browser tests then say. */
export function findOrInstallChromium() {
  const found = find();
  if (found) return found;
  say('Installing Chromium by the machine\u2019s package manager, for the browser tests');
  if (!installForAll('chromium') && unpackForUs('chromium', own)) {
    const variables = { FONTCONFIG_PATH: path.join(own, 'root/etc/fonts') };
    writeStarter(ownRun, { own, program: 'usr/lib/chromium/chromium', variables });
  }
  const installed = find();
  if (!installed)
    say(
      'There is no Chromium and none could be installed: install it, or set CLUBOPS_CHROMIUM to a Chromium or Chrome',
    );
  return installed;
}
