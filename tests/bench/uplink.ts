import { assert } from '#shared/kit/assert.ts';
import { gzipSync } from 'node:zlib';
import { cpuUs, startChild, type Child } from './child.ts';
import { startCloud, type CloudProcess } from './cloud-process.ts';
import type { CopyTasks } from './copy-child.ts';
import { countingProxy, type CountingProxy } from './counting-proxy.ts';
import { figure, fixed, median, say, sum, type Figure } from './figure.ts';
import { diskFolder } from './folder.ts';
import type { UplinkNodeTasks } from './uplink-node-child.ts';

const EVENTS = 50_000;
const WARM_UP_EVENTS = 20_000;
const ROUND_EVENTS = 5_000;
const RAW_BYTES_MAX = 20_000_000;

type Parts = {
  readonly cloud: CloudProcess;
  readonly node: Child<UplinkNodeTasks>;
  readonly copy: Child<CopyTasks>;
  readonly proxy: CountingProxy;
};
export type Round = {
  readonly events: number;
  readonly rawBytes: number;
  readonly wireBytes: number;
  readonly ms: number;
  readonly edge: number;
  readonly cloudNode: number;
  readonly cloudPostgres: number;
  readonly copyNode: number;
  readonly copyPostgres: number;
  /** Of gzip of the same bytes, as the sender does it. */
  readonly gzip: number;
  readonly batches: number;
  /** What the edge read as JSON meanwhile: times, and characters. */
  readonly parses: number;
  readonly parsedChars: number;
  /** Of reading the same batches at all: unpack, parse and hash each line once. */
  readonly reading: number;
};

/** 50,000 events that waited, pushed by the real sender into the real control plane, beside COPY of the same batches. */
export async function uplink(): Promise<readonly Figure[]> {
  const { rounds, waiting } = await drain();
  return report(rounds, waiting);
}

/** The rounds, and how many events waited at first. */
export async function drain(): Promise<{ readonly rounds: readonly Round[]; readonly waiting: number }> {
  const folder = diskFolder();
  const cloud = await startCloud();
  const node = await startChild<UplinkNodeTasks>('uplink-node-child.ts', { BENCH_FOLDER: `${folder.path}/edge` });
  const copy = await startChild<CopyTasks>('copy-child.ts', { BENCH_DATABASE_URL: cloud.databaseUrl });
  const proxy = await countingProxy(cloud.url);
  try {
    const waiting = await node.ask('fill', EVENTS + WARM_UP_EVENTS + ROUND_EVENTS * 2);
    await node.ask('connect', { cloud: cloud.url, url: proxy.url, code: await cloud.newCode() });
    const parts = { cloud, node, copy, proxy };
    await round(parts, WARM_UP_EVENTS);
    const rounds: Round[] = [];
    while (sum(rounds.map(({ events }) => events)) < EVENTS) rounds.push(await round(parts, ROUND_EVENTS));
    return { rounds, waiting };
  } finally {
    proxy.close();
    await node.stop();
    await copy.stop();
    await cloud.close();
    folder.remove();
  }
}

/** Some batches through the cloud, then the same ones by COPY. */
async function round({ cloud, node, copy, proxy }: Parts, events: number): Promise<Round> {
  const batches: Awaited<ReturnType<UplinkNodeTasks['push']>>[] = [];
  const before = {
    cloud: cloud.cpuUs(),
    edge: await node.ask('cpuUs', undefined),
    wire: wireBytes(proxy),
    at: performance.now(),
  };
  while (sum(batches.map((one) => one.events)) < events) {
    const batch = await node.ask('push', undefined);
    batches.push(batch);
    if (batch.waiting === 0) break;
  }
  const ms = performance.now() - before.at;
  const between = cloud.cpuUs();
  const edge = (await node.ask('cpuUs', undefined)) - before.edge;
  const wire = wireBytes(proxy) - before.wire;
  let rawBytes = 0;
  let [copyNode, reading, gzip] = [0, 0, 0];
  const postgresBefore = cloud.cpuUs().postgres;
  for (const batch of batches) {
    const lines = await node.ask('lines', batch);
    rawBytes += sum(lines.map((line) => Buffer.byteLength(line) + 1));
    const started = cpuUs();
    gzipSync(lines.join('\n'));
    gzip += cpuUs() - started;
    await copy.ask('take', { from: batch.from, lines });
    const start = await copy.ask('cpuUs', undefined);
    await copy.ask('copy', undefined);
    copyNode += (await copy.ask('cpuUs', undefined)) - start;
    reading += await copy.ask('read', undefined);
  }
  return {
    events: sum(batches.map((one) => one.events)),
    rawBytes,
    wireBytes: wire,
    ms,
    edge,
    cloudNode: between.node - before.cloud.node,
    cloudPostgres: between.postgres - before.cloud.postgres,
    copyNode,
    copyPostgres: cloud.cpuUs().postgres - postgresBefore,
    reading,
    gzip,
    batches: batches.length,
    parses: sum(batches.map((one) => one.parses)),
    parsedChars: sum(batches.map((one) => one.parsedChars)),
  };
}

function wireBytes(proxy: CountingProxy): number {
  return proxy.bytesUp() + proxy.bytesDown();
}

function report(rounds: readonly Round[], waiting: number): readonly Figure[] {
  const all = (key: keyof Round) => sum(rounds.map((one) => one[key]));
  const events = all('events');
  assert(events >= EVENTS, `${EVENTS} of ${waiting} events went up`);
  const each = (key: keyof Round) => fixed(all(key) / events, 1);
  const per50k = (bytes: number) => (bytes / events) * EVENTS;
  // CPU time of other processes comes in hundredths of a second, so the rounds are added up before they are divided.
  const copying = all('copyNode') + all('copyPostgres');
  const ratio = (all('cloudNode') + all('cloudPostgres')) / copying;
  const byRound = median(rounds.map((one) => (one.cloudNode + one.cloudPostgres) / (one.copyNode + one.copyPostgres)));
  say(
    `\nUplink: ${events} waiting events in ${rounds.length} interleaved rounds, ${fixed(all('rawBytes') / events, 0)} bytes an event`,
  );
  say(
    `  wire   ${fixed(all('wireBytes') / 1e6, 2)} of ${fixed(all('rawBytes') / 1e6, 2)} MB raw, both ways, headers included; ${fixed(all('ms') / 1_000, 2)} s`,
  );
  say(`  edge   ${each('edge')} us CPU an event`);
  say(`  cloud  ${each('cloudNode')} us control plane + ${each('cloudPostgres')} us PostgreSQL an event`);
  say(`  COPY   ${each('copyNode')} us client + ${each('copyPostgres')} us PostgreSQL an event`);
  say(`  reading them at all (gunzip, JSON.parse, SHA-256 of each line): ${each('reading')} us an event`);
  say(
    `  CPU of the cloud to bare COPY: ${fixed(ratio, 2)} over all rounds, ${fixed(byRound, 2)} median round; to COPY and reading: ${fixed(ratio * (copying / (copying + all('reading'))), 2)}`,
  );
  return [
    figure('uplink.wire, to raw bytes', all('wireBytes') / all('rawBytes'), ['<=', 0.25, 'ratio']),
    figure('uplink.wire, 50,000 events', per50k(all('wireBytes')), ['<=', RAW_BYTES_MAX * 0.25, 'bytes']),
    figure('uplink.cpu, to bare COPY', ratio, ['<=', 1.5, 'ratio']),
  ];
}
