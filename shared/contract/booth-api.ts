import { Type, type Static } from 'typebox';
import type { Rule } from '#shared/domain/choose-songs.ts';
import type { Song } from '#shared/domain/rotation-events.ts';
import { closed, Id } from './api-fields.ts';
import type { TrackRow } from './music-api.ts';

/**
 * The booth: the node says what is to be played and knows what plays; one page makes the sound, all others are remotes.
 * Positions are milliseconds from the original's beginning.
 */
export type BoothAnswer = {
  /** Goes up with every change; a screen asks again when the live beat names a higher one. */
  readonly rev: number;
  readonly alarm: BoothAlarm | null;
  /** The page that makes the sound; null where none was started. */
  readonly player: PlayerPage | null;
  readonly now: NowPlaying | null;
  readonly paused: boolean;
  readonly orders: BoothOrders;
  /** What comes next, in order. */
  readonly programme: readonly BoothItem[];
  readonly songsPerSet: number;
};
/** No sound comes out though something should be heard; the page that makes it is gone. */
export type BoothAlarm = 'silent' | 'page_gone';
/** Of the booth in every live beat. */
export type BoothBrief = { readonly rev: number; readonly alarm: BoothAlarm | null };
/** `page` outlives a reload, `load` does not: a second tab with the first one's name is another player. */
export type PlayerPage = { readonly page: string; readonly load: string };

export type BoothItem = {
  /** The same from the plan to its end, whatever is put there. */
  readonly item: string;
  readonly from: 'planned' | 'proposed' | 'hand' | 'auto';
  /** Whose set it belongs to, and its place there, from 0; null for what belongs to nobody's. */
  readonly turn: {
    readonly entry: string;
    readonly name: string;
    readonly position: number;
    readonly live: boolean;
  } | null;
  readonly song: Song;
  /** Of what the club's rules chose: those that it breaks as no other song was left, in the order in which they are let go. */
  readonly letGo: readonly Rule[];
  /** Null: it is not in the library, and is passed over. */
  readonly track: TrackRow | null;
};
export type NowPlaying = Omit<BoothItem, 'track'> & {
  readonly track: TrackRow | null;
  readonly deck: Deck;
  readonly startedAt: number;
  /** Where it was at `heardAt` (epoch milliseconds). */
  readonly positionMs: number;
  readonly heardAt: number;
};
export type Deck = 'a' | 'b';
/** What a remote wants of the player, each meant for one item only. */
export type BoothOrders = {
  readonly skip: string | null;
  readonly seek: { readonly item: string; readonly positionMs: number; readonly nr: number } | null;
};

const PositionMs = Type.Integer({ minimum: 0, maximum: 86_400_000 });
/** Items are named by entry, turn and position, or by what put them there. */
const Item = Type.String({ minLength: 1, maxLength: 100, pattern: '^[A-Za-z0-9_.-]+$' });
const page = { page: Id, load: Id };

/** POST /booth/player: begins to play, takes over from another page on purpose, or stops for good. */
export const PlayerRequest = Type.Object(
  { ...page, want: Type.Union([Type.Literal('play'), Type.Literal('take_over'), Type.Literal('leave')]) },
  closed,
);
/** POST /booth/beats: once a second, and at once when something begins. `level` (dBFS) is measured at the output. */
export const BeatRequest = Type.Object(
  {
    ...page,
    item: Type.Union([Type.Null(), Item]),
    track: Type.Union([Type.Null(), Id]),
    deck: Type.Union([Type.Literal('a'), Type.Literal('b')]),
    positionMs: PositionMs,
    level: Type.Number({ minimum: -200, maximum: 200 }),
    /** So long nothing was heard. */
    quietMs: PositionMs,
  },
  closed,
);
export const OrderRequest = Type.Union([
  Type.Object({ order: Type.Literal('pause') }, closed),
  Type.Object({ order: Type.Literal('resume') }, closed),
  /** No page plays from now on, and none is missed. */
  Type.Object({ order: Type.Literal('stop') }, closed),
  Type.Object({ order: Type.Literal('skip'), item: Item }, closed),
  Type.Object({ order: Type.Literal('seek'), item: Item, positionMs: PositionMs }, closed),
]);
/** POST /booth/songs: puts a track at a place of her set; the place behind the last one makes it longer. */
export const SongRequest = Type.Object(
  { entry: Id, position: Type.Integer({ minimum: 0, maximum: 7 }), track: Id },
  closed,
);
/** POST /booth/extras: a track, an announcement or a promo by hand. */
export const ExtraRequest = Type.Object(
  { track: Id, place: Type.Union([Type.Literal('next'), Type.Literal('last')]) },
  closed,
);
/** POST /booth/drops: takes what has not begun out of the programme, for this turn. */
export const DropRequest = Type.Object({ item: Item }, closed);

export type PlayerAnswer = { readonly isPlayer: boolean; readonly booth: BoothAnswer };
/** A page that is the player no more stops at once. */
export type BeatAnswer = { readonly isPlayer: boolean; readonly rev: number };
export type Beat = Static<typeof BeatRequest>;
export type BoothOrder = Static<typeof OrderRequest>;
