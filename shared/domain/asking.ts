import type { DayState } from './business-day.ts';

/** Where a rule stands when it is asked: it has no clock and no chance of its own. */
export type Asking = {
  /** Epoch milliseconds by the box's clock. */
  readonly now: number;
  readonly day: DayFact | null;
  /** A fresh id for what is born by this command. */
  readonly id: string;
  /** Who asks: a staff id, or the node's own. */
  readonly by: string;
};

export type DayFact = { readonly day: string; readonly date: string; readonly state: DayState };
