import type { Opened, Sqlite } from '../db/open.ts';
import { STATE_TABLES } from '../db/state-tables.ts';
import { openApply, type Review } from '../state/apply.ts';

/** The first row that the log doesn't make: it says something else, is one too many, or is not there. */
export type Difference = {
  readonly table: string;
  readonly key: string;
  readonly column: string | null;
  readonly row: 'changed' | 'extra' | 'missing';
};

const PAGE = 1_000;
type Row = Readonly<Record<string, unknown>>;

/**
 * Makes the state tables again from the log alone, in `fresh`, an empty database of this program's version, and compares
 * them row by row. Null where all are equal. Nothing of `fresh` is kept.
 */
export function replayHistory(sqlite: Sqlite, fresh: Opened): Difference | null {
  const version = (database: Sqlite): unknown => database.pragma('user_version', { simple: true });
  if (version(sqlite) !== version(fresh.sqlite))
    throw new Error('This database is of another version of ClubOps than this program.');
  fresh.sqlite.exec('BEGIN');
  try {
    applyAll(sqlite, openApply(fresh.db).review);
    for (const table of STATE_TABLES) {
      const difference = differenceIn(table, sqlite, fresh.sqlite);
      if (difference) return difference;
    }
    return null;
  } finally {
    fresh.sqlite.exec('ROLLBACK');
  }
}

/** Applies all events of a database, in order, in pages: a statement that is read can't be written beside. */
export function applyAll(sqlite: Sqlite, review: Review): void {
  const page = sqlite.prepare<[number], { pos: number; line: string }>(
    `SELECT pos, line FROM event WHERE pos > ? ORDER BY pos LIMIT ${PAGE}`,
  );
  for (let last = 0; ;) {
    const rows = page.all(last);
    for (const { pos, line } of rows) review(line, pos);
    const end = rows.at(-1);
    if (!end) return;
    last = end.pos;
  }
}

function differenceIn(table: string, box: Sqlite, fresh: Sqlite): Difference | null {
  const keys = keyOf(table, fresh);
  const sorted = `SELECT * FROM ${table} ORDER BY ${keys.join(', ')}`;
  const theirs = box.prepare<[], Row>(sorted).safeIntegers().iterate();
  const ours = fresh.prepare<[], Row>(sorted).safeIntegers().iterate();
  const named = (row: Row): string => keys.map((key) => String(row[key])).join(' ');
  try {
    for (;;) {
      const [their, our] = [theirs.next(), ours.next()];
      if (their.done && our.done) return null;
      if (our.done) return { table, key: named(their.value), column: null, row: 'extra' };
      if (their.done) return { table, key: named(our.value), column: null, row: 'missing' };
      const order = compareKeys(keys, their.value, our.value);
      if (order < 0) return { table, key: named(their.value), column: null, row: 'extra' };
      if (order > 0) return { table, key: named(our.value), column: null, row: 'missing' };
      const column = Object.keys(our.value).find((name) => !isSame(their.value[name], our.value[name]));
      if (column !== undefined) return { table, key: named(our.value), column, row: 'changed' };
    }
  } finally {
    theirs.return?.();
    ours.return?.();
  }
}

function keyOf(table: string, sqlite: Sqlite): readonly string[] {
  return sqlite
    .prepare<[string], string>('SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk')
    .pluck()
    .all(table);
}

/** As SQLite sorts them: integers by size, texts by their bytes. */
function compareKeys(keys: readonly string[], a: Row, b: Row): number {
  for (const key of keys) {
    const [left, right] = [a[key], b[key]];
    if (isSame(left, right)) continue;
    if (typeof left === 'bigint' && typeof right === 'bigint') return left < right ? -1 : 1;
    return Buffer.compare(Buffer.from(String(left)), Buffer.from(String(right)));
  }
  return 0;
}

function isSame(a: unknown, b: unknown): boolean {
  return Buffer.isBuffer(a) && Buffer.isBuffer(b) ? a.equals(b) : Object.is(a, b);
}
