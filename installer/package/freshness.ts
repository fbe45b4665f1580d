import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';

/** True where a made file is not there, or anything that it is made of is younger. */
export function isStale(made: string, sources: readonly string[]): boolean {
  const at = statSync(made, { throwIfNoEntry: false })?.mtimeMs;
  return at === undefined || sources.some((source) => isYounger(source, at));
}

function isYounger(source: string, at: number): boolean {
  const stat = statSync(source);
  if (!stat.isDirectory()) return stat.mtimeMs > at;
  return filesIn(source).some((file) => statSync(file).mtimeMs > at);
}

/** Every file below a folder, in one order on every machine. */
export function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .toSorted();
}
