import { parseLine } from '#shared/contract/event-line.ts';
import { genesisHash, nextHash } from '#shared/log/chain.ts';
import { openAssets } from '../../edge-node/assets.ts';
import { openDatabase, type Sqlite } from '../../edge-node/db/open.ts';
import { STATE_TABLES } from '../../edge-node/db/schema.ts';
import { openApply } from '../../edge-node/state/apply.ts';

/**
 * A second reading of the log, written apart from the node's own replay and verify, so that the two can't be wrong
 * in the same way.
 */
type Line = {
  readonly pos: number;
  readonly log_id: string;
  readonly seq: number;
  readonly line: string;
  readonly hash: Buffer;
};

export function linesOf(sqlite: Sqlite): readonly Line[] {
  return sqlite.prepare<[], Line>('SELECT pos, log_id, seq, line, hash FROM event ORDER BY pos').all();
}

/** What is wrong with the log's chain, in words; empty when it is whole and dense. */
export function faultsOf(sqlite: Sqlite): readonly string[] {
  const log = sqlite
    .prepare<[], { log_id: string; node_id: string; key_thumbprint: string }>('SELECT * FROM log')
    .get();
  if (!log) return ['there is no log'];
  let hash = genesisHash({ logId: log.log_id, parent: null, nodeId: log.node_id, keyThumbprint: log.key_thumbprint });
  const faults: string[] = [];
  for (const [index, row] of linesOf(sqlite).entries()) {
    hash = nextHash(hash, row.line);
    if (row.seq !== index + 1 || row.pos !== index + 1)
      faults.push(`event ${index + 1} stands at seq ${row.seq}, pos ${row.pos}`);
    if (parseLine(row.line).seq !== row.seq)
      faults.push(`the line of event ${row.seq} says ${parseLine(row.line).seq}`);
    if (!hash.equals(row.hash)) faults.push(`the hash of event ${row.seq} is another`);
  }
  return faults;
}

export type Tables = Readonly<Record<string, readonly unknown[]>>;

/** Every state table, each value as SQLite itself writes it, so that 1 and 1.0 and '1' differ. */
export function tablesOf(sqlite: Sqlite): Tables {
  return Object.fromEntries(
    STATE_TABLES.map((table) => {
      const columns = sqlite.prepare<[], { name: string }>(`SELECT name FROM pragma_table_info('${table}')`).all();
      const quoted = columns.map(({ name }) => `quote("${name}") AS "${name}"`).join(', ');
      return [table, sqlite.prepare(`SELECT ${quoted} FROM "${table}"`).all()];
    }),
  );
}

/** The state tables that the log alone gives, in a new database. */
export function replayOf(sqlite: Sqlite): Tables {
  const fresh = openDatabase(':memory:', openAssets(), null);
  try {
    const { review } = openApply(fresh.db);
    for (const { pos, line } of linesOf(sqlite)) review(line, pos);
    return tablesOf(fresh.sqlite);
  } finally {
    fresh.sqlite.close();
  }
}

export function sumOfPostings(sqlite: Sqlite): number {
  return sqlite.prepare('SELECT coalesce(sum(cents), 0) FROM posting').pluck().get() as number;
}
