import type { UplinkAnswer } from '#shared/contract/uplink.ts';
import { limits } from '../limits.ts';
import type { Book } from './book.ts';
import type { Joining } from './joining.ts';
import { signedWords } from './receipts.ts';
import type { Next, SenderParts, Standing } from './sender.ts';

/** Why the sender stops until a person has looked. Nothing is thrown away, and the floor goes on. */
type Halt = 'revoked' | 'proto_old' | 'bad_batch' | 'not_signed';

type Taking = { readonly book: Book; readonly standing: Standing; readonly joining: Joining };

/** The next move after each answer: decided by its code, never by its text. */
export function openTake(parts: SenderParts, taking: Taking): (answer: UplinkAnswer) => Promise<Next> {
  const moves = openMoves(parts, taking);
  return async (answer) => {
    if (!moves.isOfThisEpoch(answer)) return { next: 'more' };
    switch (answer.s) {
      case 'ok':
        return moves.adopt(answer);
      case 'gap':
        return moves.goBack(answer);
      case 'unknown_log':
        return moves.notThere(answer);
      case 'fork':
      case 'sealed':
      case 'behind':
      case 'bad_parent':
        return moves.join();
      case 'fenced':
        return moves.fence(answer);
      case 'too_large':
        return moves.halve();
      case 'slow':
        return { next: 'wait', ms: answer.retryMs };
      case 'nonce_stale':
        return { next: 'wait', ms: limits.uplinkRetryMsMin };
      case 'revoked':
      case 'proto_old':
      case 'bad_batch':
      case 'not_signed':
        return moves.halt(answer.s);
      case 'mainline':
      case 'hashes':
      case 'lines':
      case 'salvaged':
      case 'keys':
        throw new Error('The cloud answered another question.');
    }
  };
}

type Answer<S extends UplinkAnswer['s']> = Extract<UplinkAnswer, { readonly s: S }>;

/** What several moves have in common. */
function openGround({ log, box, checks }: SenderParts, { book, standing, joining }: Taking) {
  return {
    halt: (why: Halt): Next => {
      book.set({ halted: why });
      standing.link = 'halted';
      standing.helloFirst = false;
      return { next: 'halted' };
    },
    /** The cloud's word on where we stand holds only where our own hash says the same. */
    agrees: (answer: { readonly acked: number; readonly hash: string }): boolean =>
      answer.acked <= log.head().seq && checks.agrees(log.hashAt(answer.acked)?.toString('hex') ?? null, answer.hash),
    up: (): void => settled(standing),
    join: async (): Promise<Next> => {
      standing.joins += 1;
      standing.helloFirst = true;
      if (standing.joins > limits.uplinkJoinsMax) {
        standing.joins = 0;
        return { next: 'wait', ms: limits.uplinkHelloMs };
      }
      if (box.get().fenced) {
        if (await joining.apart()) return { next: 'more' };
        settled(standing);
        return { next: 'idle' };
      }
      if ((await joining.join()) === 'fenced') box.set({ fenced: true });
      return { next: 'more' };
    },
  };
}

/** Both sides know where they stand. */
function settled(standing: Standing): void {
  standing.link = 'up';
  standing.helloFirst = false;
  standing.joins = 0;
}

function openMoves(parts: SenderParts, taking: Taking) {
  const { log, box, recovering } = parts;
  const { book, standing, joining } = taking;
  const { halt, agrees, up, join } = openGround(parts, taking);
  const rest = (acked: number): Next => ({ next: acked < log.head().seq ? 'more' : 'idle' });
  const adopt = async (answer: Answer<'ok'>): Promise<Next> => {
    if (!agrees(answer)) return join();
    checkReceipt(parts, answer);
    const events = answer.acked - book.get().acked;
    book.set({ acked: answer.acked, opened: true, receipt: answer.receipt, halted: null });
    standing.batchEventsMax = Math.min(limits.uplinkBatchEventsMax, answer.next.maxEvents);
    up();
    if (answer.salvage && answer.acked === log.head().seq) await joining.salvage();
    const next = rest(answer.acked);
    // The cloud has much to do: it says how long it wants to be left alone.
    if (next.next === 'more' && answer.next.minMs > 0) return { next: 'wait', ms: answer.next.minMs, events };
    return next.next === 'more' ? { ...next, events } : next;
  };
  const goBack = async (answer: Answer<'gap'>): Promise<Next> => {
    if (!agrees(answer)) return join();
    book.set({ acked: answer.acked });
    return { next: 'more' };
  };
  /** A log is opened by its first event. Until then it only has to begin where the club's history ends. */
  const notThere = async ({ active, salvage }: Answer<'unknown_log'>): Promise<Next> => {
    book.set({ opened: false });
    standing.helloFirst = false;
    if (log.head().seq > 0) return { next: 'more' };
    const { parent } = log.genesis;
    const same = active?.logId === parent?.logId && active?.seq === parent?.seq && active?.hash === parent?.hash;
    if (!same || recovering.wantsHistory()) return join();
    up();
    if (salvage) await joining.salvage();
    return rest(0);
  };
  const fence = async (answer: Answer<'fenced'>): Promise<Next> => {
    box.set({ fenced: true });
    if (!agrees(answer)) return join();
    book.set({ acked: answer.acked, opened: true, halted: null });
    up();
    return rest(answer.acked);
  };
  const halve = (): Next => {
    if (standing.batchEventsMax === 1) return halt('bad_batch');
    standing.batchEventsMax = Math.max(1, Math.floor(standing.batchEventsMax / 2));
    return { next: 'more' };
  };
  /** An answer from before the cloud was restored says nothing any more; the first one after asks for a hello. */
  const isOfThisEpoch = (answer: UplinkAnswer): boolean => {
    if (!('cloudEpoch' in answer)) return true;
    const { cloudEpoch: known } = box.get();
    if (known !== null && answer.cloudEpoch < known) return false;
    if (known !== answer.cloudEpoch) box.set({ cloudEpoch: answer.cloudEpoch });
    if (known === null || answer.cloudEpoch === known) return true;
    standing.helloFirst = true;
    return false;
  };
  return { halt, join, adopt, goBack, notThere, fence, halve, isOfThisEpoch };
}

/** Throws where the cloud's countersignature is not over what it answered: then no answer came. */
function checkReceipt({ log, receiptKeys }: SenderParts, { receipt, acked, hash }: Answer<'ok'>): void {
  const words = signedWords(receipt, receiptKeys);
  if (words === null) return;
  const said = Object(words) as { readonly log?: unknown; readonly acked?: unknown; readonly hash?: unknown };
  if (said.log !== log.logId || said.acked !== acked || said.hash !== hash)
    throw new Error('The receipt is for something else.');
}
