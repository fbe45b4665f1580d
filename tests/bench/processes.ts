import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts CPU time in hundredths of a second there, whatever the kernel's own tick is. */
const TICK_US = 10_000;

type Stat = { readonly parent: number; readonly ticks: number };

/** CPU time of a process and of all that it started, the ended ones included, in microseconds. */
export function treeCpuUs(root: number): number {
  const stats = new Map(pids().flatMap((pid) => statOf(pid)));
  const isIn = (pid: number): boolean => {
    const stat = stats.get(pid);
    return stat !== undefined && (pid === root || isIn(stat.parent));
  };
  return [...stats].filter(([pid]) => isIn(pid)).reduce((all, [, { ticks }]) => all + ticks * TICK_US, 0);
}

function pids(): readonly number[] {
  return readdirSync('/proc').map(Number).filter(Number.isInteger);
}

/** Of one that ends meanwhile: nothing. */
function statOf(pid: number): readonly (readonly [number, Stat])[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name in brackets may hold anything; after it come state, parent, … utime, stime, cutime, cstime.
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const ticks = fields.slice(11, 15).reduce((all, one) => all + one, 0);
    return [[pid, { parent: fields[1] ?? 0, ticks }]];
  } catch {
    return [];
  }
}
