import { newKey } from '../support/key.ts';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';
import Database, { type Statement } from 'better-sqlite3';
import { openAssets } from '../../edge-node/assets.ts';
import { openDatabase, type Sqlite } from '../../edge-node/db/open.ts';
import type { Edge } from '../../edge-node/edge.ts';
import { nodeActor } from '../../edge-node/give.ts';
import { buildTestEdge } from '../support/edge.ts';
import { cpuUs, serve } from './child.ts';
import { callable, fillNight } from './night.ts';

export type Sync = 'OFF' | 'FULL';
export type Size = { readonly groups: number; readonly perGroup: number };
/** Every call of a prepared statement, group by group: what the command layer can't do without. */
type Call = readonly [statement: number, params: readonly unknown[]];
type Recording = {
  readonly statements: { readonly sql: string; readonly method: 'run' | 'get' | 'all'; readonly raw: boolean }[];
  readonly groups: Call[][];
};

const now: {
  readonly edges: Partial<Record<Sync, Edge>>;
  readonly bare: Partial<Record<Sync, (group: readonly Call[]) => void>>;
  recording: Recording;
  entries: readonly string[];
} = { edges: {}, bare: {}, recording: { statements: [], groups: [] }, entries: [] };

const tasks = {
  /** A club in a full night, closed again, to be copied. */
  prepare: async (folder: string) => {
    const node = await buildTestEdge({ folder });
    await fillNight(node.edge);
    await node.stop();
  },
  /** Runs groups on a copy and writes down what reached SQLite. Only in a process that measures nothing. */
  record: async ({ folder, file, size }: { readonly folder: string; readonly file: string; readonly size: Size }) => {
    const recorder = recordStatements();
    const { edge, stop } = await buildTestEdge({ folder });
    recorder.start();
    for (const keys of keysOf(size)) {
      recorder.nextGroup();
      await runGroup(edge, keys);
    }
    recorder.stop();
    writeFileSync(file, serialize(recorder.recording));
    await stop();
  },
  open: async ({ folder, file }: { readonly folder: string; readonly file: string }) => {
    now.recording = deserialize(readFileSync(file)) as Recording;
    for (const sync of ['OFF', 'FULL'] as const) {
      cpSync(folder, `${folder}-edge-${sync}`, { recursive: true });
      cpSync(folder, `${folder}-bare-${sync}`, { recursive: true });
      const { edge } = await buildTestEdge({ folder: `${folder}-edge-${sync}` });
      const { sqlite } = openDatabase(`${folder}-bare-${sync}/club.db`, openAssets(), null);
      for (const one of [edge.sqlite, sqlite]) one.pragma(`synchronous = ${sync}`);
      now.edges[sync] = edge;
      now.bare[sync] = openReplay(sqlite);
    }
  },
  /** CPU of whole commands through the queue, in microseconds. */
  queue: async ({ sync, size }: { readonly sync: Sync; readonly size: Size }) => {
    const edge = now.edges[sync];
    const keys = keysOf(size);
    globalThis.gc?.();
    const before = cpuUs();
    if (edge) for (const group of keys) await runGroup(edge, group);
    return cpuUs() - before;
  },
  /** CPU of the bare statements of as many commands, in microseconds. */
  bare: ({ sync, from, size }: { readonly sync: Sync; readonly from: number; readonly size: Size }) => {
    const groups = now.recording.groups.slice(from, from + size.groups);
    globalThis.gc?.();
    const before = cpuUs();
    for (const group of groups) now.bare[sync]?.(group);
    return cpuUs() - before;
  },
  statementsPerCommand: (perGroup: number) => (now.recording.groups[0]?.length ?? 0) / perGroup,
};
export type CommandLayerTasks = typeof tasks;

function keysOf({ groups, perGroup }: Size): readonly (readonly string[])[] {
  return Array.from({ length: groups }, () => Array.from({ length: perGroup }, () => newKey()));
}

async function runGroup(edge: Edge, keys: readonly string[]): Promise<void> {
  if (now.entries.length === 0) now.entries = callable(edge);
  const actor = nodeActor(edge.log.genesis.nodeId);
  const answers = await Promise.all(
    keys.map((key, at) =>
      edge.command('rotation.call', { entry: now.entries[at] ?? '', away: (at % 3) + 1 }, { key, actor }),
    ),
  );
  const refused = answers.find(({ ok }) => !ok);
  if (refused) throw new Error(`A command was refused: ${JSON.stringify(refused)}`);
}

/** Listens on the driver's statements of this process. */
function recordStatements() {
  const made: Recording = { statements: [], groups: [] };
  const numbers = new Map<string, number>();
  const raws = new WeakSet<object>();
  let on = false;
  const prototype = Object.getPrototypeOf(new Database(':memory:').prepare('SELECT 1')) as object;
  const numberOf = (statement: Statement, method: 'run' | 'get' | 'all'): number => {
    const name = `${method} ${statement.source}`;
    const known = numbers.get(name);
    if (known !== undefined) return known;
    made.statements.push({ sql: statement.source, method, raw: raws.has(statement) });
    numbers.set(name, made.statements.length - 1);
    return made.statements.length - 1;
  };
  for (const method of ['raw', 'run', 'get', 'all'] as const) {
    const original = Reflect.get(prototype, method) as (...params: unknown[]) => unknown;
    Reflect.set(prototype, method, function (this: Statement, ...params: unknown[]) {
      if (method === 'raw') raws.add(this);
      else if (on) made.groups.at(-1)?.push([numberOf(this, method), params]);
      return original.apply(this, params);
    });
  }
  return {
    recording: made,
    start: () => void (on = true),
    stop: () => void (on = false),
    nextGroup: () => void made.groups.push([]),
  };
}

function openReplay(sqlite: Sqlite): (group: readonly Call[]) => void {
  const calls = now.recording.statements.map(({ sql, method, raw }) => {
    const statement = sqlite.prepare(sql);
    if (raw) statement.raw();
    if (method === 'run') return (params: readonly unknown[]) => statement.run(...params);
    return method === 'get'
      ? (params: readonly unknown[]) => statement.get(...params)
      : (params: readonly unknown[]) => statement.all(...params);
  });
  return (group) => {
    for (const [statement, params] of group) calls[statement]?.(params);
  };
}

serve(tasks, async () => {
  for (const edge of Object.values(now.edges)) await edge.close();
});
