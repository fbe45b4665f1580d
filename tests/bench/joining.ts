import { cpSync } from 'node:fs';
import { startChild, type Child } from './child.ts';
import { startCloud, type CloudProcess } from './cloud-process.ts';
import { countingProxy, type CountingProxy } from './counting-proxy.ts';
import type { EdgeTasks } from './edge-child.ts';
import { fixed, say, type Figure } from './figure.ts';
import { diskFolder } from './folder.ts';

const BACKUP_EVENTS = 10_000;
const ALL_EVENTS = 20_000;
const OWN_EVENTS = 400;

type Way = { readonly cloud: CloudProcess; readonly proxy: CountingProxy };

/** A box that was put back to a backup: how long until it is one with the cloud again, and how fast a history is replayed. */
export async function joining(): Promise<readonly Figure[]> {
  const folder = diskFolder();
  const at = (name: string) => `${folder.path}/${name}`;
  const cloud = await startCloud();
  const proxy = await countingProxy(cloud.url);
  const way = { cloud, proxy };
  const copy = (from: string, to: string) => cpSync(at(from), at(to), { recursive: true });
  try {
    const code = await cloud.newCode();
    await on(at('box'), way, { code }, (child) => child.ask('play', BACKUP_EVENTS));
    for (const name of ['woken', 'sold']) copy('box', name);
    say('\nJoining, and replay');
    const { events, ms } = await on(at('box'), way, { code: null }, async (child) => {
      const head = await child.ask('play', ALL_EVENTS);
      proxy.letGo();
      await child.ask('settled', head);
      return { events: head, ms: await child.ask('replay', undefined) };
    });
    say(`  replay: ${events} events in ${fixed(ms, 0)} ms, ${fixed((events / ms) * 1_000, 0)} events/s`);
    await join(at('woken'), way, { own: 0, whole: events });
    await join(at('sold'), way, { own: OWN_EVENTS, whole: events });
    return [];
  } finally {
    proxy.close();
    await cloud.close();
    folder.remove();
  }
}

/** Runs a node on a folder, held back from its cloud at first. */
async function on<T>(
  folder: string,
  { cloud, proxy }: Way,
  { code }: { readonly code: string | null },
  work: (child: Child<EdgeTasks>) => Promise<T>,
): Promise<T> {
  proxy.hold();
  const env = { BENCH_FOLDER: folder, BENCH_CLOUD: cloud.url, BENCH_WAY: proxy.url };
  const child = await startChild<EdgeTasks>('edge-child.ts', { ...env, ...(code !== null && { BENCH_CODE: code }) });
  try {
    return await work(child);
  } finally {
    await child.stop();
  }
}

async function join(
  folder: string,
  way: Way,
  { own, whole }: { readonly own: number; readonly whole: number },
): Promise<void> {
  await on(folder, way, { code: null }, async (child) => {
    const before = await child.ask('head', undefined);
    const head = own === 0 ? before : await child.ask('play', before + own);
    const cpuBefore = await child.ask('cpuUs', undefined);
    way.proxy.letGo();
    const ms = await child.ask('settled', whole + (head - before));
    const cpuMs = ((await child.ask('cpuUs', undefined)) - cpuBefore) / 1_000;
    const gone = own === 0 ? 'only woke up' : `wrote ${head - before} of its own`;
    say(
      `  a backup that lacks ${whole - before} of ${whole} events and ${gone}: one with the cloud in ${fixed(ms, 0)} ms, ${fixed(cpuMs, 0)} ms CPU`,
    );
  });
}
