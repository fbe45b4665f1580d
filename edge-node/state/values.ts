import { getTableColumns, sql, type Placeholder } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';

/** A placeholder for each column of a table, under the column's own name: `insert(t).values(values(t)).prepare()`. */
export function values<T extends SQLiteTable>(table: T): { [K in keyof T['_']['columns']]: Placeholder } {
  const names = Object.keys(getTableColumns(table));
  return Object.fromEntries(names.map((name) => [name, sql.placeholder(name)])) as {
    [K in keyof T['_']['columns']]: Placeholder;
  };
}
