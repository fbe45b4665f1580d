import { randomUUID } from 'node:crypto';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';
import Database, { type Statement } from 'better-sqlite3';
import { openAssets } from '../../edge-node/assets.ts';
import { openDatabase, type Sqlite } from '../../edge-node/db/open.ts';
import type { Edge } from '../../edge-node/edge.ts';
import { nodeActor } from '../../edge-node/open-edge.ts';
import { buildTestEdge } from '../support/edge.ts';
import { cpuUs, serve } from './child.ts';
import { callable, fillNight } from './night.ts';

export type Sync = 'OFF' | 'FULL';
export type Size = { readonly groups: number; readonly perGroup: number };
/** Every call of a prepared statement, group by group: what the command layer can't do without. */
type Call = readonly [statement: number, params: readonly unknown[]];
type Recording = { readonly statements: { readonly sql: string; readonly method: 'run' | 'get' | 'all'; readonly raw: boolean }[]; readonly groups: Call[][] };

let edges: Partial<Record<Sync, Edge>> = {};
let bare: Partial<Record<Sync, (group: readonly Call[]) => void>> = {};
let recording: Recording = { statements: [], groups: [] };

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
    recording = deserialize(readFileSync(file)) as Recording;
    for (const sync of ['OFF', 'FULL'] as const) {
      cpSync(folder, `${folder}-edge-${sync}`, { recursive: true });
      cpSync(folder, `${folder}-bare-${sync}`, { recursive: true });
      const { edge } = await buildTestEdge({ folder: `${folder}-edge-${sync}` });
      const { sqlite } = openDatabase(`${folder}-bare-${sync}/club.db`, openAssets(), null);
      for (const one of [edge.sqlite, sqlite]) one.pragma(`synchronous = ${sync}`);
      edges = { ...edges, [sync]: edge };
      bare = { ...bare, [sync]: openReplay(sqlite) };
    }
  },
  /** CPU of whole commands through the queue, in microseconds. */
  queue: async ({ sync, size }: { readonly sync: Sync; readonly size: Size }) => {
    const edge = edges[sync];
    const keys = keysOf(size);
    globalThis.gc?.();
    const before = cpuUs();
    if (edge) for (const group of keys) await runGroup(edge, group);
    return cpuUs() - before;
  },
  /** CPU of the bare statements of as many commands, in microseconds. */
  bare: ({ sync, from, size }: { readonly sync: Sync; readonly from: number; readonly size: Size }) => {
    const groups = recording.groups.slice(from, from + size.groups);
    globalThis.gc?.();
    const before = cpuUs();
    for (const group of groups) bare[sync]?.(group);
    return cpuUs() - before;
  },
  statementsPerCommand: (perGroup: number) => (recording.groups[0]?.length ?? 0) / perGroup,
};
export type CommandLayerTasks = typeof tasks;

function keysOf({ groups, perGroup }: Size): readonly (readonly string[])[] {
  return Array.from({ length: groups }, () => Array.from({ length: perGroup }, () => randomUUID()));
}

let entries: readonly string[] = [];

async function runGroup(edge: Edge, keys: readonly string[]): Promise<void> {
  if (entries.length === 0) entries = callable(edge);
  const actor = nodeActor(edge.log.genesis.nodeId);
  await Promise.all(keys.map((key, at) => edge.command('rotation.call', { entry: entries[at] ?? '', away: (at % 3) + 1 }, { key, actor })));
}

/** Listens on the driver's statements of this process. */
function recordStatements() {
  const made: Recording = { statements: [], groups: [] };
  const numbers = new Map<string, number>();
  const raws = new WeakSet<object>();
  let on = false;
  const prototype = Object.getPrototypeOf(new Database(':memory:').prepare('SELECT 1')) as Statement & Record<string, unknown>;
  const raw = prototype.raw;
  prototype.raw = function (this: Statement, ...toggle) {
    raws.add(this);
    return raw.apply(this, toggle);
  };
  const numberOf = (statement: Statement, method: 'run' | 'get' | 'all'): number => {
    const name = `${method} ${statement.source}`;
    const known = numbers.get(name);
    if (known !== undefined) return known;
    made.statements.push({ sql: statement.source, method, raw: raws.has(statement) });
    numbers.set(name, made.statements.length - 1);
    return made.statements.length - 1;
  };
  for (const method of ['run', 'get', 'all'] as const) {
    const original = prototype[method] as (...params: unknown[]) => unknown;
    Object.assign(prototype, {
      [method](this: Statement, ...params: unknown[]) {
        if (on) made.groups.at(-1)?.push([numberOf(this, method), params]);
        return original.apply(this, params);
      },
    });
  }
  return { recording: made, start: () => void (on = true), stop: () => void (on = false), nextGroup: () => void made.groups.push([]) };
}

function openReplay(sqlite: Sqlite): (group: readonly Call[]) => void {
  const calls = recording.statements.map(({ sql, method, raw }) => {
    const statement = sqlite.prepare(sql);
    if (raw) statement.raw();
    if (method === 'run') return (params: readonly unknown[]) => statement.run(...params);
    return method === 'get' ? (params: readonly unknown[]) => statement.get(...params) : (params: readonly unknown[]) => statement.all(...params);
  });
  return (group) => {
    for (const [statement, params] of group) calls[statement]?.(params);
  };
}

serve(tasks, async () => {
  for (const edge of Object.values(edges)) await edge.close();
});
