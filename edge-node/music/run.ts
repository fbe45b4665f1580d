import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { musicLimits } from './limits.ts';
import { openWidePipe, type Vessel } from './wide-pipe.ts';

export type Job = {
  readonly program: string;
  readonly args: readonly string[];
  /** Programs that narrow what follows them (limits, priority, no network), each with its arguments, outermost first. */
  readonly wrap: readonly string[];
  /** Null for one that runs until it is stopped or its input ends. */
  readonly wallMs: number | null;
  /** Of standard output where it is gathered; null where it goes into `vessel`. */
  readonly outputBytesMax: number | null;
  readonly signal: AbortSignal | null;
  readonly input?: Iterable<Uint8Array> | Readable;
  /** What takes standard output. */
  readonly vessel?: Vessel | null;
  readonly onSecondOutput?: (chunk: Buffer) => void;
};

/** The kernel hears of it ten times a second, from everybody together. */
const AUTOGROUP_AGAIN_MS = 150;

export type Ended = {
  readonly code: number | null;
  readonly output: Buffer;
  /** Standard error, at most `toolComplaintBytesMax` of it. */
  readonly complaint: string;
  /** Why it was killed; null where it ended by itself. */
  readonly killed: 'time' | 'output' | 'stopped' | null;
};

/**
 * Runs one program without a shell, in a process group of its own that is killed whole. All pipes are drained to their end.
 * Answers how it ended; throws only what `vessel` throws, and where the program can't be started.
 */
export async function run(job: Job): Promise<Ended> {
  const [program = job.program, ...args] = [...job.wrap, job.program, ...job.args];
  const wide = job.vessel ? await openWidePipe(job.vessel) : null;
  const child = spawn(program, args, {
    detached: true,
    stdio: [job.input ? 'pipe' : 'ignore', wide?.end ?? 'pipe', 'pipe', job.onSecondOutput ? 'pipe' : 'ignore'],
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C.UTF-8', HOME: '/nonexistent' },
  });
  wide?.end.destroy();
  putLast(child);
  let killed: Ended['killed'] = null;
  const kill = (why: NonNullable<Ended['killed']>): void => {
    killed ??= why;
    killGroup(child);
  };
  const timer = job.wallMs === null ? undefined : setTimeout(() => kill('time'), job.wallMs);
  const stop = (): void => kill('stopped');
  job.signal?.addEventListener('abort', stop, { once: true });
  try {
    if (job.signal?.aborted) stop();
    const ended = new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve(code));
    });
    const output = gather(job.outputBytesMax ?? 0, () => kill('output'));
    const complaint = gather(musicLimits.toolComplaintBytesMax, () => undefined);
    const [code] = await Promise.all([
      ended,
      wide?.drained ?? drain(child.stdout, output.add),
      drain(child.stderr, complaint.add),
      drain((child.stdio[3] as Readable | null | undefined) ?? null, job.onSecondOutput ?? (() => undefined)),
      feed(child.stdin, job.input),
    ]);
    return { code, output: output.all(), complaint: complaint.all().toString('utf8'), killed };
  } finally {
    clearTimeout(timer);
    job.signal?.removeEventListener('abort', stop);
    killGroup(child);
  }
}

/**
 * Behind everybody else. Where Linux shares the processor out by session first (`sched(7)`, autogroup), a tool in a session of its own
 * would have as much as the node with all its work, whatever its own priority is: so that is said of its session.
 */
function putLast(child: ChildProcess): void {
  const session = `/proc/${child.pid}/autogroup`;
  if (child.exitCode !== null || !existsSync(session)) return;
  try {
    writeFileSync(session, '19');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'EAGAIN') setTimeout(putLast, AUTOGROUP_AGAIN_MS, child).unref();
    // It has ended meanwhile.
    else if (code !== 'ENOENT' && code !== 'ESRCH') throw error;
  }
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined || (child.exitCode !== null && child.signalCode === null)) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

async function drain(stream: Readable | null, take: (chunk: Buffer) => void): Promise<void> {
  if (stream === null) return;
  for await (const chunk of stream) take(chunk as Buffer);
}

/** A program that ends before it read everything is judged by how it ended, not by the broken pipe. */
async function feed(stream: Writable | null, input: Job['input']): Promise<void> {
  if (stream === null || input === undefined) return;
  try {
    await pipeline(input, stream);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code !== 'EPIPE' && code !== 'ERR_STREAM_PREMATURE_CLOSE' && code !== 'ECONNRESET') throw error;
  }
}

function gather(
  max: number,
  onTooMuch: () => void,
): { readonly add: (chunk: Buffer) => void; readonly all: () => Buffer } {
  const chunks: Buffer[] = [];
  let left = max;
  return {
    add: (chunk) => {
      if (chunk.length > left) onTooMuch();
      if (left > 0) chunks.push(chunk.subarray(0, left));
      left = Math.max(0, left - chunk.length);
    },
    all: () => Buffer.concat(chunks),
  };
}
