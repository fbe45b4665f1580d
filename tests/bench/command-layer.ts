import { cpSync } from 'node:fs';
import { startChild, type Child } from './child.ts';
import type { CommandLayerTasks, Size, Sync } from './command-layer-child.ts';
import { figure, fixed, median, say, type Figure } from './figure.ts';
import { diskFolder } from './folder.ts';

const SIZE: Size = { groups: 60, perGroup: 20 };
const WARM_UP_ROUNDS = 2;
const ROUNDS = 8;

/** CPU of a command from the queue to its answer, without HTTP, beside the bare statements that it runs. */
export async function commandLayer(): Promise<readonly Figure[]> {
  const folder = diskFolder();
  const club = `${folder.path}/club`;
  const file = `${folder.path}/statements`;
  try {
    const recorder = await startChild<CommandLayerTasks>('command-layer-child.ts', {});
    await recorder.ask('prepare', club);
    cpSync(club, `${club}-recorded`, { recursive: true });
    await recorder.ask('record', {
      folder: `${club}-recorded`,
      file,
      size: { ...SIZE, groups: SIZE.groups * (WARM_UP_ROUNDS + ROUNDS) },
    });
    await recorder.stop();
    const child = await startChild<CommandLayerTasks>('command-layer-child.ts', {});
    try {
      await child.ask('open', { folder: club, file });
      return await rounds(child);
    } finally {
      await child.stop();
    }
  } finally {
    folder.remove();
  }
}

async function rounds(child: Child<CommandLayerTasks>): Promise<readonly Figure[]> {
  const commands = SIZE.groups * SIZE.perGroup;
  const took: Record<Sync, { readonly queue: number; readonly bare: number }[]> = { OFF: [], FULL: [] };
  for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round += 1) {
    for (const sync of ['OFF', 'FULL'] as const) {
      const queue = (await child.ask('queue', { sync, size: SIZE })) / commands;
      const bare = (await child.ask('bare', { sync, from: round * SIZE.groups, size: SIZE })) / commands;
      if (round >= WARM_UP_ROUNDS) took[sync].push({ queue, bare });
    }
  }
  const statements = await child.ask('statementsPerCommand', SIZE.perGroup);
  say(`\nCommand layer: rotation.call, groups of ${SIZE.perGroup}, ${fixed(statements, 2)} statements a command`);
  const ratioOf = (sync: Sync) => median(took[sync].map(({ queue, bare }) => queue / bare));
  for (const sync of ['OFF', 'FULL'] as const) {
    const [queue, bare] = [median(took[sync].map((one) => one.queue)), median(took[sync].map((one) => one.bare))];
    say(
      `  synchronous=${sync.padEnd(4)}  queue ${fixed(queue, 1).padStart(6)} us a command  bare statements ${fixed(bare, 1).padStart(6)} us  ratio ${fixed(ratioOf(sync), 2)}`,
    );
  }
  return [figure('command-layer.cpu, to its bare statements', ratioOf('OFF'), ['<=', 2, 'ratio'])];
}
