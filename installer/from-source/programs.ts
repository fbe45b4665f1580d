import { fork, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The two programs, started from source as children that report over IPC when they are up. */
export type Program = { readonly child: ChildProcess; readonly url: string; readonly stop: () => Promise<void> };
export type CloudProgram = Program & { readonly adminToken: string };
export type Demo = {
  readonly code: string;
  readonly staff: readonly { readonly name: string; readonly pin: string; readonly roles: readonly string[] }[];
};
export type EdgeProgram = Program & { readonly demo: Demo };
type Env = Readonly<Record<string, string>>;

const top = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

export async function startCloud(dataFolder: string, env: Env): Promise<CloudProgram> {
  const child = start('control-plane/main.ts', { CLUBOPS_CLOUD_DATA: dataFolder, ...env });
  const up = await ready(child, 'The control plane');
  return { child, url: textOf(up, 'url'), adminToken: textOf(up, 'adminToken'), stop: () => stop(child) };
}

/** With the demo club in it. `clock` is asked for the time where the node's clock is played; null leaves it the system's. */
export async function startEdge(dataFolder: string, env: Env, clock: (() => object) | null): Promise<EdgeProgram> {
  const child = start('edge-node/main.ts', {
    CLUBOPS_DATA: dataFolder,
    CLUBOPS_DEMO: '1',
    ...(clock && { CLUBOPS_CLOCK: 'parent' }),
    ...env,
  });
  if (clock) child.once('message', () => child.send(clock()));
  const up = await ready(child, 'The edge node');
  const demo = Reflect.get(up, 'demo') as Demo | null;
  if (!demo) throw new Error('The edge node came up without its demo club.');
  return { child, url: textOf(up, 'url'), demo, stop: () => stop(child) };
}

function start(program: string, env: Env): ChildProcess {
  return fork(path.join(top, program), {
    cwd: top,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

function ready(child: ChildProcess, name: string): Promise<object> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${name} stopped before it was up (exit code ${code}).`)));
    child.on('message', (message) => {
      if (typeof message === 'object' && message !== null && Reflect.get(message, 'ready') === true) resolve(message);
    });
  });
}

function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}

function textOf(message: object, name: string): string {
  const value: unknown = Reflect.get(message, name);
  if (typeof value !== 'string') throw new Error(`A program came up without its ${name}.`);
  return value;
}
