import { setTimeout as pause } from 'node:timers/promises';
import { cpuUs, serve } from './child.ts';
import { openConnection, type Connection } from './http-connection.ts';

export type Target = { readonly url: string; readonly tokens: readonly string[]; readonly paths: readonly string[] };
export type Taken = {
  readonly commands: number;
  readonly refused: number;
  readonly ms: number;
  readonly waits: readonly number[];
};

const now: { open: readonly Connection[] } = { open: [] };

/** Each tablet taps again as soon as it has its answer. */
async function tap(connection: Connection, until: number, waits: number[]): Promise<number> {
  let refused = 0;
  for (let away = 1; performance.now() < until; away = (away % 3) + 1) {
    const sent = performance.now();
    if ((await connection.post(`{"away":${away}}`)) !== 200) refused += 1;
    waits.push(performance.now() - sent);
  }
  return refused;
}

/** Each tablet taps at its own moments. Where the answer before came too late for one, it counts from that moment on. */
async function tapEvery(
  connection: Connection,
  { first, until, everyMs }: { readonly first: number; readonly until: number; readonly everyMs: number },
  waits: number[],
): Promise<number> {
  let refused = 0;
  let away = 1;
  for (let due = first; due < until; due += everyMs) {
    const early = due - performance.now();
    if (early > 0) await pause(early);
    const from = early > 0 ? performance.now() : due;
    if ((await connection.post(`{"away":${away}}`)) !== 200) refused += 1;
    waits.push(performance.now() - from);
    away = (away % 3) + 1;
  }
  return refused;
}

async function taken(ms: number, tapping: (connection: Connection, at: Tapping) => Promise<number>): Promise<Taken> {
  const waits: number[] = [];
  const start = performance.now();
  const refused = await Promise.all(
    now.open.map((connection, nth) => tapping(connection, { nth, start, until: start + ms, waits })),
  );
  return {
    commands: waits.length,
    refused: refused.reduce((all, one) => all + one, 0),
    ms: performance.now() - start,
    waits,
  };
}
type Tapping = { readonly nth: number; readonly start: number; readonly until: number; readonly waits: number[] };

const tasks = {
  open: async ({ target, tablets }: { readonly target: Target; readonly tablets: number }) => {
    const { hostname: host, port } = new URL(target.url);
    const { tokens, paths } = target;
    const connections = Array.from({ length: tablets }, (_, at) =>
      openConnection({
        host,
        port: Number(port),
        path: paths[at % paths.length] ?? '',
        token: tokens[at % tokens.length] ?? '',
      }),
    );
    now.open = await Promise.all(connections);
  },
  run: (ms: number) => taken(ms, (connection, { until, waits }) => tap(connection, until, waits)),
  floor: ({ ms, everyMs }: { readonly ms: number; readonly everyMs: number }) =>
    taken(ms, (connection, { nth, start, until, waits }) => {
      const first = start + (everyMs * nth) / now.open.length;
      return tapEvery(connection, { first, until, everyMs }, waits);
    }),
  shut: () => {
    for (const connection of now.open) connection.close();
    now.open = [];
  },
  cpuUs,
};
export type TabletsTasks = typeof tasks;

serve(tasks, async () => tasks.shut());
