import { monitorEventLoopDelay } from 'node:perf_hooks';
import { inspectionPack, openFullHouse } from '../support/full-house.ts';
import { figure, fixed, median, quantile, say, type Figure } from './figure.ts';

const DANCERS = 120;
const TIMES = 7;
const GOAL_MS = 10_000;
const NS_MS = 1e6;

/** How long an inspector waits for the pack of a full house, and how long the floor's node stands still for it. */
export async function inspection(): Promise<readonly Figure[]> {
  const club = await openFullHouse(DANCERS);
  try {
    const took: number[] = [];
    const delay = monitorEventLoopDelay({ resolution: 1 });
    let bytes = 0;
    delay.enable();
    for (let at = 0; at < TIMES; at += 1) {
      const began = performance.now();
      bytes = (await inspectionPack(club, null)).length;
      took.push(performance.now() - began);
    }
    delay.disable();
    say(`\nInspection pack of ${DANCERS} dancers, ${TIMES} times`);
    say(`  ${fixed(median(took), 0)} ms in the middle, ${fixed(quantile(took, 1), 0)} ms at most, ${bytes} bytes`);
    say(`  the node stood still for ${fixed(delay.max / NS_MS, 0)} ms at most`);
    return [figure(`inspection.pack of ${DANCERS} dancers`, quantile(took, 1), ['<=', GOAL_MS, 'ms'])];
  } finally {
    await club.close();
  }
}
