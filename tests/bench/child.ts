import { fork } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';

/** What a child process can be asked. Each measured program is a process of its own, so that its CPU time is its own. */
export type Tasks = Readonly<Record<string, (input: never) => unknown>>;
export type Child<T extends Tasks> = {
  readonly pid: number;
  readonly ask: <K extends keyof T & string>(task: K, input: Parameters<T[K]>[0]) => Promise<Awaited<ReturnType<T[K]>>>;
  readonly stop: () => Promise<void>;
};
type Request = { readonly id: number; readonly task: string; readonly input: never };
type Reply = { readonly id: number; readonly answer?: unknown; readonly error?: string };

const READY = 0;

/** With BENCH_PROFILE set to a folder, every child leaves a .cpuprofile there. */
function flags(file: string): readonly string[] {
  const folder = process.env['BENCH_PROFILE'];
  const name = `${file.replace(/\.ts$/, '')}.\${pid}.cpuprofile`;
  return folder === undefined
    ? ['--expose-gc']
    : ['--expose-gc', '--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-name=${name}`];
}

/** Starts a file of this folder and waits until it serves. */
export async function startChild<T extends Tasks>(
  file: string,
  env: Readonly<Record<string, string>>,
): Promise<Child<T>> {
  const child = fork(new URL(file, import.meta.url), {
    env: { ...process.env, ...env },
    execArgv: [...flags(file)],
    serialization: 'advanced',
  });
  const waiting = new Map<
    number,
    { readonly resolve: (answer: unknown) => void; readonly reject: (error: Error) => void }
  >();
  const gone = once(child, 'exit');
  let last = READY;
  child.on('message', (message) => {
    const { id, answer, error } = message as Reply;
    const asked = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) asked?.resolve(answer);
    else asked?.reject(new Error(`${file}: ${error}`));
  });
  child.on('exit', (code) => {
    for (const { reject } of waiting.values()) reject(new Error(`${file} ended (${code}) before it answered`));
  });
  const reply = (id: number) => new Promise<unknown>((resolve, reject) => waiting.set(id, { resolve, reject }));
  await reply(READY);
  return {
    pid: child.pid ?? 0,
    // The child's own table pairs each task with its answer; TypeScript can't follow that through a message.
    ask: (task, input) => {
      last += 1;
      const answered = reply(last);
      child.send({ id: last, task, input });
      return answered as Promise<never>;
    },
    stop: async () => {
      if (child.exitCode !== null) return;
      child.disconnect();
      await gone;
    },
  };
}

/** In the child: answers one task after another until the parent lets go, then closes. */
export function serve(tasks: Tasks, close: () => Promise<void>): void {
  const answer = async ({ id, task, input }: Request): Promise<void> => {
    try {
      process.send?.({ id, answer: await tasks[task]?.(input) });
    } catch (error) {
      process.send?.({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  };
  process.on('message', (message) => void answer(message as Request));
  process.on('disconnect', () => void close().then(() => process.exit(0)));
  process.send?.({ id: READY });
}

/** CPU time of the process that asks, all its threads, in microseconds. */
export function cpuUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** Bytes, resident and on the JavaScript heap, after the garbage went. */
export function settledMemory(): { readonly rss: number; readonly heap: number } {
  for (let times = 0; times < 4; times += 1) globalThis.gc?.();
  return { rss: process.memoryUsage.rss(), heap: process.memoryUsage().heapUsed };
}
