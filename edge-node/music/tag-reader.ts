import { PassThrough } from 'node:stream';
import { musicLimits } from './limits.ts';
import { run } from './run.ts';
import type { Tools } from './tools.ts';

type Question = { readonly file: string; readonly mime: string; readonly signal: AbortSignal | null };
type Reader = {
  /** The line that it answers; null where it died, or took too long, or said too much. */
  readonly ask: (question: Question) => Promise<string | null>;
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
 * reading. One file after the other. Answers the JSON of `tags-main.ts`; null for what can't be read.
 */
export function askForTags(tools: Tools, question: Question): Promise<string | null> {
  const answer = last.then(() => askInTurn(tools, question));
  last = answer.catch(() => undefined);
  return answer;
}

async function askInTurn(tools: Tools, question: Question): Promise<string | null> {
  const used = reader ?? start(tools);
  const wasUsed = used.answered() > 0;
  reader = used;
  const answer = await used.ask(question);
  if (answer !== null && used.answered() < FILES_MAX) return answer;
  used.close();
  reader = null;
  // It may have died of what it read before.
  return answer === null && wasUsed && question.signal?.aborted !== true ? askInTurn(tools, question) : answer;
}

function start({ tagReader: [program = process.execPath, ...args], nice }: Tools): Reader {
  const asked = new PassThrough();
  const stop = new AbortController();
  const room = Buffer.alloc(musicLimits.tagsOutputBytesMax);
  let filled = 0;
  let answered = 0;
  let answer: (line: string | null) => void = () => undefined;
  let idle: NodeJS.Timeout | undefined;
  const close = (): void => {
    clearTimeout(idle);
    if (reader?.close === close) reader = null;
    stop.abort();
    answer(null);
  };
  const vessel = {
    room: () => room.subarray(filled),
    filled: (bytes: number) => {
      filled += bytes;
      const end = room.subarray(0, filled).indexOf('\n');
      if (end < 0) {
        if (filled === room.length) close();
        return;
      }
      filled = 0;
      answered += 1;
      answer(room.toString('utf8', 0, end));
    },
  };
  const wrap = nice === null ? [] : [nice, '-n', '19'];
  void run({ program, args, wrap, wallMs: null, outputBytesMax: null, signal: stop.signal, input: asked, vessel }).then(
    close,
    close,
  );
  return {
    ask: ({ file, mime, signal }) => {
      clearTimeout(idle);
      const late = setTimeout(close, musicLimits.tagsMs);
      signal?.addEventListener('abort', close, { once: true });
      return new Promise<string | null>((resolve) => {
        answer = resolve;
        asked.write(`${JSON.stringify([file, mime])}\n`);
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
