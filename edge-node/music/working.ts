import type { Progress } from './ingest.ts';
import type { Working } from './messages.ts';

/** `name` is what the DJ reads. */
export type Job = { readonly name: string; readonly since: number; progress: Progress };

/** By what is done so far. */
export function workingOf({ name, since, progress: { step, share, seconds } }: Job, now: number): Working {
  const spent = (now - since) / 1_000;
  const isKnown = share > 0.02 && spent > 0;
  return {
    file: name,
    step,
    percent: Math.round(share * 100),
    secondsLeft: isKnown ? Math.ceil(spent * (1 / share - 1)) : null,
    speed: isKnown && seconds !== null ? Math.round((share * seconds * 10) / spent) / 10 : null,
  };
}
