// ffmpeg, which takes music in: the machine's own, or one from its package manager, with root's rights or without.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { installForAll, unpackForUs, writeStarter } from './apt.mjs';
import { say, top } from './install.mjs';

const own = path.join(top, '.cache', 'ffmpeg');
const NAMES = ['ffmpeg', 'ffprobe'];
const VARIABLES = { ffmpeg: 'CLUBOPS_FFMPEG', ffprobe: 'CLUBOPS_FFPROBE' };

function find(name) {
  const given = process.env[VARIABLES[name]];
  if (given) return given;
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/bin'];
  return [...folders, own].map((folder) => path.join(folder, name)).find((file) => existsSync(file)) ?? null;
}

/** What the programs are told through their environment; empty where there is none and none could be had. */
function found() {
  const places = NAMES.map((name) => [VARIABLES[name], find(name)]);
  return places.every(([, file]) => file !== null) ? Object.fromEntries(places) : {};
}

/** The environment with both programs in it, installed first where they are missing. */
export function findOrInstallFfmpeg() {
  const there = found();
  if (Object.keys(there).length > 0) return there;
  say('Installing ffmpeg by the machine\u2019s package manager, for the music');
  if (!installForAll('ffmpeg') && unpackForUs('ffmpeg', own))
    for (const name of NAMES) writeStarter(path.join(own, name), { own, program: `usr/bin/${name}` });
  const installed = found();
  if (Object.keys(installed).length === 0)
    say('There is no ffmpeg and none could be installed: install it, or set CLUBOPS_FFMPEG and CLUBOPS_FFPROBE');
  return installed;
}
