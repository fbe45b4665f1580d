import { is, Param, Placeholder } from 'drizzle-orm';
import { assert } from '#shared/kit/assert.ts';
import type { Db } from './open.ts';

type Row = Readonly<Record<string, unknown>>;
/** A write that drizzle built, run by SQLite's own prepared statement. */
export type HotWrite = { readonly run: (row: Row) => void };

/**
 * For what every command writes: drizzle's own prepared queries look at each placeholder anew at each run, which is a third
 * of such a write. Here that is done once.
 */
export function hot(
  db: Db,
  query: { readonly toSQL: () => { readonly sql: string; readonly params: readonly unknown[] } },
): HotWrite {
  const { sql, params } = query.toSQL();
  const statement = db.$client.prepare(sql);
  const readers = params.map(readerOf);
  return { run: (row) => void statement.run(readers.map((read) => read(row))) };
}

function readerOf(param: unknown): (row: Row) => unknown {
  if (is(param, Placeholder)) return readName(param.name);
  if (!is(param, Param) || !is(param.value, Placeholder)) return () => param;
  const read = readName(param.value.name);
  return (row) => param.encoder.mapToDriverValue(read(row));
}

function readName(name: string): (row: Row) => unknown {
  return (row) => {
    const value = row[name];
    assert(value !== undefined, `a write has a value for ${name}`);
    return value;
  };
}
