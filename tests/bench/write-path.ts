import { assert } from '#shared/kit/assert.ts';
import { startChild, type Child } from './child.ts';
import type { ConstantTasks } from './constant-child.ts';
import type { EdgeTasks } from './edge-child.ts';
import { figure, fixed, median, quantile, say, type Figure } from './figure.ts';
import { diskFolder, fsyncMs } from './folder.ts';
import type { TabletsTasks, Target } from './tablets-child.ts';

const VARIANTS = ['group', 'single', 'constant'] as const;
type Variant = (typeof VARIANTS)[number];
const TITLES: Record<Variant, string> = {
  group: 'edge node',
  single: 'edge node, a commit each',
  constant: 'constant answer',
};
const PLAN = [
  { tablets: 20, rounds: 8, ms: 1_200 },
  { tablets: 1, rounds: 4, ms: 800 },
  { tablets: 200, rounds: 4, ms: 1_200 },
] as const;
const WARM_UP_MS = 2_000;
const TOKENS = 21;

type Server = { readonly cpuUs: () => Promise<number>; readonly target: Target; readonly stop: () => Promise<void> };
type Slice = {
  readonly perS: number;
  readonly cpuUs: number;
  readonly clientCpuUs: number;
  readonly waits: readonly number[];
};
type Slices = Record<Variant, Slice[]>;

/** Commands over real HTTP from 1, 20 and 200 tablets, in interleaved rounds, each server a process of its own. */
export async function writePath(): Promise<readonly Figure[]> {
  const folder = diskFolder();
  const tablets = await startChild<TabletsTasks>('tablets-child.ts', {});
  const servers: Record<Variant, Server> = {
    group: await startEdge({ BENCH_FOLDER: `${folder.path}/group` }),
    single: await startEdge({ BENCH_FOLDER: `${folder.path}/single`, BENCH_COMMANDS_PER_COMMIT: '1' }),
    constant: await startConstant(),
  };
  try {
    say('\nWrite path: rotation.call over HTTP, one event each, synchronous=FULL');
    say(`  disk: an appended page and its fsync take ${fixed(fsyncMs(folder.path), 2)} ms`);
    for (const variant of VARIANTS) await slice(tablets, servers[variant], { tablets: 20, ms: WARM_UP_MS });
    const figures: Figure[] = [];
    for (const plan of PLAN) {
      const slices = await interleaved(tablets, servers, plan);
      for (const variant of VARIANTS) report(plan.tablets, variant, slices[variant]);
      if (plan.tablets === 20) figures.push(...goals(slices));
    }
    return figures;
  } finally {
    await tablets.stop();
    for (const variant of VARIANTS) await servers[variant].stop();
    folder.remove();
  }
}

async function startEdge(env: Readonly<Record<string, string>>): Promise<Server> {
  const child = await startChild<EdgeTasks>('edge-child.ts', env);
  return { cpuUs: () => child.ask('cpuUs', undefined), target: await child.ask('tablets', TOKENS), stop: child.stop };
}

async function startConstant(): Promise<Server> {
  const child = await startChild<ConstantTasks>('constant-child.ts', {});
  return { cpuUs: () => child.ask('cpuUs', undefined), target: await child.ask('tablets', TOKENS), stop: child.stop };
}

async function interleaved(
  client: Child<TabletsTasks>,
  servers: Record<Variant, Server>,
  plan: (typeof PLAN)[number],
): Promise<Slices> {
  const slices: Slices = { group: [], single: [], constant: [] };
  for (let round = 0; round < plan.rounds; round += 1) {
    // Each round starts with another one, so that none is always first.
    for (let turn = 0; turn < VARIANTS.length; turn += 1) {
      const variant = VARIANTS[(round + turn) % VARIANTS.length] ?? 'group';
      slices[variant].push(await slice(client, servers[variant], plan));
    }
  }
  return slices;
}

async function slice(
  client: Child<TabletsTasks>,
  server: Server,
  { tablets, ms }: { readonly tablets: number; readonly ms: number },
): Promise<Slice> {
  await client.ask('open', { target: server.target, tablets });
  const before = { server: await server.cpuUs(), client: await client.ask('cpuUs', undefined) };
  const taken = await client.ask('run', ms);
  const after = { server: await server.cpuUs(), client: await client.ask('cpuUs', undefined) };
  await client.ask('shut', undefined);
  assert(taken.refused === 0, `${taken.refused} of ${taken.commands} commands were refused`);
  return {
    perS: (taken.commands / taken.ms) * 1_000,
    cpuUs: (after.server - before.server) / taken.commands,
    clientCpuUs: (after.client - before.client) / taken.commands,
    waits: taken.waits,
  };
}

function report(tablets: number, variant: Variant, slices: readonly Slice[]): void {
  const waits = slices.flatMap((one) => one.waits);
  const of = (key: 'perS' | 'cpuUs' | 'clientCpuUs') => median(slices.map((one) => one[key]));
  say(
    `  ${String(tablets).padStart(3)} tablets  ${TITLES[variant].padEnd(25)} ${fixed(of('perS'), 0).padStart(6)} commands/s` +
      `  p50 ${fixed(quantile(waits, 0.5), 2).padStart(6)} ms  p99 ${fixed(quantile(waits, 0.99), 2).padStart(6)} ms` +
      `  CPU ${fixed(of('cpuUs'), 0).padStart(4)} us a command (client ${fixed(of('clientCpuUs'), 0)})`,
  );
}

/** The median over the rounds of each round's own ratio: what the machine does meanwhile hits both sides. */
function goals({ group, single, constant }: Slices): readonly Figure[] {
  const ratio = (key: 'perS' | 'cpuUs', to: readonly Slice[]) =>
    median(group.map((one, round) => one[key] / (to[round]?.[key] ?? Number.NaN)));
  return [
    figure('write-path.rate, group commit to a commit each', ratio('perS', single), ['>=', 10, 'ratio']),
    figure('write-path.rate, to a constant answer', ratio('perS', constant), ['>=', 0.3, 'ratio']),
    figure('write-path.cpu, to a constant answer', ratio('cpuUs', constant), ['<=', 2.5, 'ratio']),
  ];
}
