import Database from 'better-sqlite3';
import type { FileWord } from './messages.ts';

/** A file as it was when it was judged: judged again only where its size or time is another one. */
export type Place = {
  readonly word: FileWord;
  readonly bytes: number;
  /** Nanoseconds as the file system gives them: too many for a number. */
  readonly mtimeNs: string;
};
type Row = { readonly file: string; readonly bytes: number; readonly mtimeNs: string; readonly word: string };

/** What was judged before, kept over restarts, so that a library of 25,000 files is not read again. It can be made anew at any time. */
export type Places = {
  readonly get: (file: string) => Place | undefined;
  readonly put: (place: Place) => void;
  readonly drop: (file: string) => void;
  readonly files: () => readonly string[];
  /** The oldest first. */
  readonly words: () => readonly FileWord[];
  readonly close: () => void;
};

export function openPlaces(file: string, binding: object | null): Places {
  const sqlite = new Database(file, binding ? { nativeBinding: binding as unknown as string } : {});
  sqlite.pragma('journal_mode = WAL');
  sqlite.exec(`CREATE TABLE IF NOT EXISTS place (
    file TEXT PRIMARY KEY, bytes INTEGER NOT NULL, mtime_ns TEXT NOT NULL, word TEXT NOT NULL
  ) STRICT, WITHOUT ROWID`);
  const columns = 'file, bytes, mtime_ns AS mtimeNs, word';
  const get = sqlite.prepare<[string], Row>(`SELECT ${columns} FROM place WHERE file = ?`);
  const all = sqlite.prepare<[], Row>(`SELECT ${columns} FROM place ORDER BY file`);
  const byTime = sqlite.prepare<[], Row>(`SELECT ${columns} FROM place ORDER BY word ->> 'at'`);
  const put = sqlite.prepare('INSERT OR REPLACE INTO place VALUES (?, ?, ?, ?)');
  const drop = sqlite.prepare('DELETE FROM place WHERE file = ?');
  return {
    get: (name) => {
      const row = get.get(name);
      return row && { word: wordOf(row), bytes: row.bytes, mtimeNs: row.mtimeNs };
    },
    put: ({ word, bytes, mtimeNs }) => void put.run(word.file, bytes, mtimeNs, JSON.stringify(word)),
    drop: (name) => void drop.run(name),
    files: () => all.all().map((row) => row.file),
    words: () => byTime.all().map(wordOf),
    close: () => void sqlite.close(),
  };
}

function wordOf({ word }: Row): FileWord {
  return JSON.parse(word) as FileWord;
}
