import { lstatSync, opendirSync, statfsSync, type Stats } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { watch } from 'chokidar';
import { isIgnored } from './names.ts';
import type { Look } from './settle.ts';

/** Folders inside folders that are looked into. */
const DEPTH_MAX = 16;
const POLL_MS = 5_000;
/** File systems that come over a network, or may: they tell of no changes (statfs(2)). */
const FOREIGN = new Set([0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x65735546, 0x01021997]);

/** How a regular file looks; null for anything else, and for what is gone. */
export function lookAt(file: string): Look | null {
  try {
    const found = lstatSync(file, { bigint: true });
    return found.isFile() ? { bytes: Number(found.size), mtimeNs: String(found.mtimeNs) } : null;
  } catch {
    return null;
  }
}

/** Whether anything lies in a folder; one that is gone, or a mount that was taken away, holds nothing. */
export function holdsAnything(folder: string): boolean {
  try {
    const inside = opendirSync(folder);
    try {
      return inside.readSync() !== null;
    } finally {
      inside.closeSync();
    }
  } catch {
    return false;
  }
}

/** Whether a folder is on another machine, so that its changes have to be looked for. */
export function isForeign(folder: string): boolean {
  try {
    return FOREIGN.has(statfsSync(folder).type);
  } catch {
    return true;
  }
}

/** Every file below a folder, links not followed. Null where the folder itself is not there. */
export async function filesBelow(folder: string): Promise<readonly string[] | null> {
  const found: string[] = [];
  const into = async (inside: string, depth: number): Promise<boolean> => {
    const entries = await readdir(inside, { withFileTypes: true }).catch(() => null);
    if (entries === null) return false;
    for (const entry of entries) {
      const whole = path.join(inside, entry.name);
      if (isIgnored(whole)) continue;
      if (entry.isDirectory() && depth < DEPTH_MAX) await into(whole, depth + 1);
      else if (entry.isFile()) found.push(whole);
    }
    return true;
  };
  return (await into(folder, 0)) ? found : null;
}

/** Hints that something changed; whole looks at the folder find what they miss. */
export function watchFolder(folder: string, changed: (file: string) => void): { readonly close: () => Promise<void> } {
  const ignored = (file: string, stats?: Stats) => stats?.isFile() === true && isIgnored(file);
  const watcher = watch(folder, {
    ignored,
    ignoreInitial: true,
    followSymlinks: false,
    depth: DEPTH_MAX,
    usePolling: isForeign(folder),
    interval: POLL_MS,
    binaryInterval: POLL_MS,
    ignorePermissionErrors: true,
  });
  watcher.on('add', changed).on('change', changed).on('unlink', changed);
  // A watcher that breaks costs minutes, not files: the next whole look finds them.
  watcher.on('error', () => undefined);
  return { close: () => watcher.close() };
}
