import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';

/** Linux counts CPU time in hundredths of a second there, whatever the kernel's own tick is. */
const TICK_US = 10_000;

/** The lowest there is. */
const NICE_MAX = 19;

type Stat = { readonly parent: number; readonly ticks: number };

/** CPU time of a process and of all that it started, the ended ones included, in microseconds. */
export function treeCpuUs(root: number): number {
  return treeOf(root).reduce((all, [, { ticks }]) => all + ticks * TICK_US, 0);
}

/**
 * Puts a process and all that it started behind everybody else. Where Linux shares the CPU out by session first, that is
 * said of its session, too, unless it is our own.
 */
export function giveWay(root: number): void {
  const own = groupOf('self');
  for (const [pid] of treeOf(root)) {
    for (const thread of readdirSync(`/proc/${pid}/task`)) setPriority(Number(thread), NICE_MAX);
    const group = groupOf(pid);
    if (group !== null && group !== own) writeFileSync(`/proc/${pid}/autogroup`, String(NICE_MAX));
  }
}

function groupOf(pid: number | 'self'): string | null {
  const file = `/proc/${pid}/autogroup`;
  return existsSync(file) ? (readFileSync(file, 'latin1').split(' ')[0] ?? null) : null;
}

function treeOf(root: number): readonly (readonly [number, Stat])[] {
  const stats = new Map(pids().flatMap((pid) => statOf(pid)));
  const isIn = (pid: number): boolean => {
    const stat = stats.get(pid);
    return stat !== undefined && (pid === root || isIn(stat.parent));
  };
  return [...stats].filter(([pid]) => isIn(pid));
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
