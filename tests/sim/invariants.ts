import { isDeepStrictEqual } from 'node:util';
import { parseLine } from '#shared/contract/event-line.ts';
import { genesisHash, nextHash } from '#shared/log/chain.ts';
import type { Opened } from '../../edge-node/db/open.ts';
import type { Edge } from '../../edge-node/edge.ts';
import { replayHistory } from '../../edge-node/log/replay.ts';
import { verifyHistory } from '../../edge-node/log/verify.ts';
import { must } from './breaks.ts';
import { cloudLogs, eventsInCloud, eventsOn, toldBy, type CloudLog, type Events, type Facts } from './facts.ts';
import { mainBox, type Night } from './night.ts';
import type { SimBox } from './world.ts';

/** What must hold at the end of every simulated night; the first that does not throws a Breach that says what was found. */
export async function checkAll(night: Night): Promise<void> {
  for (const box of night.boxes) {
    must(box.faults.length === 0, `our own code broke on ${box.name}: ${box.faults[0]}`);
    night.facts.see(box);
    checkBox(box, night.stage.fresh);
  }
  const logs = await cloudLogs(night);
  checkChains(logs, night.facts);
  const mainline = mainlineOf(logs);
  const main = toldBy(mainline);
  must(main.size === mainline.length, 'I4: an event is on the mainline twice');
  checkNothingLost(night, main, logs);
  checkCommands(night, mainline);
  checkScreens(night);
  for (const box of night.boxes.filter((one) => !isFenced(one))) await checkAgreement(night, box, mainline);
}

const isFenced = (box: SimBox): boolean => box.edge().box.get().fenced;

/** The node's own chain, its tables and its ledger. */
function checkBox({ name, edge }: SimBox, fresh: Opened): void {
  const { sqlite, reads } = edge();
  const verdict = verifyHistory(sqlite);
  must(verdict.ok, `I7: the chain of ${name} is broken: ${JSON.stringify(verdict)}`);
  const difference = replayHistory(sqlite, fresh);
  must(difference === null, `a replay of ${name} differs: ${JSON.stringify(difference)}`);
  const sum = reads.ledger.balances().reduce((total, { cents }) => total + cents, 0);
  must(sum === 0, `the ledger of ${name} sums to ${sum}`);
}

/** The cloud's chains are whole, and each of their places was once a place on a box. */
function checkChains(logs: readonly CloudLog[], { hashOf }: Facts): void {
  for (const log of logs) {
    const { logId, nodeId, keyThumbprint, parentLogId, parentSeq, parentHash } = log;
    const parent = parentLogId === null ? null : { logId: parentLogId, seq: parentSeq ?? 0, hash: parentHash ?? '' };
    let hash = genesisHash({ logId, parent, nodeId, keyThumbprint });
    for (const [at, line] of log.lines.entries()) {
      hash = nextHash(hash, line);
      must(
        hashOf(logId, line) === hash.toString('hex'),
        `I7: the cloud's event ${at + 1} of ${logId} follows on one that it never followed`,
      );
    }
    must(hash.toString('hex') === log.hash, `I7: the cloud's chain of ${logId} is broken`);
  }
}

/** The club's one history, from its end back to its beginning. */
function mainlineOf(logs: readonly CloudLog[]): readonly string[] {
  const byId = new Map(logs.map((log) => [log.logId, log]));
  must(logs.filter(({ state }) => state === 'open').length <= 1, 'two logs are open at once');
  const lines: (readonly string[])[] = [];
  let log = logs.find(({ isActive }) => isActive);
  let upto = log?.sealedAt ?? log?.lines.length ?? 0;
  while (log) {
    must(upto <= log.lines.length, 'a log ends before its child begins');
    lines.unshift(log.lines.slice(0, upto));
    upto = log.parentSeq ?? 0;
    log = log.parentLogId === null ? undefined : byId.get(log.parentLogId);
  }
  return lines.flat();
}

function checkNothingLost({ facts, boxes }: Night, main: Events, logs: readonly CloudLog[]): void {
  const isAccounted = (id: string): boolean => main.has(id) || facts.wasDoneApart(id, main);
  for (const box of boxes)
    for (const id of eventsOn(box).keys())
      must(isAccounted(id), `I1: event ${id} is on ${box.name} and not on the cloud's mainline`);
  for (const id of facts.seen().keys())
    must(isAccounted(id) || facts.excused.has(id), `I2, I3: event ${id} was lost in silence`);
  for (const id of eventsInCloud(logs).keys())
    must(isAccounted(id), `I5: the cloud took event ${id} and has it beside the mainline`);
}

/** Every acknowledged command is in the history, once; a refused one is not; no tap is done twice. */
function checkCommands({ facts, known, attempts }: Night, mainline: readonly string[]): void {
  const byKey = new Map<string, number>();
  for (const line of mainline) {
    const { cmd, type } = parseLine(line);
    if (type !== 'clock.stepped' && type !== 'node.started') byKey.set(cmd, (byKey.get(cmd) ?? 0) + 1);
  }
  for (const [key, answer] of known) {
    const events = byKey.get(key) ?? 0;
    if (facts.isKeyExcused(key)) continue;
    if (!answer.ok) must(events === 0, `command ${key} was refused (${answer.refusal}) and made ${events} events`);
    else {
      const most = answer.to - answer.from + 1;
      must(events > 0 && events <= most, `acknowledged command ${key} made ${events} events of ${most}`);
    }
  }
  for (const [tap, keys] of attempts)
    must(keys.filter((key) => byKey.has(key)).length <= 1, `tap ${tap} was done twice`);
}

function checkScreens(night: Night): void {
  const { view } = mainBox(night).edge();
  for (const screen of night.screens) {
    const truth = view
      .all(screen.sight)
      .map((row) => JSON.stringify(row))
      .toSorted();
    must(isDeepStrictEqual(screen.shown(), truth), `a ${screen.sight} screen shows something else than the node`);
  }
}

/** What a live box holds is the cloud's mainline, byte for byte, and so are the totals of its nights. */
async function checkAgreement(night: Night, { name, edge }: SimBox, mainline: readonly string[]): Promise<void> {
  const mine = edge().sqlite.prepare<[], string>('SELECT line FROM event ORDER BY pos').pluck().all();
  must(mine.length === mainline.length, `I8: ${name} has ${mine.length} events, the cloud ${mainline.length}`);
  const differs = mine.findIndex((line, at) => line !== mainline[at]);
  must(differs < 0, `I8: ${name} and the cloud differ at event ${differs + 1}`);
  await checkTotals(night, edge());
}

async function checkTotals({ stage, tenant }: Night, edge: Edge): Promise<void> {
  const rows = await stage.operator.read<{ readonly day: string; readonly class: string; readonly cents: string }>(
    'SELECT day, class, cents::text AS cents FROM night_total WHERE org = $1',
    tenant.org,
  );
  for (const { day } of edge.reads.day.nights()) {
    const theirs = Object.fromEntries(
      rows.filter((row) => row.day === day).map((row) => [row.class, Number(row.cents)]),
    );
    must(
      isDeepStrictEqual(theirs, Object.fromEntries(edge.reads.day.totalsOf(day))),
      `the totals of ${day} differ: ${JSON.stringify(theirs)}`,
    );
  }
}
