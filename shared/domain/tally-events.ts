import type { CappedFee } from './fee-cap.ts';
import type { Posting } from './event.ts';

/** Where a dance was danced: a private performance area has a rule of its own in Washington. */
export type DanceArea = 'public' | 'private';

export type TallyBodies = {
  'dance_tally.recorded': {
    readonly tally: string;
    readonly attendance: string;
    readonly dancer: string;
    readonly area: DanceArea;
    readonly dances: number;
    readonly priceCents: number;
  };
  'dance_tally.withdrawn': { readonly tally: string; readonly dancer: string; readonly reason: string };
  /** The whole arithmetic of the cap; `refundCents` goes back to her now, below zero it is booked on her again. */
  'house_fee.capped': {
    readonly fee: string;
    readonly attendance: string;
    readonly dancer: string;
    readonly cap: CappedFee;
    readonly refundCents: number;
    readonly postings: readonly Posting[];
  };
};
