import type { TailsAnswer } from '#shared/contract/api.ts';
import type { SealedTail } from '#shared/contract/live.ts';
import { handOverTails, type Answer } from './api.ts';
import type { Tails } from './tails.ts';

/**
 * Hands what this device keeps to a box that takes another's place, by itself and once for each time that it is asked.
 * What was begun is brought to its end, also by the next page: after the first request the box asks no more.
 */
export type Witness = { readonly wanted: (isWanted: boolean) => void };

/** The node's bounds for one request, with room to spare. */
const TAILS_A_REQUEST = 200;
const CHARS_A_REQUEST = 400_000;
const AGAIN_MS_MIN = 1_000;
const AGAIN_MS_MAX = 10_000;
const BEGUN_AS = 'clubops.witness';

export function openWitness(tails: Pick<Tails, 'ready' | 'all'>): Witness {
  const state: { at: 'idle' | 'busy' | 'done' } = { at: 'idle' };
  const handOver = async () => {
    state.at = 'busy';
    localStorage.setItem(BEGUN_AS, 'yes');
    await tails.ready;
    await bring(inBatches(tails.all()));
    localStorage.removeItem(BEGUN_AS);
    state.at = 'done';
  };
  if (localStorage.getItem(BEGUN_AS) !== null) void handOver();
  return {
    wanted(isWanted) {
      if (isWanted && state.at === 'idle') void handOver();
      else if (!isWanted && state.at === 'done') state.at = 'idle';
    },
  };
}

/** One after the other, each until it is answered. */
async function bring(batches: readonly (readonly SealedTail[])[]): Promise<void> {
  const queue = [...batches];
  let wait = AGAIN_MS_MIN;
  for (let batch = queue.shift(); batch; batch = queue.shift()) {
    const next = whatNext(await handOverTails(batch), batch);
    if (next === 'over') return;
    queue.unshift(...(next === 'again' ? [batch] : next));
    if (next === 'again') await new Promise((resolve) => setTimeout(resolve, wait));
    wait = next === 'again' ? Math.min(AGAIN_MS_MAX, wait * 2) : AGAIN_MS_MIN;
  }
}

/** A box that is asked for nothing still hears that this device was here. */
export function inBatches(tails: readonly SealedTail[]): (readonly SealedTail[])[] {
  const batches: SealedTail[][] = [[]];
  let chars = 0;
  for (const tail of tails) {
    const batch = batches.at(-1) ?? [];
    chars += tail.blob.length;
    if (batch.length === 0 || (batch.length < TAILS_A_REQUEST && chars <= CHARS_A_REQUEST)) batch.push(tail);
    else {
      batches.push([tail]);
      chars = tail.blob.length;
    }
  }
  return batches;
}

type Next = 'again' | 'over' | readonly (readonly SealedTail[])[];

/**
 * What goes out in place of a batch that was answered. One that the box can't read is halved until the bad blob is
 * alone, and that one is left out.
 */
function whatNext(answer: Answer<TailsAnswer>, batch: readonly SealedTail[]): Next {
  // Before its history is here a box can't tell what a tail goes on from.
  if (answer.ok) return answer.value.recovery?.phase === 'history' ? 'again' : [];
  if (answer.trouble === 'recovery_not_waiting' || answer.trouble === 'device_unknown') return 'over';
  if (answer.trouble !== 'body_invalid' && answer.trouble !== 'body_too_large') return 'again';
  const half = Math.ceil(batch.length / 2);
  return batch.length > 1 ? [batch.slice(0, half), batch.slice(half)] : [];
}
