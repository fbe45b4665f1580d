import { runSeed, type Outcome } from './run.ts';
import type { OpenStage } from './stage.ts';

const PER_TEST = 10;
export const FIXED_SEEDS = 250;

/** The fixed seeds by tens: first and last. */
export const TENS: readonly (readonly [first: number, last: number])[] = Array.from(
  { length: FIXED_SEEDS / PER_TEST },
  (_none, at) => [at * PER_TEST + 1, (at + 1) * PER_TEST],
);

/** Those of some seeds in which something was found that must never be. */
export async function breachesOf(
  stage: OpenStage,
  { first, last, restores }: { readonly first: number; readonly last: number; readonly restores: boolean },
): Promise<readonly Outcome[]> {
  const breaches: Outcome[] = [];
  for (let seed = first; seed <= last; seed += 1) {
    const outcome = await runSeed(seed, stage, { broken: null, restores });
    if (outcome.breach !== null) breaches.push(outcome);
  }
  return breaches;
}
