import type { CloudState } from '#shared/contract/live.ts';
import type { Words } from './i18n/words.ts';

const MINUTE_MS = 60_000;
/** Younger than this the cloud may simply be slow. */
const OLD_MS = 15 * MINUTE_MS;

/** What would be lost if the box died now, in plain words; `isBad` where somebody should do something about it. */
export type Loss = { readonly text: string; readonly isBad: boolean };

export function lossOf({ link, waiting, oldestMs, copy }: CloudState, words: Words): Loss {
  const isBad = copy === 'lost' || link === 'halted' || (copy !== 'whole' && (oldestMs ?? 0) >= OLD_MS);
  if (link === 'off') return { text: words.lossNoCloud(words.copies[copy]), isBad: isBad || copy === 'off' };
  if (waiting === 0) return { text: copy === 'lost' ? words.lossNoneCopyLost : words.lossNone, isBad };
  return { text: words.loss(waiting, words.age(minutesOf(oldestMs)), words.copies[copy]), isBad };
}

export function minutesOf(ms: number | null): number {
  return Math.floor((ms ?? 0) / MINUTE_MS);
}
