import { isDeepStrictEqual } from 'node:util';
import { parseLine } from '#shared/contract/event-line.ts';
import { genesisHash, nextHash } from '#shared/log/chain.ts';
import { openAssets } from '../../edge-node/assets.ts';
import { openDatabase, type Sqlite } from '../../edge-node/db/open.ts';
import { STATE_TABLES } from '../../edge-node/db/state-tables.ts';
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

type Log = {
  readonly log_id: string;
  readonly base: number;
  readonly parent_log: string | null;
  readonly parent_seq: number | null;
  readonly parent_hash: string | null;
  readonly node_id: string;
  readonly key_thumbprint: string;
};

/** What is wrong with the chain of the club's logs, in words; empty when all is whole, dense, and each log grows from the one before. */
export function faultsOf(sqlite: Sqlite): readonly string[] {
  const logs = sqlite.prepare<[], Log>('SELECT * FROM log ORDER BY nth').all();
  const lines = linesOf(sqlite);
  if (logs.length === 0) return ['there is no log'];
  const faults: string[] = [];
  let before: { readonly logId: string; readonly seq: number; readonly hash: string } | null = null;
  for (const [at, log] of logs.entries()) {
    const { log_id: logId, base, parent_log: parentLog, node_id: nodeId, key_thumbprint: keyThumbprint } = log;
    const parent =
      parentLog === null ? null : { logId: parentLog, seq: log.parent_seq ?? 0, hash: log.parent_hash ?? '' };
    if (!isDeepStrictEqual(parent, before)) faults.push(`log ${logId} does not grow from the end of the one before`);
    let hash = genesisHash({ logId, parent, nodeId, keyThumbprint });
    const own = lines.slice(base, logs[at + 1]?.base ?? lines.length);
    for (const [index, row] of own.entries()) {
      hash = nextHash(hash, row.line);
      if (row.log_id !== logId || row.seq !== index + 1 || row.pos !== base + index + 1)
        faults.push(`event ${base + index + 1} stands in ${row.log_id} at seq ${row.seq}, pos ${row.pos}`);
      if (parseLine(row.line).seq !== row.seq)
        faults.push(`the line of event ${row.seq} says ${parseLine(row.line).seq}`);
      if (!hash.equals(row.hash)) faults.push(`the hash of event ${row.seq} is another`);
    }
    before = { logId, seq: own.length, hash: hash.toString('hex') };
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
      return [
        table,
        sqlite.prepare(`SELECT ${quoted} FROM "${table}" ORDER BY ${columns.map((_, at) => at + 1).join(', ')}`).all(),
      ];
    }),
  );
}

/** The state tables that the log alone gives, in a new database. */
export function replayOf(sqlite: Sqlite): Tables {
  return replayOfLines(linesOf(sqlite).map(({ line }) => line));
}

/** The same from a club's event lines, whoever kept them: the first is the first of its history. */
export function replayOfLines(lines: readonly string[]): Tables {
  const fresh = openDatabase(':memory:', openAssets(), null);
  try {
    const { review } = openApply(fresh.db);
    for (const [at, line] of lines.entries()) review(line, at + 1);
    return tablesOf(fresh.sqlite);
  } finally {
    fresh.sqlite.close();
  }
}

export function sumOfPostings(sqlite: Sqlite): number {
  return sqlite.prepare('SELECT coalesce(sum(cents), 0) FROM posting').pluck().get() as number;
}
