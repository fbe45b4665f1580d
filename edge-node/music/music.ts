import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { MusicStatus } from '#shared/contract/music-api.ts';
import type { CopyKind, CopyWanted } from '#shared/domain/track-events.ts';
import { openFileWords, type FilesAsked } from './file-words.ts';
import { openHome, type Home } from './home.ts';
import type { IntakeTask } from './intake-main.ts';
import { readFacts } from './library.ts';
import type { Asked, Told } from './messages.ts';
import { ownProgram } from './own-program.ts';
import { openPace } from './pace.ts';
import type { Shelf } from './shelf.ts';
import { findTools, NO_FFMPEG } from './tools.ts';

export type MusicParts = {
  /** Where the library lies. */
  readonly home: string;
  /** The watched folder; null for none. It is made where it is not there. */
  readonly folder: string | null;
  /** What copies the club wants; null while that is not known, and then nothing is worked on. */
  readonly wanted: () => CopyWanted | null;
  readonly isBinary: boolean;
  readonly runtime: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly shelf: Shelf;
  readonly broken: (error: unknown) => void;
};

export type Music = {
  readonly shelf: Shelf;
  readonly home: Home;
  /** Where a track's playable copy lies, as its facts name it; null where there is no such track. */
  readonly copyOf: (track: string) => { readonly file: string; readonly kind: CopyKind } | null;
  /** Without a word of which files: the newest of every outcome. */
  readonly status: (asked?: FilesAsked) => MusicStatus;
  /** A folder of its own for one file that a browser sends. */
  readonly uploadFolder: (id: string) => string;
  /** Takes in a file that was sent whole. */
  readonly take: (file: string) => void;
  /** The floor did something: taking in gives way. */
  readonly floorWorked: () => void;
  readonly close: () => Promise<void>;
};

type Child = ChildProcessByStdio<Writable, Readable, null>;

const AGAIN_MS = 2_000;
const PACE_MS = 1_000;

/** The node's side of the process that takes music in: it is started, started again where it dies, and heard. */
export function openMusic(parts: MusicParts): Music {
  const { shelf } = parts;
  const uploads = path.join(parts.home, 'uploads');
  const home = openHome(parts.home);
  mkdirSync(uploads, { recursive: true, mode: 0o700 });
  if (parts.folder !== null) mkdirSync(parts.folder, { recursive: true });
  const hasTools = findTools(parts.env, parts) !== null;
  const words = openFileWords();
  let state: Extract<Told, { t: 'state' }> | null = null;
  const hear = (told: Told): void => {
    if (told.t === 'tracks') shelf.put(told.rows);
    else if (told.t === 'state') state = told;
    else if (told.t === 'file_gone') words.gone(told.file);
    else words.hear(told.word);
  };
  const task = { home: parts.home, folder: parts.folder, uploads, runtime: parts.runtime };
  const keeper = hasTools ? keepIntake(task, parts, hear) : null;
  const pace = openPace();
  const tellPace = (): void => {
    const wanted = parts.wanted();
    if (!wanted) return;
    const { targetLufs, copy } = wanted;
    keeper?.ask({ t: 'pace', jobs: pace.jobs(Date.now()), wanted: { targetLufs, copy } });
  };
  setImmediate(tellPace);
  const timer = setInterval(tellPace, PACE_MS);
  return {
    shelf,
    home,
    copyOf: (track) => {
      const kind = readFacts(home.facts(track))?.rendition.copy;
      return kind === undefined ? null : { kind, file: home.rendition(track, kind) };
    },
    status: (asked = { outcome: null, skip: 0 }) => ({
      says: hasTools ? null : NO_FFMPEG,
      folder: parts.folder,
      folderState: state?.folder ?? 'unseen',
      tracks: shelf.size(),
      waiting: state?.waiting ?? 0,
      working: state?.working ?? [],
      speed: state?.speed ?? null,
      again: state?.again ?? { left: 0, failed: 0 },
      ...words.page(asked),
    }),
    uploadFolder: (id) => path.join(uploads, id),
    take: (file) => keeper?.ask({ t: 'take', file }),
    floorWorked: pace.worked,
    close: async () => {
      clearInterval(timer);
      await keeper?.close();
    },
  };
}

type Keeper = { readonly ask: (asked: Asked) => void; readonly close: () => Promise<void> };

function keepIntake(task: IntakeTask, { isBinary, env, broken }: MusicParts, hear: (told: Told) => void): Keeper {
  let child: Child | null = null;
  let pace: Asked | null = null;
  let closing = false;
  const ask = (asked: Asked): void => {
    if (asked.t === 'pace') pace = asked;
    if (child?.stdin.writable) child.stdin.write(`${JSON.stringify(asked)}\n`);
  };
  const start = (): void => {
    if (closing) return;
    const [program, ...args] = ownProgram(isBinary, 'take-in');
    child = spawn(program, [...args, JSON.stringify(task)], { stdio: ['pipe', 'pipe', 'inherit'], env: { ...env } });
    createInterface({ input: child.stdout }).on('line', (line) => hear(JSON.parse(line) as Told));
    // It died between two words of ours: what it did not hear it finds by itself.
    child.stdin.on('error', () => undefined);
    child.on('error', broken);
    child.on('close', () => {
      child = null;
      if (!closing) setTimeout(start, AGAIN_MS).unref();
    });
    if (pace) ask(pace);
  };
  start();
  return {
    ask,
    close: () => {
      closing = true;
      const ending = child;
      if (!ending) return Promise.resolve();
      return new Promise((resolve) => {
        ending.once('close', () => resolve());
        ending.stdin.end();
      });
    },
  };
}
