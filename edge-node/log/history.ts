import { constants, copyFileSync, existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import type { Sqlite } from '../db/open.ts';

/** One unmoving view of a club's database, for reading. */
export type History = { readonly sqlite: Sqlite; readonly close: () => void };

/**
 * Opens a database to be judged, and leaves no trace in its folder. Where SQLite's shared memory lies beside it, a node
 * runs or was cut off: the database is read in place, and SQLite's locks give one consistent view. Where it doesn't, a
 * reader would have to make that file, so a copy in `scratch` is read.
 */
export function openHistory(
  file: string,
  { binding, scratch }: { readonly binding: object | null; readonly scratch: string },
): History {
  const sqlite = new Database(isInUse(file) ? file : copied(file, scratch), {
    readonly: true,
    fileMustExist: true,
    ...(binding && { nativeBinding: binding as unknown as string }),
  });
  sqlite.exec('BEGIN');
  return { sqlite, close: () => sqlite.close() };
}

function isInUse(file: string): boolean {
  return existsSync(`${file}-shm`);
}

function copied(file: string, scratch: string): string {
  const copy = path.join(scratch, 'club.db');
  for (const end of ['', '-wal']) {
    if (existsSync(file + end)) copyFileSync(file + end, copy + end, constants.COPYFILE_FICLONE);
  }
  // A node may have started meanwhile and written: then the copy is worth nothing.
  if (!isInUse(file)) return copy;
  for (const end of ['', '-wal']) rmSync(copy + end, { force: true });
  return file;
}
