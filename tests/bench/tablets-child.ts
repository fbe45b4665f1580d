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
  run: async (ms: number): Promise<Taken> => {
    const waits: number[] = [];
    const start = performance.now();
    const refused = await Promise.all(now.open.map((connection) => tap(connection, start + ms, waits)));
    return {
      commands: waits.length,
      refused: refused.reduce((all, one) => all + one, 0),
      ms: performance.now() - start,
      waits,
    };
  },
  shut: () => {
    for (const connection of now.open) connection.close();
    now.open = [];
  },
  cpuUs,
};
export type TabletsTasks = typeof tasks;

serve(tasks, async () => tasks.shut());
