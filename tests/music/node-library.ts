import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** Where an ordinary user's ffmpeg was unpacked to. */
export const TOOLS = Object.fromEntries(
  ['CLUBOPS_FFMPEG', 'CLUBOPS_FFPROBE'].flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])),
);

/** The music of a node that may be dead, as it lies in its data folder. */
export function libraryIn(folder: string) {
  const inLibrary = (name: string): readonly string[] => readdirSync(path.join(folder, 'music', name));
  const isThere = (name: string): boolean =>
    statSync(path.join(folder, 'music', name), { throwIfNoEntry: false }) !== undefined;
  const copy = (track: string): string => path.join(folder, 'music', 'renditions', `${track}.m4a`);
  return {
    inLibrary,
    copy,
    live: (): readonly string[] =>
      isThere('tracks')
        ? inLibrary('tracks')
            .filter((name) => name.endsWith('.json'))
            .map((name) => name.replace('.json', ''))
        : [],
    /** Seconds of sound that come out of a playable copy, to its last frame. */
    secondsOf: (track: string): number => {
      const sound = execFileSync(
        process.env['CLUBOPS_FFMPEG'] ?? 'ffmpeg',
        ['-v', 'error', '-xerror', '-i', copy(track), '-f', 's16le', '-ac', '1', '-ar', '8000', '-'],
        { maxBuffer: 1 << 28 },
      );
      return sound.length / 2 / 8_000;
    },
    /** Programs that still work on something of the club's folder. */
    processes: (): readonly string[] =>
      readdirSync('/proc').filter((pid) => {
        try {
          return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder);
        } catch {
          return false;
        }
      }),
  };
}
