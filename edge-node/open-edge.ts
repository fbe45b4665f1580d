import { asc, desc, eq, gt, sql } from 'drizzle-orm';
import { parseLine, type Actor } from '#shared/contract/event-line.ts';
import type { CloudState } from '#shared/contract/live.ts';
import { event as made } from '#shared/domain/event.ts';
import { assert } from '#shared/kit/assert.ts';
import { accept } from '#shared/kit/decision.ts';
import type { Genesis } from '#shared/log/chain.ts';
import type { Assets } from './assets.ts';
import type { Clock } from './clock.ts';
import { openDatabase, type Db } from './db/open.ts';
import { event, log as logTable } from './db/schema.ts';
import type { Edge } from './edge.ts';
import type { CommandInput, Decide, Deciding, RoutedCommand } from './features/command.ts';
import { DECIDERS } from './features/commands.ts';
import { openPairingCodes, openSignIns, tokenHash } from './http/sign-in.ts';
import { idMaker, pooled, type NewId, type Random } from './ids.ts';
import { openHub } from './live/hub.ts';
import { openView } from './live/view.ts';
import { forgetOldAnswers } from './log/answers.ts';
import { openCommandQueue, type CommandQueue } from './log/command-queue.ts';
import { openLog, type Log, type Written } from './log/log.ts';
import { openSeal, type Seal } from './seal/seal.ts';
import { openApply } from './state/apply.ts';
import { openReads } from './state/reads.ts';

export const VERSION = '0.1.0';

export type EdgeParts = {
  readonly file: string;
  readonly assets: Assets;
  /** The unpacked SQLite addon of the single binary; null in a checkout. */
  readonly binding: object | null;
  readonly clock: Clock;
  readonly random: Random;
  readonly clubKey: Buffer;
  readonly node: { readonly nodeId: string; readonly keyThumbprint: string };
  /** In a demo only: a pairing code that any number of devices may use. */
  readonly demoCode: string | null;
  /** Set by whoever runs the sender; a node without a cloud says `off`. */
  readonly cloud: () => CloudState;
  readonly committed: () => void;
  readonly broken: (error: unknown, what: string) => void;
};

/** Opens a club's node on its database: everything but HTTP and the way to the cloud. */
export function openEdge(parts: EdgeParts): Edge {
  const opened = openDatabase(parts.file, parts.assets, parts.binding);
  const { db, sqlite } = opened;
  const { clock, random } = parts;
  const newId = idMaker(clock.wall, pooled(random));
  const genesis = findOrBeginLog(db, { newId, node: parts.node });
  const log = openLog(db, { ...genesis, newId, apply: openApply(db) });
  const reads = openReads(db);
  const seal = openSeal(db, parts.clubKey, random);
  const signIns = openSignIns({ db, reads, seal, clock, random });
  const view = openView(reads);
  const hub = openHub({
    view,
    head: () => log.head().pos,
    hashAt: openShortHash(db, log),
    missed: openMissed(db),
    cloud: parts.cloud,
    clock,
  });
  forgetOldAnswers(db, log.head().pos);
  const queue = openCommandQueue({
    ...opened,
    log,
    reads,
    clock,
    newId,
    fingerprint: seal.fingerprint,
    lastWall: lastWall(db),
    committed: (written) => {
      hub.publish(written);
      for (const { event: one } of written) {
        if (one.type !== 'device.revoked') continue;
        signIns.forgetDevice(one.body.device);
        hub.drop(({ device }) => device === one.body.device);
      }
      parts.committed();
    },
    broken: parts.broken,
  });

  return {
    ...opened,
    clock,
    log,
    reads,
    view,
    hub,
    signIns,
    pairing: openPairingCodes(clock, random, parts.demoCode),
    command: openCommand({ reads, seal }, queue),
    pairDevice: openPairDevice(queue, { random, newId }),
    started: openStarted(queue, clock, genesis.genesis.nodeId),
    cloud: parts.cloud,
    close: async () => {
      hub.close();
      await queue.close();
      // The last connection brings the -wal into the database by itself; where a full disk forbids it, the next start does.
      sqlite.close();
    },
  };
}

