import type { Posting, Price } from './event.ts';

export type ExtraKind = 'dances' | 'bottle' | 'room_charge' | 'dancer_fee' | 'item';
export type DisputeAbout = 'count' | 'price' | 'time' | 'split' | 'other';
type Session = { readonly session: string; readonly room: string };

export type RoomBodies = {
  'room.out_of_service': { readonly room: string; readonly reason: string };
  'room.back_in_service': { readonly room: string };
  /** Of what `out` was quoted, `shareCents` are `into`'s now. */
  'room_session.swapped': Session & { readonly out: string; readonly into: string; readonly shareCents: number };
  /** One more dancer, with a price of her own that was fixed then. */
  'room_session.joined': Session & { readonly dancer: string; readonly rate: string; readonly price: Price };
  /** What is sold beside the time; `count` pieces at `eachCents`. */
  'room_session.added': Session & {
    readonly kind: ExtraKind;
    readonly name: string;
    readonly count: number;
    readonly eachCents: number;
    readonly price: Price;
  };
  'room_session.confirmed': Session & { readonly dancer: string };
  'room_session.disputed': Session & { readonly dancer: string; readonly about: DisputeAbout };
  'room_session.decided': Session & { readonly dancer: string; readonly reason: string };
  /** She has the guest's money; what is the house's and the state's she owes. */
  'room_session.collected': Session & {
    readonly dancer: string;
    readonly collectedCents: number;
    readonly postings: readonly Posting[];
  };
  /** `corrects`: the place of the event whose postings these turn round; null where nothing was booked yet. */
  'room_session.voided': Session & {
    readonly reason: string;
    readonly approver: string;
    readonly corrects: number | null;
    readonly postings: readonly Posting[];
  };
};
