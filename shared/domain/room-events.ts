import type { Posting, Price } from './event.ts';
import type { SettlementDirection } from './room-terms.ts';

export type ExtraKind = 'dances' | 'bottle' | 'room_charge' | 'dancer_fee' | 'item';
export type DisputeAbout = 'count' | 'price' | 'time' | 'split' | 'other';
type Session = { readonly session: string; readonly room: string };

export type RoomBodies = {
  /** How the club's sessions are settled from now on; null: as the host says for each. */
  'settlement_direction.set': { readonly direction: SettlementDirection | null };
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
  /** The least that it comes to; `reason` where it was lowered after the start. */
  'room_session.minimum_set': Session & { readonly cents: number; readonly reason: string | null };
  'room_session.confirmed': Session & { readonly dancer: string };
  'room_session.disputed': Session & { readonly dancer: string; readonly about: DisputeAbout };
  'room_session.decided': Session & { readonly dancer: string; readonly reason: string };
  /** A night was closed by force over her dispute; `dancers` are those whose dispute is not decided. */
  'room_session.left_disputed': Session & { readonly day: string; readonly dancers: readonly string[] };
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
