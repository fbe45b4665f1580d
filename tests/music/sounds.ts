import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { onTestFinished } from 'vitest';
import { openHome } from '../../edge-node/music/home.ts';
import { ingest, type Progress, type Verdict } from '../../edge-node/music/ingest.ts';
import { openLibrary, type Library } from '../../edge-node/music/library.ts';
import { findTools, NO_FFMPEG, type Tools } from '../../edge-node/music/tools.ts';

/** A folder of a test's own with a library in it. */
export type Club = {
  readonly folder: string;
  readonly library: Library;
  readonly tools: Tools;
  readonly take: (file: string, options?: Options) => Promise<Verdict>;
  /** A file with these bytes. */
  readonly put: (name: string, content: string | Buffer) => string;
};
type Options = {
  readonly target?: number;
  readonly signal?: AbortSignal;
  readonly tools?: Tools;
  readonly library?: Library;
  readonly onProgress?: (progress: Progress) => void;
};

export function openClub(): Club {
  const folder = mkdtempSync(path.join(tmpdir(), 'clubops-music-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const library = openLibrary(openHome(path.join(folder, 'music')));
  const tools = toolsHere();
  return {
    folder,
    library,
    tools,
    take: (
      file,
      { target = -14, signal, tools: own = tools, library: other = library, onProgress = () => undefined } = {},
    ) => ingest(file, { library: other, target, tools: own, signal: signal ?? null, onProgress }),
    put: (name, content) => {
      const file = path.join(folder, name);
      writeFileSync(file, content);
      return file;
    },
  };
}

export function toolsHere(): Tools {
  const tools = findTools(process.env);
  if (tools === null) throw new Error(NO_FFMPEG);
  return tools;
}

/** Makes a file with ffmpeg and answers where it is. */
export function make(club: Club, name: string, args: readonly string[]): string {
  const file = path.join(club.folder, name);
  execFileSync(club.tools.ffmpeg, ['-nostdin', '-v', 'error', '-y', ...args, `file:${file}`]);
  return file;
}
