import type { Sqlite } from '../../../edge-node/db/open.ts';
import { STATE_TABLES } from '../../../edge-node/db/state-tables.ts';

/** How many of the newest things of each kind are named, those that still change: an id begins with its time. */
const NEWEST = 12;

/** Ids that are there, by the name of their column. */
export type Pools = {
  readonly of: (column: string) => readonly string[];
  /** Looks again. */
  readonly refresh: () => void;
};

/** Every state table with a key of one column gives that column's values: things that a later version adds take part by themselves. */
export function openPools(sqlite: Sqlite): Pools {
  const asks = STATE_TABLES.flatMap((table) => {
    const keys = sqlite
      .prepare<[], string>(`SELECT name FROM pragma_table_info('${table}') WHERE pk > 0`)
      .pluck()
      .all();
    const [column] = keys;
    if (column === undefined || keys.length > 1) return [];
    const newest = sqlite
      .prepare<[], string>(`SELECT "${column}" FROM "${table}" ORDER BY "${column}" DESC LIMIT ${NEWEST}`)
      .pluck();
    return [{ column, newest }];
  });
  const pools = new Map<string, readonly string[]>();
  return {
    of: (column) => pools.get(column) ?? [],
    refresh: () => {
      pools.clear();
      for (const { column, newest } of asks)
        pools.set(column, [...(pools.get(column) ?? []), ...newest.all().map(String)]);
    },
  };
}
