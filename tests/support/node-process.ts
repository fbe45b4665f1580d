import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { assert } from '#shared/kit/assert.ts';

/** A node as it is started in a club: a process of its own, on a folder of its own. */
export type NodeProcess = {
  readonly url: string;
  /** Ends it as a power cut does: at once, with nothing said. */
  readonly kill: () => Promise<void>;
  /** Tells it to stop; answers its exit code. */
  readonly stop: () => Promise<number | null>;
};

const MAIN = fileURLToPath(new URL('../../edge-node/main.ts', import.meta.url));

/** Resolves once it listens. Rejects with what it wrote where it ends before that. `network`: the namespace that it runs in. */
export function startNode(
  folder: string,
  env: Record<string, string> = {},
  network: string | null = null,
): Promise<NodeProcess> {
  const inside = network === null ? [] : ['ip', 'netns', 'exec', network];
  const [command, ...args] = [...inside, process.execPath, MAIN];
  const child = spawn(command, args, {
    env: { PATH: process.env['PATH'] ?? '', CLUBOPS_DATA: folder, CLUBOPS_PORT: '0', CLUBOPS_DEMO: '1', ...env },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const exited = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => resolve(code));
  });
  let said = '';
  child.stderr?.on('data', (text: Buffer) => {
    said += text.toString();
  });
  return new Promise((resolve, reject) => {
    child.once('message', (message) =>
      resolve({ url: urlIn(message), kill: () => end(child, exited), stop: () => stop(child, exited) }),
    );
    void exited.then((code) => reject(new Error(`The node ended with ${code}: ${said}`)));
  });
}

async function end(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  child.kill('SIGKILL');
  await exited;
}

function stop(child: ChildProcess, exited: Promise<number | null>): Promise<number | null> {
  child.kill('SIGTERM');
  return exited;
}

function urlIn(message: unknown): string {
  assert(
    typeof message === 'object' && message !== null && 'url' in message && typeof message.url === 'string',
    'a node that is ready says where it is',
  );
  return message.url;
}
