import { startChild } from './child.ts';
import type { ConstantTasks } from './constant-child.ts';
import { figure, fixed, say, type Figure } from './figure.ts';
import { diskFolder, fsyncMs } from './folder.ts';
import type { TabletsTasks } from './tablets-child.ts';
import { interleaved, ratioOf, saySlices, slice, startEdge, type Server, type Slice } from './tablets.ts';

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
      const slices = await interleaved(VARIANTS, plan.rounds, (variant) => slice(tablets, servers[variant], plan));
      for (const variant of VARIANTS) saySlices(plan.tablets, TITLES[variant], slices[variant]);
      if (plan.tablets === 20) figures.push(...goals(slices));
    }
    return figures;
  } finally {
    await tablets.stop();
    for (const variant of VARIANTS) await servers[variant].stop();
    folder.remove();
  }
}

async function startConstant(): Promise<Server> {
  const child = await startChild<ConstantTasks>('constant-child.ts', {});
  return { cpuUs: () => child.ask('cpuUs', undefined), target: await child.ask('tablets', TOKENS), stop: child.stop };
}

function goals({ group, single, constant }: Record<Variant, readonly Slice[]>): readonly Figure[] {
  const ratio = (key: 'perS' | 'cpuUs', to: readonly Slice[]) => ratioOf((one) => one[key], group, to);
  return [
    figure('write-path.rate, group commit to a commit each', ratio('perS', single), ['>=', 10, 'ratio']),
    figure('write-path.rate, to a constant answer', ratio('perS', constant), ['>=', 0.3, 'ratio']),
    figure('write-path.cpu, to a constant answer', ratio('cpuUs', constant), ['<=', 2.5, 'ratio']),
  ];
}
