import { assert } from '#shared/kit/assert.ts';
import { startChild, type Child } from './child.ts';
import type { EdgeTasks } from './edge-child.ts';
import { figure, fixed, median, say, type Figure } from './figure.ts';
import { diskFolder, fsyncMs } from './folder.ts';
import type { ScreensTasks } from './screens-child.ts';
import type { TabletsTasks, Target } from './tablets-child.ts';
import { interleaved, ratioOf, saySlices, slice, startEdge, type Slice } from './tablets.ts';

const VARIANTS = ['whole', 'unmirrored', 'mirrorSync', 'emptyRow', 'noRow'] as const;
type Variant = (typeof VARIANTS)[number];
const TITLES: Record<Variant, string> = {
  whole: 'line, hash, mirror async',
  unmirrored: 'line, hash',
  mirrorSync: 'line, hash, mirror sync',
  emptyRow: 'an empty row',
  noRow: 'no row at all',
};
const PLAN = { tablets: 20, rounds: 8, ms: 1_200 } as const;
const WARM_UP = { tablets: 20, ms: 2_000 } as const;
const SCREENS = { open: 20, rounds: 8, commands: 60 } as const;
const TOKENS = 21;

/** What the write path pays for being a proof: lines, hashes and the second copy, and the tails that screens keep. */
export async function keeping(): Promise<readonly Figure[]> {
  const folder = diskFolder();
  try {
    const figures = await lines(folder.path);
    await tails(folder.path);
    return figures;
  } finally {
    folder.remove();
  }
}

async function lines(folder: string): Promise<readonly Figure[]> {
  const tablets = await startChild<TabletsTasks>('tablets-child.ts', {});
  const mirror = (mode: string) => ({ BENCH_MIRROR: `${folder}/mirror-${mode}`, BENCH_MIRROR_MODE: mode });
  const start = (variant: Variant, env: Readonly<Record<string, string>>) =>
    startEdge({ BENCH_FOLDER: `${folder}/${variant}`, ...env });
  const servers = {
    whole: await start('whole', mirror('async')),
    unmirrored: await start('unmirrored', {}),
    mirrorSync: await start('mirrorSync', mirror('sync')),
    emptyRow: await start('emptyRow', { BENCH_BARE_LOG: 'row' }),
    noRow: await start('noRow', { BENCH_BARE_LOG: 'nothing' }),
  };
  try {
    say('\nKeeping: what line, hash and second copy cost the write path; the mirror lies on the same disk');
    say(`  disk: an appended page and its fsync take ${fixed(fsyncMs(folder), 2)} ms`);
    for (const variant of VARIANTS) await slice(tablets, servers[variant], WARM_UP);
    const slices = await interleaved(VARIANTS, PLAN.rounds, async (variant) => {
      const taken = await slice(tablets, servers[variant], PLAN);
      await mirrored(servers[variant].child);
      return taken;
    });
    for (const variant of VARIANTS) saySlices(PLAN.tablets, TITLES[variant], slices[variant]);
    return report(slices);
  } finally {
    await tablets.stop();
    for (const variant of VARIANTS) await servers[variant].stop();
  }
}

/** The second copy has all that was written, before another turn: nothing of its cost is put off. */
async function mirrored(child: Child<EdgeTasks>): Promise<void> {
  for (;;) {
    const { copy } = await child.ask('cloud', undefined);
    assert(copy !== 'lost', 'the second copy is kept');
    if (copy !== 'behind') return;
  }
}

function report(slices: Record<Variant, readonly Slice[]>): readonly Figure[] {
  const ratio = (key: 'perS' | 'cpuUs', ours: Variant, theirs: Variant) =>
    ratioOf((one) => one[key], slices[ours], slices[theirs]);
  const both = (ours: Variant, theirs: Variant) =>
    `${fixed(ratio('perS', ours, theirs), 2)} of the commands/s, ${fixed(ratio('cpuUs', ours, theirs), 2)} of the CPU`;
  say(
    `  line, hash and mirror async, to an empty row: ${both('whole', 'emptyRow')}; to no row: ${both('whole', 'noRow')}`,
  );
  say(`  line and hash alone, to an empty row:         ${both('unmirrored', 'emptyRow')}`);
  say(`  mirror async, to none:                        ${both('whole', 'unmirrored')}`);
  say(`  mirror sync, to none:                         ${both('mirrorSync', 'unmirrored')}`);
  return [
    figure('keeping.rate, with line, hash and mirror to without', ratio('perS', 'whole', 'emptyRow'), [
      '>=',
      0.8,
      'ratio',
    ]),
  ];
}

/** 20 screens and one tap after another, so each tap is a commit, with tails and without. */
async function tails(folder: string): Promise<void> {
  const client = await startChild<ScreensTasks>('screens-child.ts', {});
  const start = (name: string) =>
    startChild<EdgeTasks>('edge-child.ts', { BENCH_FOLDER: `${folder}/tails-${name}`, BENCH_TAILS: name });
  const children = { on: await start('on'), off: await start('off') };
  try {
    const targets = { on: await children.on.ask('tablets', TOKENS), off: await children.off.ask('tablets', TOKENS) };
    const costs: Record<'on' | 'off', number[]> = { on: [], off: [] };
    for (let round = -1; round < SCREENS.rounds; round += 1)
      for (const name of ['on', 'off'] as const) {
        const cost = await commitUs(client, children[name], targets[name]);
        if (round >= 0) costs[name].push(cost);
      }
    const more = median(costs.on.map((cost, round) => cost - (costs.off[round] ?? Number.NaN)));
    say(
      `  tails, ${SCREENS.open} screens: ${fixed(median(costs.on), 0)} us CPU a commit, ${fixed(median(costs.off), 0)} without tails: ${fixed(more, 0)} us for sealing and sending them`,
    );
  } finally {
    await client.stop();
    for (const child of Object.values(children)) await child.stop();
  }
}

async function commitUs(client: Child<ScreensTasks>, child: Child<EdgeTasks>, target: Target): Promise<number> {
  await client.ask('open', { target, screens: SCREENS.open });
  const before = await child.ask('cpuUs', undefined);
  await client.ask('tap', { target, commands: SCREENS.commands });
  const after = await child.ask('cpuUs', undefined);
  await client.ask('shut', undefined);
  return (after - before) / SCREENS.commands;
}
