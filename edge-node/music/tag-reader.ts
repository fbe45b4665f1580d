import { PassThrough } from 'node:stream';
import { musicLimits } from './limits.ts';
import { run } from './run.ts';
import type { Tools } from './tools.ts';
import type { Vessel } from './wide-pipe.ts';

type Question = { readonly file: string; readonly mime: string; readonly signal: AbortSignal | null };
type Reader = {
  /** What it answers; undefined where it died, took too long, said too much or what is no answer. */
  readonly ask: (question: Question) => Promise<unknown>;
  readonly close: () => void;
  /** How often it has answered. */
  readonly answered: () => number;
};

/** So many files are read by one process at most: whatever one of them has left behind in it goes with it. */
const FILES_MAX = 200;
const IDLE_MS = 2_000;

let reader: Reader | null = null;
let last: Promise<unknown> = Promise.resolve();

/**
 * Reads a file's tags in a process of its own, which reads the next file's too as long as it answers: starting it costs ten times the
 * reading. One file after the other. Answers what `tags-main.ts` found; null for what can't be read.
 */
export function askForTags(tools: Tools, question: Question): Promise<unknown> {
  const answer = last.then(() => askInTurn(tools, question));
  last = answer.catch(() => undefined);
  return answer;
}

async function askInTurn(tools: Tools, question: Question): Promise<unknown> {
  const used = reader ?? start(tools);
  const wasUsed = used.answered() > 0;
  reader = used;
  const answer = await used.ask(question);
  if (answer !== undefined && used.answered() < FILES_MAX) return answer;
  used.close();
  reader = null;
  // It may have died of what it read before.
  const isPoisoned = answer === undefined && wasUsed && question.signal?.aborted !== true;
  return isPoisoned ? askInTurn(tools, question) : (answer ?? null);
}

function start({ tagReader: [program = process.execPath, ...args], nice, prlimit }: Tools): Reader {
  const asked = new PassThrough();
  const stop = new AbortController();
  let answered = 0;
  let asking = 0;
  let answer: (tags: unknown) => void = () => undefined;
  let idle: NodeJS.Timeout | undefined;
  const close = (): void => {
    clearTimeout(idle);
    if (reader?.close === close) reader = null;
    stop.abort();
    answer(undefined);
  };
  const hear = (line: string): void => {
    const [nr, tags] = read(line) ?? [];
    if (nr === undefined) close();
    // An answer to what was asked before says nothing of this file.
    if (nr !== asking) return;
    answered += 1;
    answer(tags);
  };
  const vessel = linesOf(hear, close);
  const wrap = [
    // Nobody is left to end it where it reckons for ever and we are killed.
    ...(prlimit === null ? [] : [prlimit, `--cpu=${musicLimits.tagsCpuSeconds}`, '--core=0']),
    ...(nice === null ? [] : [nice, '-n', '19']),
  ];
  void run({ program, args, wrap, wallMs: null, outputBytesMax: null, signal: stop.signal, input: asked, vessel }).then(
    close,
    close,
  );
  return {
    ask: ({ file, mime, signal }) => {
      clearTimeout(idle);
      const late = setTimeout(close, musicLimits.tagsMs);
      signal?.addEventListener('abort', close, { once: true });
      asking += 1;
      return new Promise<unknown>((resolve) => {
        answer = resolve;
        asked.write(`${JSON.stringify([asking, file, mime])}\n`);
      }).finally(() => {
        clearTimeout(late);
        signal?.removeEventListener('abort', close);
        if (!stop.signal.aborted) idle = setTimeout(close, IDLE_MS);
      });
    },
    close,
    answered: () => answered,
  };
}

/** Hands on each line of a program's output; `tooMuch` where one has no end. */
function linesOf(hear: (line: string) => void, tooMuch: () => void): Vessel {
  const room = Buffer.alloc(musicLimits.tagsOutputBytesMax);
  let filled = 0;
  return {
    room: () => room.subarray(filled),
    filled: (bytes) => {
      filled += bytes;
      for (let end = room.indexOf('\n'); end >= 0 && end < filled; end = room.indexOf('\n')) {
        const line = room.toString('utf8', 0, end);
        room.copyWithin(0, end + 1, filled);
        filled -= end + 1;
        hear(line);
      }
      if (filled === room.length) tooMuch();
    },
  };
}

/** Null for what is no answer. */
function read(line: string): readonly [nr: number, tags: unknown] | null {
  try {
    const said: unknown = JSON.parse(line);
    return Array.isArray(said) && typeof said[0] === 'number' ? [said[0], said[1] ?? null] : null;
  } catch {
    return null;
  }
}
