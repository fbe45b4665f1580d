import { assert } from '#shared/kit/assert.ts';
import { setTimeout as pause } from 'node:timers/promises';
import { startChild, type Child } from './child.ts';
import { startCloud, type CloudProcess } from './cloud-process.ts';
import { countingProxy, type CountingProxy } from './counting-proxy.ts';
import { figure, fixed, median, quantile, say, type Figure } from './figure.ts';
import { diskFolder } from './folder.ts';
import type { TabletsTasks } from './tablets-child.ts';
import { interleaved, ratioOf, slice, startEdge, type Plan, type Slice } from './tablets.ts';

const BACKLOG = 70_000;
/** So many have to wait when a round begins, so that it does not end before the backlog lasts. */
const ROUND_EVENTS = 40_000;
const TURNS = ['held', 'draining'] as const;
/** 20 tablets at 400 taps a second: some forty times what a club's busiest minute is. */
const FLOOR: Plan = { tablets: 20, ms: 3_000, everyMs: 50 };
const FLAT_OUT: Plan = { tablets: 20, ms: 1_500 };
const ROUNDS = { beside: 4, away: 10, flatOut: 4 } as const;
const WARM_UP: Plan = { tablets: 20, ms: 2_000 };
const LOOK_MS = 5;
const DRAIN_BEGINS_MS_MAX = 60_000;
/** After the way is shut, until the batch that was being packed has come to rest. */
const REST_MS = 400;

type Parts = {
  readonly cloud: CloudProcess;
  readonly proxy: CountingProxy;
  readonly tablets: Child<TabletsTasks>;
  readonly edge: Awaited<ReturnType<typeof startEdge>>;
};
type Drained = { readonly slices: Record<(typeof TURNS)[number], readonly Slice[]>; readonly perS: number };

/** How long the floor waits while a week's backlog goes up, beside the same node whose way is shut. */
export async function draining(): Promise<readonly Figure[]> {
  const folder = diskFolder();
  const cloud = await startCloud();
  const proxy = await countingProxy(cloud.url);
  proxy.hold();
  const tablets = await startChild<TabletsTasks>('tablets-child.ts', {});
  const edge = await startEdge({
    BENCH_FOLDER: `${folder.path}/edge`,
    BENCH_CLOUD: cloud.url,
    BENCH_WAY: proxy.url,
    BENCH_CODE: await cloud.newCode(),
  });
  const parts = { cloud, proxy, tablets, edge };
  try {
    await edge.child.ask('play', BACKLOG);
    await slice(tablets, edge, WARM_UP);
    say(`\nDraining: a backlog of ${BACKLOG} events goes up while 20 tablets tap`);
    report('400 taps/s, cloud beside', await rounds(parts, FLOOR, ROUNDS.beside));
    cloud.putAway();
    const away = await rounds(parts, FLOOR, ROUNDS.away);
    report('400 taps/s, cloud away', away);
    report('flat out, cloud away', await rounds(parts, FLAT_OUT, ROUNDS.flatOut));
    return [figure('draining.p99 of the floor, to not draining', p99Ratio(away), ['<=', 1.3, 'ratio'])];
  } finally {
    await tablets.stop();
    await edge.stop();
    proxy.close();
    await cloud.close();
    folder.remove();
  }
}

async function rounds(parts: Parts, plan: Plan, count: number): Promise<Drained> {
  const rates: number[] = [];
  const slices = await interleaved(TURNS, count, async (turn) => {
    await refill(parts);
    if (turn === 'held') return slice(parts.tablets, parts.edge, plan);
    parts.proxy.letGo();
    const before = await drainBegins(parts);
    const taken = await slice(parts.tablets, parts.edge, plan);
    const after = await drainedOf(parts);
    parts.proxy.hold();
    assert(after.waiting > 0, 'the backlog lasts longer than the turn');
    rates.push(((after.acked - before.acked) / (after.at - before.at)) * 1_000);
    await pause(REST_MS);
    return taken;
  });
  return { slices, perS: median(rates) };
}

async function drainedOf({ edge }: Parts): Promise<{ acked: number; waiting: number; at: number }> {
  const { waiting } = await edge.child.ask('cloud', undefined);
  return { acked: (await edge.child.ask('head', undefined)) - waiting, waiting, at: performance.now() };
}

/** The node may have given the link up meanwhile; it asks again by itself. */
async function drainBegins(parts: Parts): Promise<{ readonly acked: number; readonly at: number }> {
  const { acked: held, at: since } = await drainedOf(parts);
  for (;;) {
    const now = await drainedOf(parts);
    if (now.acked > held) return now;
    assert(now.at - since < DRAIN_BEGINS_MS_MAX, 'the backlog begins to go up');
    await pause(LOOK_MS);
  }
}

async function refill({ edge }: Parts): Promise<void> {
  const { waiting } = await edge.child.ask('cloud', undefined);
  if (waiting >= ROUND_EVENTS) return;
  await edge.child.ask('play', (await edge.child.ask('head', undefined)) + BACKLOG - waiting);
}

const p99 = ({ waits }: Slice): number => quantile(waits, 0.99);

function p99Ratio({ slices }: Drained): number {
  return ratioOf(p99, slices.draining, slices.held);
}

function report(title: string, drained: Drained): void {
  const { slices, perS } = drained;
  const of = (share: number, turn: readonly Slice[]) =>
    fixed(
      quantile(
        turn.flatMap(({ waits }) => waits),
        share,
      ),
      2,
    );
  const waits = (turn: readonly Slice[]) => [0.5, 0.99, 0.999].map((share) => of(share, turn)).join(' / ');
  const cpu = (turn: readonly Slice[]) => fixed(median(turn.map((one) => one.perS * one.cpuUs)) / 10_000, 0);
  say(
    `  ${title.padEnd(25)} p50 / p99 / p99.9 ${waits(slices.draining)} ms, not draining ${waits(slices.held)} ms;` +
      ` p99 ratio ${fixed(p99Ratio(drained), 2)}; ${fixed(perS, 0)} events/s up; node's CPU ${cpu(slices.draining)} %, ${cpu(slices.held)} %`,
  );
}
