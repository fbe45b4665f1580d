import { existsSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { kill, platform } from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { limits } from '../limits.ts';

/** What a server wrote into its data folder about itself. */
export type Postmaster = { readonly pid: number; readonly port: number; readonly ready: boolean };

const pidFile = (data: string) => join(data, 'postmaster.pid');

/** The server that runs on `data`, or null. A pid that another program got since is not taken for it. */
export function runningPostmaster(data: string): Postmaster | null {
  const noted = notedPostmaster(data);
  if (noted === null || !isAlive(noted.pid)) return null;
  return platform === 'linux' && workingFolder(noted.pid) !== data ? null : noted;
}

function notedPostmaster(data: string): Postmaster | null {
  try {
    const lines = readFileSync(pidFile(data), 'utf8').split('\n');
    const pid = Number(lines[0]);
    return Number.isInteger(pid) && pid > 0
      ? { pid, port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' }
      : null;
  } catch {
    return null;
  }
}

/** A zombie answers signals, but is dead. */
export function isAlive(pid: number): boolean {
  try {
    kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return platform !== 'linux';
  }
}

function workingFolder(pid: number | string): string | null {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return null;
  }
}

/**
 * After a killed server: waits until the processes it left are gone, then removes a pid file that would make
 * PostgreSQL refuse to start because some other program (or a zombie) has that pid now.
 */
export async function waitForLeftovers(data: string): Promise<void> {
  if (platform !== 'linux' || !existsSync(pidFile(data))) return;
  await until('processes of the killed server to end', limits.postgresStopMsMax, () => {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return pids.every((pid) => workingFolder(pid) !== data);
  });
  const noted = notedPostmaster(data);
  if (noted !== null && runningPostmaster(data) === null) rmSync(pidFile(data), { force: true });
}

export async function stopPostmaster(pid: number): Promise<void> {
  if (!isAlive(pid)) return;
  kill(pid, 'SIGINT');
  await until(`server ${pid} to stop`, limits.postgresStopMsMax, () => !isAlive(pid));
}

/** Polls, as the process waited for may not be our child. Throws after `ms`. */
export async function until(what: string, ms: number, holds: () => boolean): Promise<void> {
  const deadline = performance.now() + ms;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`Waited ${ms} ms in vain for ${what}`);
    await pause(limits.postgresPollMs);
  }
}
