import { assert } from '#shared/kit/assert.ts';
import type { BareLiveTasks } from './bare-live-child.ts';
import { startChild, type Child } from './child.ts';
import type { EdgeTasks } from './edge-child.ts';
import { figure, fixed, median, quantile, say, type Figure } from './figure.ts';
import { diskFolder } from './folder.ts';
import type { ScreensTasks } from './screens-child.ts';
import type { Target } from './tablets-child.ts';

const SIZES = [1, 20, 200] as const;
const ROUNDS = 4;
const COMMANDS = 60;
const MEMORY = { sockets: 1_000, commands: 20, runs: 3 } as const;
const TOKENS = 21;

type Server = { readonly cpuUs: () => Promise<number>; readonly target: Target };
type Slice = {
  readonly waits: readonly number[];
  readonly cpuUs: number;
  readonly counts: Awaited<ReturnType<ScreensTasks['counts']>>;
};

/** From the tap to the last of N screens, what it costs the node, how large a snapshot is and what a socket holds. */
export async function screens(): Promise<readonly Figure[]> {
  const folder = diskFolder();
  const client = await startChild<ScreensTasks>('screens-child.ts', {});
  const children: Child<EdgeTasks>[] = [];
  try {
    const child = await startChild<EdgeTasks>('edge-child.ts', { BENCH_FOLDER: `${folder.path}/edge` });
    children.push(child);
    const edge = { cpuUs: () => child.ask('cpuUs', undefined), target: await child.ask('tablets', TOKENS) };
    const warm = await slice(client, edge, 20);
    const snapshotBytes = await glassTimes(client, edge, {
      folder: folder.path,
      frameBytes: warm.counts.eventsBytesMax,
    });
    const socketBytes = median(await memory(client, `${folder.path}/memory`));
    say(
      `  memory: ${fixed(socketBytes, 0)} bytes a socket at ${MEMORY.sockets} sockets, after ${MEMORY.commands} commands, median of ${MEMORY.runs}`,
    );
    return [
      figure('screens.snapshot, 60 dancers and 12 rooms running', snapshotBytes, ['<=', 8_192, 'bytes']),
      figure('screens.memory, of one socket', socketBytes, ['<=', 16_384, 'bytes']),
    ];
  } finally {
    await client.stop();
    for (const child of children) await child.stop();
    folder.remove();
  }
}

/** Beside a bare server that sends one ready buffer after the same commit. Answers the snapshot's bytes on the wire. */
async function glassTimes(
  client: Child<ScreensTasks>,
  edge: Server,
  { folder, frameBytes }: { readonly folder: string; readonly frameBytes: number },
): Promise<number> {
  const child = await startChild<BareLiveTasks>('bare-live-child.ts', {
    BENCH_FOLDER: folder,
    BENCH_FRAME_BYTES: String(frameBytes),
  });
  try {
    const bare = { cpuUs: () => child.ask('cpuUs', undefined), target: await child.ask('target', undefined) };
    await slice(client, bare, 20);
    say(
      `\nScreens: one tap after another, to the last of N screens of three sights; ${frameBytes} bytes an events frame`,
    );
    let snapshotBytes = 0;
    for (const size of SIZES) {
      const [ours, theirs]: [Slice[], Slice[]] = [[], []];
      for (let round = 0; round < ROUNDS; round += 1) {
        ours.push(await slice(client, edge, size));
        theirs.push(await slice(client, bare, size));
      }
      report(size, ours, theirs);
      snapshotBytes = Math.max(snapshotBytes, ...ours.map(({ counts }) => counts.snapshotBytesMax));
      assert(
        ours.every(({ counts }) => counts.snapshotsMax === 1),
        'after its snapshot a screen gets changes only',
      );
    }
    return snapshotBytes;
  } finally {
    await child.stop();
  }
}

async function slice(client: Child<ScreensTasks>, { cpuUs, target }: Server, screensOpen: number): Promise<Slice> {
  await client.ask('open', { target, screens: screensOpen });
  const before = await cpuUs();
  const waits = await client.ask('tap', { target, commands: COMMANDS });
  const after = await cpuUs();
  const counts = await client.ask('counts', undefined);
  await client.ask('shut', undefined);
  return { waits, cpuUs: (after - before) / COMMANDS, counts };
}

function report(size: number, ours: readonly Slice[], theirs: readonly Slice[]): void {
  const line = (title: string, slices: readonly Slice[]) => {
    const waits = slices.flatMap((one) => one.waits);
    const cpu = fixed(median(slices.map((one) => one.cpuUs)), 0).padStart(5);
    say(
      `  ${String(size).padStart(3)} screens  ${title.padEnd(22)} p5 ${fixed(quantile(waits, 0.05), 2).padStart(6)} ms` +
        `  p50 ${fixed(quantile(waits, 0.5), 2).padStart(6)} ms  p99 ${fixed(quantile(waits, 0.99), 2).padStart(6)} ms  CPU ${cpu} us a command`,
    );
  };
  line('edge node', ours);
  line('bare ws, same commit', theirs);
  const ratio = median(ours.map(({ cpuUs }, round) => cpuUs / (theirs[round]?.cpuUs ?? Number.NaN)));
  say(`  ${String(size).padStart(3)} screens  CPU of the node to bare ws: ${fixed(ratio, 2)}`);
}

/**
 * Memory that sockets add, each time in a new node: resident or on the JavaScript heap, whichever is more. The young
 * generation is kept from growing, because the burst of a thousand sign-ins makes it grow once, by what no socket holds.
 */
async function memory(client: Child<ScreensTasks>, folder: string): Promise<readonly number[]> {
  const bytes: number[] = [];
  for (let run = 0; run < MEMORY.runs; run += 1) {
    const env = { BENCH_FOLDER: `${folder}-${run}`, NODE_OPTIONS: '--max-semi-space-size=1' };
    const node = await startChild<EdgeTasks>('edge-child.ts', env);
    const target = await node.ask('tablets', TOKENS);
    const held = async (sockets: number) => {
      await client.ask('open', { target, screens: sockets });
      await client.ask('tap', { target, commands: MEMORY.commands });
      const now = await node.ask('settledMemory', undefined);
      await client.ask('shut', undefined);
      return now;
    };
    const [before, after] = [await held(1), await held(MEMORY.sockets)];
    bytes.push(Math.max(after.rss - before.rss, after.heap - before.heap) / (MEMORY.sockets - 1));
    await node.stop();
  }
  return bytes;
}
