import { isDeepStrictEqual } from 'node:util';
import { parseLine } from '#shared/contract/event-line.ts';
import { genesisHash, nextHash } from '#shared/log/chain.ts';
import type { Cloud } from '../../control-plane/cloud.ts';
import { inTenant } from '../../control-plane/db/tenant.ts';
import type { Opened } from '../../edge-node/db/open.ts';
import type { Edge } from '../../edge-node/edge.ts';
import { replayHistory } from '../../edge-node/log/replay.ts';
import { verifyHistory } from '../../edge-node/log/verify.ts';
import type { Answer } from '../../edge-node/log/answers.ts';
import { must } from './breaks.ts';
import type { SimScreen } from './screen.ts';

/** What must hold at the end of every simulated night; each throws a Breach that says what was found. */
export type Tenant = { readonly cloud: Cloud; readonly org: number };
type Row = { readonly pos: number; readonly line: string };

export function checkCommands(edge: Edge, known: ReadonlyMap<string, Answer>): void {
  const byKey = new Map<string, number[]>();
  for (const { pos, line } of linesOf(edge)) {
    const { cmd, type } = parseLine(line);
    if (type !== 'clock.stepped') byKey.set(cmd, [...(byKey.get(cmd) ?? []), pos]);
  }
  for (const [key, answer] of known) {
    const places = byKey.get(key) ?? [];
    if (!answer.ok)
      must(places.length === 0, `command ${key} was refused (${answer.refusal}) and made events at ${places.join()}`);
    else
      must(
        places.length > 0 && places.every((pos) => pos >= answer.from && pos <= answer.to),
        `acknowledged command ${key} (${answer.from}..${answer.to}) stands at [${places.join()}]`,
      );
  }
}

/** One tap is one fact: no order of a tablet is in the log under two keys. */
export function checkOnce(edge: Edge, attempts: ReadonlyMap<string, readonly string[]>): void {
  const done = new Set(linesOf(edge).map(({ line }) => parseLine(line).cmd));
  for (const [tap, keys] of attempts)
    must(keys.filter((key) => done.has(key)).length <= 1, `tap ${tap} was done twice`);
}

export function checkLog(edge: Edge, fresh: Opened): void {
  const verdict = verifyHistory(edge.sqlite);
  must(verdict.ok, `the node's own chain is broken: ${JSON.stringify(verdict)}`);
  const difference = replayHistory(edge.sqlite, fresh);
  must(difference === null, `replay differs: ${JSON.stringify(difference)}`);
  const sum = edge.reads.ledger.balances().reduce((total, { cents }) => total + cents, 0);
  must(sum === 0, `the ledger sums to ${sum}`);
}

export function checkScreens(edge: Edge, screens: readonly SimScreen[]): void {
  for (const screen of screens) {
    const truth = edge.view
      .all(screen.sight)
      .map((row) => JSON.stringify(row))
      .toSorted();
    must(isDeepStrictEqual(screen.shown(), truth), `a ${screen.sight} screen shows something else than the node`);
  }
}

/** The cloud's log is the beginning of a history that this node really wrote, and of the present one unless the node has stopped and says why. */
export async function checkCloud(tenant: Tenant, edge: Edge, written: ReadonlySet<string>): Promise<void> {
  const lines = await cloudLines(tenant, edge.log.logId);
  let hash = genesisHash(edge.log.genesis);
  for (const [at, line] of lines.entries()) {
    hash = nextHash(hash, line);
    must(written.has(hash.toString('hex')), `the cloud's event ${at + 1} follows on one that it never followed`);
  }
  const halted = edge.sqlite.prepare('SELECT halted FROM uplink').pluck().get();
  if (typeof halted === 'string') return;
  const mine = edge.log.linesFrom(1, Number.MAX_SAFE_INTEGER);
  must(
    lines.length <= mine.length && lines.every((line, at) => line === mine[at]),
    'the cloud holds another history than the node, and the node goes on',
  );
  must(
    lines.length === mine.length,
    `the cloud has ${lines.length} of ${mine.length} events after the link was healed`,
  );
  await checkTotals(tenant, edge);
}

async function checkTotals(tenant: Tenant, edge: Edge): Promise<void> {
  for (const { day } of edge.reads.day.nights()) {
    const rows = await ask<{ readonly class: string; readonly cents: string }>(
      tenant,
      'SELECT class, cents FROM night_total WHERE day = $1',
      day,
    );
    const theirs = Object.fromEntries(rows.map((row) => [row.class, Number(row.cents)]));
    must(
      isDeepStrictEqual(theirs, Object.fromEntries(edge.reads.day.totalsOf(day))),
      `the totals of ${day} differ: ${JSON.stringify(theirs)}`,
    );
  }
}

async function cloudLines(tenant: Tenant, logId: string): Promise<readonly string[]> {
  const sql =
    'SELECT e.line FROM event e JOIN edge_log l ON l.org = e.org AND l.log = e.log WHERE l.log_id = $1 ORDER BY e.seq';
  return (await ask<{ readonly line: string }>(tenant, sql, logId)).map(({ line }) => line);
}

function ask<R extends object>({ cloud, org }: Tenant, sql: string, value: string): Promise<readonly R[]> {
  return inTenant(cloud.pool, org, async ({ client }) => (await client.query<R>(sql, [value])).rows);
}

function linesOf(edge: Edge): readonly Row[] {
  return edge.sqlite.prepare<[], Row>('SELECT pos, line FROM event ORDER BY pos').all();
}
