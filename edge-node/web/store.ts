import { TABLE_NAMES, type RowChange, type TableName, type ViewTables } from '#shared/contract/live.ts';

export type Row<T extends TableName> = ViewTables[T];
export type Tables = {
  readonly row: <T extends TableName>(table: T, id: string) => Row<T> | undefined;
  /** The same array until a row of the table changes. */
  readonly list: <T extends TableName>(table: T) => readonly Row<T>[];
  /** `row` null: any row of the table. */
  readonly subscribe: (
    watched: { readonly table: TableName; readonly row: string | null },
    listener: () => void,
  ) => () => void;
  readonly apply: (changes: readonly RowChange[]) => void;
  /** A snapshot: what it does not bring is gone. */
  readonly replace: (changes: readonly RowChange[]) => void;
};

/** All rows that this screen may see, and who watches which. A change wakes only those who watch its row or its table. */
export function createTables(): Tables {
  const rows = new Map<TableName, Map<string, unknown>>(TABLE_NAMES.map((table) => [table, new Map()]));
  const lists = new Map<TableName, readonly unknown[]>();
  const watchers = createWatchers();

  const put = ([table, id, row]: RowChange, touched: Set<string>) => {
    if (row === null) rows.get(table)?.delete(id);
    else rows.get(table)?.set(id, row);
    lists.delete(table);
    touched.add(table).add(keyOf(table, id));
  };
  const apply = (changes: readonly RowChange[]) => {
    const touched = new Set<string>();
    for (const change of changes) put(change, touched);
    watchers.wake(touched);
  };

  return {
    row: <T extends TableName>(table: T, id: string) => rows.get(table)?.get(id) as Row<T> | undefined,
    list<T extends TableName>(table: T) {
      const known = lists.get(table) ?? [...(rows.get(table)?.values() ?? [])];
      lists.set(table, known);
      return known as readonly Row<T>[];
    },
    subscribe: ({ table, row }, listener) => watchers.add(row === null ? table : keyOf(table, row), listener),
    apply,
    replace(changes) {
      const brought = new Set(changes.map(([table, id]) => keyOf(table, id)));
      const gone = TABLE_NAMES.flatMap((table) =>
        [...(rows.get(table)?.keys() ?? [])]
          .filter((id) => !brought.has(keyOf(table, id)))
          .map((id) => [table, id, null] as RowChange),
      );
      apply([...gone, ...changes]);
    },
  };
}

function createWatchers() {
  const byKey = new Map<string, Set<() => void>>();
  return {
    add(key: string, listener: () => void) {
      const own = byKey.get(key) ?? new Set();
      byKey.set(key, own.add(listener));
      return () => {
        own.delete(listener);
        if (own.size === 0 && byKey.get(key) === own) byKey.delete(key);
      };
    },
    wake(keys: ReadonlySet<string>) {
      const listeners = new Set([...keys].flatMap((key) => [...(byKey.get(key) ?? [])]));
      for (const listener of listeners) listener();
    },
  };
}

function keyOf(table: TableName, id: string): string {
  return `${table}/${id}`;
}
