import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { musicLimits } from './limits.ts';
import { ownProgram } from './own-program.ts';

/** What the ingest works with on this machine. Found once, at the start of whoever ingests. */
export type Tools = {
  readonly ffmpeg: string;
  readonly ffprobe: string;
  /** Null on a machine without it: then time and output are bounded all the same, memory is not. */
  readonly prlimit: string | null;
  readonly nice: string | null;
  /** Takes the network away; null where the machine does not let us. */
  readonly unshare: string | null;
  /** Whether this ffmpeg can make Chromaprint's fingerprints. */
  readonly fingerprints: boolean;
  /** The program and arguments that read a file's tags, before file and type: `tags-main.ts` on Node. */
  readonly tagReader: readonly string[];
};

type Environment = Readonly<Record<string, string | undefined>>;

/** What a start without ffmpeg says. */
export const NO_FFMPEG =
  'There is no ffmpeg on this machine, so no music can be taken in; everything else runs. ' +
  'Install ffmpeg, or set CLUBOPS_FFMPEG and CLUBOPS_FFPROBE to its programs.';

/**
 * Looks for ffmpeg and ffprobe: `CLUBOPS_FFMPEG` and `CLUBOPS_FFPROBE`, then `embedded` (a folder where the binary unpacked
 * its own), then the packages `ffmpeg-static` and `ffprobe-static` where they could be installed, then `PATH`.
 * Answers null where one of the two is missing; `NO_FFMPEG` says so to a person.
 */
export function findTools(
  env: Environment,
  { isBinary = false, embedded = null }: { readonly isBinary?: boolean; readonly embedded?: string | null } = {},
): Tools | null {
  const ffmpeg = find('ffmpeg', { given: env['CLUBOPS_FFMPEG'], embedded, search: env['PATH'] });
  const ffprobe = find('ffprobe', { given: env['CLUBOPS_FFPROBE'], embedded, search: env['PATH'] });
  if (ffmpeg === null || ffprobe === null) return null;
  const unshare = onPath('unshare', env['PATH']);
  return {
    ffmpeg,
    ffprobe,
    prlimit: onPath('prlimit', env['PATH']),
    nice: onPath('nice', env['PATH']),
    unshare: unshare !== null && works(unshare, ['--net', '--map-root-user', 'true']) ? unshare : null,
    fingerprints: works(ffmpeg, ['-v', 'error', '-h', 'muxer=chromaprint'], /fp_format/),
    tagReader: ownProgram(isBinary, 'read-tags', [`--max-old-space-size=${musicLimits.tagsHeapMegabytes}`]),
  };
}

/** What goes before a tool's own command line: its limits, its low priority, and no network. */
export function wrapping(tools: Tools, fileBytesMax: number): readonly string[] {
  const { toolMemoryBytes, toolCpuSeconds } = musicLimits;
  const bounds = [`--as=${toolMemoryBytes}`, `--cpu=${toolCpuSeconds}`, `--fsize=${fileBytesMax}`, '--core=0'];
  return [
    ...(tools.prlimit === null ? [] : [tools.prlimit, ...bounds]),
    ...(tools.nice === null ? [] : [tools.nice, '-n', '19']),
    ...(tools.unshare === null ? [] : [tools.unshare, '--net', '--map-root-user']),
  ];
}

type Places = {
  readonly given: string | undefined;
  readonly embedded: string | null;
  readonly search: string | undefined;
};

/** A path that was given and is no program is an answer of its own: nothing else is taken in its place. */
function find(name: 'ffmpeg' | 'ffprobe', { given, embedded, search }: Places): string | null {
  if (given !== undefined && given !== '') return runnable(given) ? path.resolve(given) : null;
  const own = embedded === null ? null : path.join(embedded, name);
  if (own !== null && runnable(own)) return own;
  const packaged = fromPackage(name);
  return packaged !== null && runnable(packaged) ? packaged : onPath(name, search);
}

function fromPackage(name: 'ffmpeg' | 'ffprobe'): string | null {
  try {
    const found = createRequire(import.meta.url)(`${name}-static`) as unknown;
    if (typeof found === 'string') return found;
    return typeof found === 'object' && found !== null && 'path' in found ? String(found.path) : null;
  } catch {
    return null;
  }
}

function onPath(name: string, search: string | undefined): string | null {
  const folders = (search ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  return folders.map((folder) => path.join(folder, name)).find(runnable) ?? null;
}

function runnable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function works(program: string, args: readonly string[], says: RegExp | null = null): boolean {
  const { status, stdout } = spawnSync(program, args, { encoding: 'utf8', timeout: 10_000 });
  return status === 0 && (says === null || says.test(stdout));
}
