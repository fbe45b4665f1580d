import type { Posting } from './event.ts';

type Session = { readonly session: string; readonly room: string };
/** What is the house's alone: a dancer's work is never given away for her. */
export type CompOf = 'drink' | 'bottle' | 'other';

export type DeskBodies = {
  /** A song that really played, on whichever stage or in the booth. */
  'play.recorded': {
    readonly play: string;
    readonly track: string | null;
    readonly title: string;
    readonly startedAt: number;
    readonly endedAt: number;
  };
  /** What three sources said of a session, and what a person made of it. */
  'dance_count.settled': Session & {
    readonly hostDances: number;
    readonly songs: number;
    readonly minutes: number;
    readonly dances: number;
    readonly reason: string;
  };
  /** The guest signed for what he got; of the card only what the terminal's slip says. The signature is sealed under the session. */
  'room_session.acknowledged': Session & {
    readonly witness: string;
    readonly processorRef: string | null;
    readonly last4: string | null;
  };
  /** For whom is sealed. */
  'room.reserved': {
    readonly reservation: string;
    readonly room: string;
    readonly at: number;
    readonly minutes: number;
  };
  'reservation.kept': { readonly reservation: string };
  'reservation.cancelled': { readonly reservation: string; readonly reason: string };
  /** Something given away at its price, by somebody's leave. */
  'comp.granted': {
    readonly comp: string;
    readonly of: CompOf;
    readonly name: string;
    readonly cents: number;
    readonly reason: string;
    readonly approver: string;
    readonly postings: readonly Posting[];
  };
};
