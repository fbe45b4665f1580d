import { assert } from '#shared/kit/assert.ts';
import { startChild, type Child } from './child.ts';
import type { EdgeTasks } from './edge-child.ts';
import { fixed, median, quantile, say } from './figure.ts';
import type { TabletsTasks, Target } from './tablets-child.ts';

const TOKENS = 21;

/** What tablets may be let loose on. */
export type Server = {
  readonly cpuUs: () => Promise<number>;
  readonly target: Target;
  readonly stop: () => Promise<void>;
};
/** Tablets that tap again as soon as they have their answer, or every so many milliseconds. */
export type Plan = { readonly tablets: number; readonly ms: number; readonly everyMs?: number };
export type Slice = {
  readonly perS: number;
  readonly cpuUs: number;
  readonly clientCpuUs: number;
  readonly waits: readonly number[];
};

export async function startEdge(
  env: Readonly<Record<string, string>>,
): Promise<Server & { readonly child: Child<EdgeTasks> }> {
  const child = await startChild<EdgeTasks>('edge-child.ts', env);
  const target = await child.ask('tablets', TOKENS);
  return { child, cpuUs: () => child.ask('cpuUs', undefined), target, stop: child.stop };
}

/** Some tablets on one server for a while. */
export async function slice(client: Child<TabletsTasks>, server: Server, plan: Plan): Promise<Slice> {
  const { tablets, ms, everyMs } = plan;
  await client.ask('open', { target: server.target, tablets });
  const before = { server: await server.cpuUs(), client: await client.ask('cpuUs', undefined) };
  const taken = await (everyMs === undefined ? client.ask('run', ms) : client.ask('floor', { ms, everyMs }));
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

/** Turns of several servers, each round beginning with another one, so that none is always first. */
export async function interleaved<V extends string>(
  variants: readonly V[],
  rounds: number,
  turn: (variant: V) => Promise<Slice>,
): Promise<Record<V, Slice[]>> {
  const slices = Object.fromEntries(variants.map((variant) => [variant, []])) as unknown as Record<V, Slice[]>;
  for (let round = 0; round < rounds; round += 1)
    for (let at = 0; at < variants.length; at += 1) {
      const variant = variants[(round + at) % variants.length];
      if (variant !== undefined) slices[variant].push(await turn(variant));
    }
  return slices;
}

/** The median over the rounds of each round's own ratio: what the machine does meanwhile hits both sides. */
export function ratioOf(of: (slice: Slice) => number, ours: readonly Slice[], theirs: readonly Slice[]): number {
  return median(
    ours.map((one, round) => {
      const other = theirs[round];
      return other ? of(one) / of(other) : Number.NaN;
    }),
  );
}

export function saySlices(tablets: number, title: string, slices: readonly Slice[]): void {
  const waits = slices.flatMap((one) => one.waits);
  const of = (key: 'perS' | 'cpuUs' | 'clientCpuUs') => median(slices.map((one) => one[key]));
  say(
    `  ${String(tablets).padStart(3)} tablets  ${title.padEnd(25)} ${fixed(of('perS'), 0).padStart(6)} commands/s` +
      `  p50 ${fixed(quantile(waits, 0.5), 2).padStart(6)} ms  p99 ${fixed(quantile(waits, 0.99), 2).padStart(6)} ms` +
      `  CPU ${fixed(of('cpuUs'), 0).padStart(4)} us a command (client ${fixed(of('clientCpuUs'), 0)})`,
  );
}
