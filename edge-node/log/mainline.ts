import { assert } from '#shared/kit/assert.ts';
import { genesisHash, type Genesis } from '#shared/log/chain.ts';
import type { Sqlite } from '../db/open.ts';

/** One log of the club's mainline as this box holds it. */
export type OwnLog = {
  readonly logId: string;
  readonly genesis: Genesis;
  /** Events on the mainline before its first. */
  readonly base: number;
  readonly nth: number;
};
export type OwnSegment = OwnLog & { readonly upto: number };

export type Mainline = {
  readonly last: () => OwnLog;
  /** All logs in their order, each with how many of its events are here. */
  readonly segments: () => readonly OwnSegment[];
  /** The hash (hex) at a number of a log; at 0 the genesis hash. */
  readonly hashAt: (log: OwnLog, seq: number) => string | null;
  /** The line at a place on the mainline. */
  readonly lineAt: (pos: number) => string | null;
  readonly add: (log: OwnLog) => void;
};

type Row = {
  readonly logId: string;
  readonly base: number;
  readonly parentLog: string | null;
  readonly parentSeq: number | null;
  readonly parentHash: string | null;
  readonly nodeId: string;
  readonly keyThumbprint: string;
  readonly nth: number;
};
const COLUMNS = `log_id AS logId, base, parent_log AS parentLog, parent_seq AS parentSeq, parent_hash AS parentHash,
  node_id AS nodeId, key_thumbprint AS keyThumbprint, nth`;

/** The logs that this box's history is made of, one grown out of the other. */
export function openMainline(sqlite: Sqlite): Mainline {
  const last = sqlite.prepare<[], Row>(`SELECT ${COLUMNS} FROM log ORDER BY nth DESC LIMIT 1`);
  const all = sqlite.prepare<[], Row>(`SELECT ${COLUMNS} FROM log ORDER BY nth`);
  const end = sqlite.prepare<[], number | null>('SELECT max(pos) FROM event').pluck();
  const hashAt = sqlite.prepare<[number], Buffer>('SELECT hash FROM event WHERE pos = ?').pluck();
  const lineAt = sqlite.prepare<[number], string>('SELECT line FROM event WHERE pos = ?').pluck();
  const put = sqlite.prepare(
    `INSERT INTO log (log_id, base, parent_log, parent_seq, parent_hash, node_id, key_thumbprint, nth)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  return {
    last: () => {
      const row = last.get();
      assert(row !== undefined, 'a box always has a log');
      return ownLog(row);
    },
    segments: () => {
      const logs = all.all().map(ownLog);
      const head = end.get() ?? 0;
      return logs.map((log, at) => ({ ...log, upto: (logs[at + 1]?.base ?? Math.max(head, log.base)) - log.base }));
    },
    hashAt: ({ base, genesis }, seq) =>
      (seq === 0 ? genesisHash(genesis) : hashAt.get(base + seq))?.toString('hex') ?? null,
    lineAt: (pos) => lineAt.get(pos) ?? null,
    add: ({ logId, genesis, base, nth }) => {
      const { parent, nodeId, keyThumbprint } = genesis;
      put.run(
        logId,
        base,
        parent?.logId ?? null,
        parent?.seq ?? null,
        parent?.hash ?? null,
        nodeId,
        keyThumbprint,
        nth,
      );
    },
  };
}

/** The hash (hex) after an event of a log, as the mainline has it now; null for another log, or past its end here. */
export function hashesOf(mainline: Mainline): (logId: string, seq: number) => string | null {
  const segments = new Map(mainline.segments().map((segment) => [segment.logId, segment]));
  return (logId, seq) => {
    const segment = segments.get(logId);
    return segment && seq >= 0 && seq <= segment.upto ? mainline.hashAt(segment, seq) : null;
  };
}

function ownLog({ logId, base, parentLog, parentSeq, parentHash, nodeId, keyThumbprint, nth }: Row): OwnLog {
  const parent = parentLog === null ? null : { logId: parentLog, seq: parentSeq ?? 0, hash: parentHash ?? '' };
  return { logId, base, nth, genesis: { logId, parent, nodeId, keyThumbprint } };
}
