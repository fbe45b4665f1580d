import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TrackRow } from '#shared/contract/music-api.ts';
import type { MusicPlace } from '../../edge-node/app.ts';
import { openMusic } from '../../edge-node/music/music.ts';
import { openShelf } from '../../edge-node/music/shelf.ts';
import { MUSIC_UNSET } from '#shared/domain/track.ts';
import { until } from './until.ts';

export type Tone = { readonly name: string; readonly hertz: number; readonly seconds: number };

/** A real library of tones, each told from the others by its frequency: dropped into a folder and taken in like any song. */
export async function openSounds(tones: readonly Tone[]) {
  const folder = mkdtempSync(path.join(tmpdir(), 'clubops-sounds-'));
  const drop = path.join(folder, 'drop');
  mkdirSync(drop);
  for (const { name, hertz, seconds } of tones) {
    const source = `sine=frequency=${hertz}:duration=${seconds}:sample_rate=44100`;
    const quiet = ['-hide_banner', '-loglevel', 'error', '-nostdin', '-y'];
    execFileSync(process.env['CLUBOPS_FFMPEG'] ?? 'ffmpeg', [
      ...quiet,
      '-f',
      'lavfi',
      '-i',
      source,
      path.join(drop, `${name}.wav`),
    ]);
  }
  const music: MusicPlace = {
    home: path.join(folder, 'music'),
    folder: drop,
    runtime: folder,
    env: process.env,
  };
  const shelf = openShelf();
  const taking = openMusic({ ...music, isBinary: false, shelf, wanted: () => MUSIC_UNSET, broken: () => undefined });
  await until('every tone to be a track', () => shelf.size() === tones.length, { msMax: 60_000 });
  await taking.close();
  const rows = [...shelf.all()];
  return {
    rows,
    music,
    named: (name: string): TrackRow => {
      const found = rows.find(({ title }) => title === name);
      if (!found) throw new Error(`No tone is called ${name}.`);
      return found;
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
export type Sounds = Awaited<ReturnType<typeof openSounds>>;
