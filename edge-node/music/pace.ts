import os from 'node:os';

/** A rush at the floor: more commands a second than this. */
const RUSH_PER_S = 50;
/** So long after the last command the floor counts as asleep. */
const ASLEEP_MS = 10_000;

/**
 * How many files may be worked on at once: one more than there are cores while the floor is asleep, because each waits for the disk and for
 * its tools now and then; one less while it works, none in a rush. `worked`
 * counts what the floor does; `jobs` is asked once a second.
 */
export function openPace(cores = os.availableParallelism()) {
  let commands = 0;
  let lastAt = -ASLEEP_MS;
  return {
    worked: (): void => void (commands += 1),
    jobs: (now: number): number => {
      const rate = commands;
      commands = 0;
      if (rate > 0) lastAt = now;
      if (rate > RUSH_PER_S) return 0;
      return now - lastAt < ASLEEP_MS ? Math.max(1, cores - 1) : cores + 1;
    },
  };
}
