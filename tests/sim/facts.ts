import { assert } from '#shared/kit/assert.ts';
import { lineCommand, lineHead } from '#shared/log/line.ts';
import type { Night } from './night.ts';
import type { SimBox } from './world.ts';

/** An event by its id, with the command that it comes from. */
export type Events = ReadonlyMap<string, string>;

/**
 * What really happened, kept beside the programs under test: every event that was ever on a disk, what the cloud
 * acknowledged, and what nobody can be blamed for, because the only disk that held it is gone.
 */
export type Facts = {
  /** Notes all that a box holds now. */
  readonly see: (box: SimBox) => Events;
  readonly seen: () => Events;
  /** The hash (hex) of each event in each log, as the box that wrote it there had it: whoever has it later may have another. */
  readonly hashOf: (logId: string, line: string) => string | null;
  readonly excused: ReadonlySet<string>;
  readonly isKeyExcused: (key: string) => boolean;
  readonly excuse: (ids: Iterable<string>) => void;
  /** Whether the same command was also carried out apart, by another box, by events that are all in `main`. */
  readonly wasDoneApart: (id: string, main: Events) => boolean;
};

export function openFacts(): Facts {
  const seen = new Map<string, string>();
  const hashes = new Map<string, string>();
  const excused = new Set<string>();
  const excusedKeys = new Set<string>();
  /** For each command the groups of events by which it was carried out; more than one where two boxes were asked. */
  const doings = new Map<string, Set<string>[]>();
  const note = (key: string, ids: ReadonlySet<string>): void => {
    const groups = doings.get(key) ?? [];
    const same = groups.find((group) => [...ids].some((id) => group.has(id)));
    if (same) for (const id of ids) same.add(id);
    else groups.push(new Set(ids));
    doings.set(key, groups);
  };
  return {
    see: (box) => {
      const events = eventsOn(box);
      for (const { logId, line, hash } of rowsOn(box)) {
        const place = `${logId} ${line}`;
        if (!hashes.has(place)) hashes.set(place, hash);
      }
      const byKey = new Map<string, Set<string>>();
      for (const [id, key] of events) {
        seen.set(id, key);
        byKey.set(key, (byKey.get(key) ?? new Set()).add(id));
      }
      for (const [key, ids] of byKey) note(key, ids);
      return events;
    },
    seen: () => seen,
    hashOf: (logId, line) => hashes.get(`${logId} ${line}`) ?? null,
    excused,
    isKeyExcused: (key) => excusedKeys.has(key),
    excuse: (ids) => {
      for (const id of ids) {
        excused.add(id);
        const key = seen.get(id);
        if (key !== undefined) excusedKeys.add(key);
      }
    },
    wasDoneApart: (id, main) => {
      const groups = doings.get(seen.get(id) ?? '') ?? [];
      return groups.some((group) => !group.has(id) && [...group].every((other) => main.has(other)));
    },
  };
}

type Row = { readonly logId: string; readonly line: string; readonly hash: string };

function rowsOn(box: SimBox): readonly Row[] {
  return box.edge().sqlite.prepare<[], Row>('SELECT log_id AS logId, line, lower(hex(hash)) AS hash FROM event').all();
}

export function eventsOn(box: SimBox): Events {
  return toldBy(box.edge().sqlite.prepare<[], string>('SELECT line FROM event ORDER BY pos').pluck().all());
}

export function toldBy(lines: readonly string[]): Events {
  return new Map(
    lines.map((line) => {
      const head = lineHead(line);
      assert(head !== null, 'a stored line is an event line');
      return [head.id, lineCommand(line) ?? ''];
    }),
  );
}

export type CloudLog = {
  readonly logId: string;
  readonly state: string;
  readonly parentLogId: string | null;
  readonly sealedAt: number | null;
  readonly isActive: boolean;
  readonly parentSeq: number | null;
  readonly parentHash: string | null;
  readonly nodeId: string;
  readonly keyThumbprint: string;
  readonly hash: string;
  readonly openedAt: number;
  readonly lines: readonly string[];
};

/** All that the cloud holds of the club, read past the programs. */
export async function cloudLogs({ stage, tenant }: Pick<Night, 'stage' | 'tenant'>): Promise<readonly CloudLog[]> {
  return stage.operator.read<CloudLog>(
    `SELECT l.log_id AS "logId", l.state, l.parent_log_id AS "parentLogId", l.parent_seq::int AS "parentSeq",
         l.sealed_at::int AS "sealedAt", l.log = c.active_log AS "isActive",
         encode(l.parent_hash, 'hex') AS "parentHash", n.node_id AS "nodeId", n.thumbprint AS "keyThumbprint",
         encode(l.hash, 'hex') AS hash, l.log AS "openedAt",
         ARRAY(SELECT e.line FROM event e WHERE e.org = l.org AND e.log = l.log ORDER BY e.seq) AS lines
       FROM edge_log l JOIN node n ON n.org = l.org AND n.node = l.node
       JOIN club c ON c.org = l.org AND c.club = l.club WHERE l.org = $1 ORDER BY l.log`,
    tenant.org,
  );
}

export function eventsInCloud(logs: readonly CloudLog[]): Events {
  return new Map(logs.flatMap(({ lines }) => [...toldBy(lines)]));
}
