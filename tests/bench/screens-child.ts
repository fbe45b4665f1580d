import { cpuUs, serve } from './child.ts';
import { openGlass, type Glass } from './glass.ts';
import { openConnection } from './http-connection.ts';
import type { Target } from './tablets-child.ts';

const now: { open: readonly Glass[] } = { open: [] };

const tasks = {
  open: async ({ target, screens }: { readonly target: Target; readonly screens: number }) => {
    const { hostname: host, port } = new URL(target.url);
    const glasses: Glass[] = [];
    for (let at = 0; at < screens; at += 1)
      glasses.push(await openGlass(host, Number(port), target.tokens[at % target.tokens.length] ?? ''));
    now.open = glasses;
  },
  /** One command after another; for each, how long until the last screen has it. */
  tap: async ({ target, commands }: { readonly target: Target; readonly commands: number }) => {
    const { hostname: host, port } = new URL(target.url);
    const tablet = await openConnection({
      host,
      port: Number(port),
      path: target.paths[0] ?? '',
      token: target.tokens[0] ?? '',
    });
    const waits: number[] = [];
    for (let command = 0; command < commands; command += 1) {
      const shown = now.open.map((glass) => glass.seen(glass.events + 1));
      const tapped = performance.now();
      const answered = tablet.post(`{"away":${(command % 3) + 1}}`);
      await Promise.all(shown);
      waits.push(performance.now() - tapped);
      if ((await answered) !== 200) throw new Error('A command was refused.');
    }
    tablet.close();
    return waits;
  },
  counts: () => ({
    snapshotsMax: Math.max(...now.open.map(({ snapshots }) => snapshots)),
    snapshotBytesMax: Math.max(...now.open.map(({ snapshotBytes }) => snapshotBytes)),
    eventsBytesMax: Math.max(...now.open.map(({ eventsBytes }) => eventsBytes)),
  }),
  shut: () => {
    for (const glass of now.open) glass.close();
    now.open = [];
  },
  cpuUs,
};
export type ScreensTasks = typeof tasks;

serve(tasks, async () => tasks.shut());
