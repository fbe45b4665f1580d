import { limits } from '../limits.ts';

/** Work in turns, one at a time, that starts when somebody wakes it and may take its time. */
export type Runner = {
  /** Does turns until one says that not much is left. While turns fail they are only tried again after a pause. */
  readonly wake: () => void;
  /** `slow`: the turn that is under way takes longer than anybody waits for it. */
  readonly state: () => 'well' | 'slow' | 'failing';
  /** Does what is left, as long as that is not slow. False where it was. */
  readonly close: () => Promise<boolean>;
};
/** Answers what is left to do: enough for another turn at once, so little that it may wait for company, or nothing. */
export type Turn = () => Promise<'much' | 'little' | 'nothing'>;
type Parts = {
  readonly turn: Turn;
  readonly slow: () => void;
  /** `isNew` is false where the turn before failed, too. */
  readonly failed: (error: unknown, isNew: boolean) => Promise<void>;
  /** Who wakes it waits this long for company. */
  readonly gatherMs: number;
};

export function openRunner({ turn, slow, failed, gatherMs }: Parts): Runner {
  const is = { failing: false, slow: false, closed: false, wokenAgain: false };
  let retryMs: number = limits.mirrorRetryMsMin;
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> | null = null;

  const allTurns = async (): Promise<void> => {
    const impatience = setTimeout(() => {
      is.slow = true;
      slow();
    }, limits.mirrorPatienceMs).unref();
    try {
      for (let left = 'much'; left === 'much' || (is.closed && left === 'little');) {
        is.wokenAgain = false;
        left = await turn();
        is.wokenAgain ||= left === 'little';
        is.slow = false;
        is.failing = false;
        retryMs = limits.mirrorRetryMsMin;
        impatience.refresh();
      }
    } catch (error) {
      const isNew = !is.failing;
      is.failing = true;
      await failed(error, isNew);
    } finally {
      clearTimeout(impatience);
      is.slow = false;
      running = null;
    }
    if (is.failing) {
      startIn(retryMs);
      retryMs = Math.min(retryMs * 2, limits.mirrorRetryMsMax);
    } else if (is.wokenAgain) wake();
  };
  const start = (): void => {
    if (timer) clearTimeout(timer);
    timer = null;
    running ??= allTurns();
  };
  const startIn = (ms: number): void => {
    if (!is.closed) timer ??= setTimeout(start, ms).unref();
  };
  const wake = (): void => {
    if (running) is.wokenAgain = true;
    else if (is.failing || is.closed) return;
    else if (gatherMs > 0) startIn(gatherMs);
    else start();
  };

  return {
    wake,
    state: () => (is.failing ? 'failing' : is.slow ? 'slow' : 'well'),
    close: async () => {
      if (!is.failing && !is.closed) start();
      if (timer) clearTimeout(timer);
      is.closed = true;
      return isOverInTime(running ?? Promise.resolve());
    },
  };
}

async function isOverInTime(work: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | null = null;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), limits.mirrorPatienceMs);
  });
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    if (timer) clearTimeout(timer);
  }
}