/** Says in the log that the node started: from here on the monotonic clock is another one. */
function openStarted(queue: CommandQueue, clock: Clock, nodeId: string): Edge['started'] {
  const decide = () => accept(made('node.started', { version: VERSION, boot: clock.boot }));
  return () => queue.submit({ key: `start-${clock.boot}`, content: '', actor: nodeActor(nodeId), decide });
}

export function nodeActor(id: string): Actor {
  return { kind: 'node', id, dev: null, auth: 'node' };
}

function openCommand(deciding: Deciding, queue: CommandQueue): Edge['command'] {
  return async <N extends RoutedCommand>(
    name: N,
    input: CommandInput<N>,
    { key, actor }: Parameters<Edge['command']>[2],
  ) => {
    const content = `${name} ${JSON.stringify(input)}`;
    const ready = await prepare(name, input, deciding.seal);
    // Each name's decider takes its own input; TypeScript can't follow that through a lookup.
    const decide = DECIDERS[name] as unknown as Decide<N>;
    return queue.submit({ key, content, actor, decide: (ask) => decide(deciding, ready, ask) });
  };
}

/** What takes time is done before a command waits, so that nothing slow stands in the write path. */
async function prepare<N extends RoutedCommand>(name: N, input: CommandInput<N>, seal: Seal): Promise<CommandInput<N>> {
  if (name !== 'staff.add' || !('pin' in input) || typeof input.pin !== 'string') return input;
  return { ...input, pin: await seal.pinHash(input.pin) };
}

function openPairDevice(
  queue: CommandQueue,
  { random, newId }: { readonly random: Random; readonly newId: NewId },
): Edge['pairDevice'] {
  return async ({ name, ceiling }) => {
    const token = random(32).toString('base64url');
    const answer = await queue.submit({
      key: newId(),
      content: '',
      actor: { kind: 'device', id: name, dev: null, auth: 'device' },
      decide: ({ id }) => accept(made('device.paired', { device: id, name, ceiling, tokenHash: tokenHash(token) })),
    });
    return answer.ok ? { device: answer.id, token } : answer.refusal;
  };
}

/** The log that this node writes: the one that it has, or a first one. */
function findOrBeginLog(
  db: Db,
  { newId, node }: { readonly newId: NewId; readonly node: EdgeParts['node'] },
): { readonly genesis: Genesis; readonly base: number } {
  const row = db.select().from(logTable).orderBy(desc(logTable.base)).limit(1).get();
  if (row) {
    const { parentLog, parentSeq, parentHash } = row;
    const own = row.nodeId === node.nodeId && row.keyThumbprint === node.keyThumbprint;
    assert(own, 'the log in this folder is written by this node, with this key');
    const parent = parentLog === null ? null : { logId: parentLog, seq: parentSeq ?? 0, hash: parentHash ?? '' };
    return {
      genesis: { logId: row.logId, parent, nodeId: row.nodeId, keyThumbprint: row.keyThumbprint },
      base: row.base,
    };
  }
  const logId = newId();
  db.insert(logTable)
    .values({ logId, base: 0, parentLog: null, parentSeq: null, parentHash: null, ...node })
    .run();
  return { genesis: { logId, parent: null, ...node }, base: 0 };
}

/** Screens prove where they stand by the beginning of the hash there. */
function openShortHash(db: Db, log: Log): (pos: number) => string | null {
  const at = db
    .select({ hash: event.hash })
    .from(event)
    .where(eq(event.pos, sql.placeholder('pos')))
    .prepare();
  return (pos) => {
    const { pos: head, hash } = log.head();
    const found = pos === head ? hash : at.get({ pos })?.hash;
    return found?.toString('hex', 0, 8) ?? null;
  };
}

function lastWall(db: Db): number | null {
  const last = db.select({ line: event.line }).from(event).orderBy(desc(event.pos)).limit(1).get();
  return last ? parseLine(last.line).at.wall : null;
}

function openMissed(db: Db): (since: number, most: number) => readonly Written[] | null {
  const after = db
    .select({ pos: event.pos, line: event.line })
    .from(event)
    .where(gt(event.pos, sql.placeholder('since')))
    .orderBy(asc(event.pos))
    .limit(sql.placeholder('most'))
    .prepare();
  return (since, most) => {
    const rows = after.all({ since, most: most + 1 });
    if (rows.length > most) return null;
    return rows.map(({ pos, line }) => {
      const logged = parseLine(line);
      return { pos, event: logged, day: logged.day };
    });
  };
}
