import type { Sqlite } from '../../../edge-node/db/open.ts';
import { STATE_TABLES } from '../../../edge-node/db/state-tables.ts';
import { MACHINES } from './machines.ts';

/** How many of the newest things of each kind are named, those that still change: an id begins with its time. */
const NEWEST = 12;
const OF_EACH_STATE = 3;

/**
 * Ids that are there, by the name of their column; where a table keeps several kinds, by name and kind, too (`record incident`),
 * and where some are over and others are not, the latter alone (`session live`).
 */
export type Pools = {
  readonly of: (column: string) => readonly string[];
  /** Looks again. */
  readonly refresh: () => void;
};

/** What is under way, where no machine of the table's own says so. */
const UNDER_WAY = {
  dancer: `SELECT dancer FROM attendance WHERE state = 'CHECKED_IN'`,
  stage_set: 'SELECT stage_set FROM stage_set WHERE ended_at IS NULL',
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
    const hasKind = sqlite.prepare(`SELECT 1 FROM pragma_table_info('${table}') WHERE name = 'kind'`).get();
    const ofKinds = sqlite.prepare<[], { kind: string; id: string }>(
      hasKind
        ? `SELECT kind, id FROM (SELECT kind, "${column}" AS id, row_number() OVER (PARTITION BY kind ORDER BY "${column}" DESC) AS n FROM "${table}") WHERE n <= ${NEWEST}`
        : `SELECT '' AS kind, '' AS id WHERE 0`,
    );
    return [{ column, newest, ofKinds }];
  });
  const live = Object.entries(MACHINES).map(([table, { key, moves }]) => {
    const ends = Object.keys(moves).filter((state) => moves[state]?.length === 0);
    // As many of each state, so that those which pass quickly are named as often as those that pile up.
    const sql = `SELECT id FROM (SELECT "${key}" AS id, state, row_number() OVER (PARTITION BY state ORDER BY "${key}" DESC) AS n
      FROM "${table}") WHERE n <= ${OF_EACH_STATE} AND state NOT IN (${ends.map((state) => `'${state}'`).join()})`;
    return { column: key, ids: sqlite.prepare<[], string>(sql).pluck() };
  });
  for (const [column, sql] of Object.entries(UNDER_WAY))
    live.push({ column, ids: sqlite.prepare<[], string>(sql).pluck() });
  const pools = new Map<string, readonly string[]>();
  const add = (name: string, ids: readonly string[]) => pools.set(name, [...(pools.get(name) ?? []), ...ids]);
  return {
    of: (column) => pools.get(column) ?? [],
    refresh: () => {
      pools.clear();
      for (const { column, newest, ofKinds } of asks) {
        add(column, newest.all().map(String));
        for (const { kind, id } of ofKinds.all()) add(`${column} ${kind}`, [String(id)]);
      }
      for (const { column, ids } of live) add(`${column} live`, ids.all());
    },
  };
}
