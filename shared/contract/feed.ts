import { Type, type Static, type TSchema } from 'typebox';
import type { SharedValue } from '#shared/domain/event.ts';
import { oneOf, RestrictionWord } from './words.ts';

/**
 * Cloud to edge: a club's feed of numbered revisions. `rev` commits in order, so a reader of `rev > mine` misses none. Both
 * questions are POST and signed like every other of a node (uplink.ts). What the box took over comes back as an event.
 */
export const FEED_PROTO = 1;
/** A poll may wait this long for something new, in milliseconds. */
export const FEED_WAIT_MS_MAX = 25_000;
export const FEED_ITEMS_MAX = 200;
export const FEED_BYTES_MAX = 512 * 1024;
/** Lines of one page of a snapshot, and of a whole one. */
export const SNAPSHOT_PAGE_LINES = 1_000;
export const SNAPSHOT_LINES_MAX = 50_000;
/** What was deleted is told this long; a box that was away longer gets a snapshot. */
export const TOMBSTONE_DAYS = 400;

const closed = { additionalProperties: false } as const;
const Id = Type.String({ minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9_-]+$' });
/** Such as `device.revoke`; a box that does not know it answers `refused`. */
const CommandName = Type.String({ minLength: 1, maxLength: 64, pattern: '^[a-z_]+\\.[a-z_]+$' });
const Text = Type.String({ minLength: 1, maxLength: 500, pattern: '\\S' });
const Who = Type.String({ minLength: 1, maxLength: 120, pattern: '\\S' });
const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const Cents = Type.Integer({ minimum: 0, maximum: 100_000_000 });
const Name = Type.String({ minLength: 1, maxLength: 80 });
const Opaque = Type.String({ minLength: 1, maxLength: 256 });
const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const item = <T extends Record<string, TSchema>>(properties: T) => Type.Object(properties, closed);

const PriceListValue = item({
  houseFeeCents: Cents,
  roomRates: Type.Array(
    item({
      rate: Id,
      name: Name,
      minutes: Type.Integer({ minimum: 1, maximum: 480 }),
      grossCents: Cents,
      houseCents: Cents,
    }),
    { maxItems: 64 },
  ),
});
/** What a shared field may hold; which of them a field can is in `domain/shared-field.ts`. */
export const FieldValue = Type.Unsafe<SharedValue>(
  Type.Union([Type.String({ maxLength: 500 }), Type.Array(Name, { maxItems: 32 }), PriceListValue, Type.Null()]),
);
const name = { coll: Id, id: Id, field: Id };

/** The closed set of what headquarters may tell a box to do; a box answers each with `command.done`. */
export const COMMAND_ARGS = {
  'device.revoke': item({ device: Id }),
  'message.post': item({ text: Text }),
} as const;
export type CommandWord = keyof typeof COMMAND_ARGS;

/** One revision. `edit` names the floor's edit that a value comes from, where it does. */
export const FeedItem = Type.Union([
  item({
    rev: Count,
    op: Type.Literal('set'),
    coll: Id,
    id: Id,
    fields: Type.Record(Id, item({ value: FieldValue, fv: Count, edit: orNull(Id) })),
  }),
  /** The field is empty from here on: a tombstone. */
  item({ rev: Count, op: Type.Literal('del'), ...name, fv: Count }),
  item({
    rev: Count,
    op: Type.Literal('restrict'),
    restriction: Id,
    dancer: Id,
    kind: RestrictionWord,
    reason: Text,
    by: Who,
  }),
  item({ rev: Count, op: Type.Literal('lift'), restriction: Id, reason: Text, by: Who }),
  item({ rev: Count, op: Type.Literal('note'), note: Id, dancer: Id, text: Text, by: Who }),
  item({
    rev: Count,
    op: Type.Literal('cmd'),
    id: Id,
    cmd: CommandName,
    args: Type.Record(Id, Type.String({ maxLength: 500 })),
    /** Epoch milliseconds by the box's clock; later it is answered `expired`. */
    notAfter: Type.Integer(),
    by: Who,
  }),
  /** Compact JWS, typ `clubops-blob`, over `SignedBlob`. */
  item({ rev: Count, op: Type.Literal('blob'), coll: Id, ver: Count, jws: Type.String({ maxLength: 32_768 }) }),
  /** What became of an edit of the floor that made no new version. */
  item({
    rev: Count,
    op: Type.Literal('notice'),
    ...name,
    edit: Id,
    outcome: oneOf('accepted', 'overridden', 'review', 'refused'),
    refusal: orNull(Id),
  }),
]);
export type FeedItem = Static<typeof FeedItem>;
/** An item before it has its number. */
export type FeedNews = FeedItem extends infer One ? (One extends FeedItem ? Omit<One, 'rev'> : never) : never;

/** POST feed. `cursor` as the last answer gave it, null for none; the answer may come up to `waitMs` later. */
export const FeedRequest = Type.Object(
  { proto: Type.Integer(), cursor: orNull(Opaque), waitMs: Type.Integer({ minimum: 0, maximum: FEED_WAIT_MS_MAX }) },
  closed,
);
export type FeedRequest = Static<typeof FeedRequest>;

/** POST snapshot. `page` as the last page gave it, null for the first; a page of an older snapshot begins a new one. */
export const SnapshotRequest = Type.Object({ proto: Type.Integer(), page: orNull(Opaque) }, closed);
export type SnapshotRequest = Static<typeof SnapshotRequest>;

/** What the manifest (compact JWS, typ `clubops-manifest`) vouches for. `sha256` is over all lines, joined by newlines. */
export type SnapshotManifest = {
  readonly clubId: string;
  readonly feed: string;
  readonly rev: number;
  readonly sha256: string;
  readonly n: number;
  readonly cloudEpoch: number;
  readonly timeMs: number;
};
/** What the signature of a blob is over. */
export type SignedBlob = {
  readonly clubId: string;
  readonly coll: string;
  readonly ver: number;
  readonly payload: unknown;
};

export type FeedAnswer =
  | {
      readonly s: 'feed';
      readonly feed: string;
      /** Revisions above `from` up to `to`, all of them; equal where there is nothing new. */
      readonly from: number;
      readonly to: number;
      readonly items: readonly FeedItem[];
      readonly cursor: string;
      readonly cloudEpoch: number;
    }
  /** The cursor's feed is dead, or the cursor is older than what is kept: take a snapshot of `feed`. */
  | { readonly s: 'feed_gone'; readonly feed: string; readonly cloudEpoch: number }
  | {
      readonly s: 'snapshot';
      readonly feed: string;
      readonly rev: number;
      /** Lines `at`… of the snapshot, each the JSON of an item, byte for byte as it was signed. */
      readonly at: number;
      readonly lines: readonly string[];
      readonly manifest: string;
      /** Null: this is the last page, and `cursor` goes on from it. */
      readonly page: string | null;
      readonly cursor: string;
      readonly cloudEpoch: number;
    }
  | { readonly s: 'bad_batch'; readonly why: string }
  | { readonly s: 'too_large'; readonly maxBytes: number; readonly maxEvents: number }
  | { readonly s: 'slow'; readonly retryMs: number }
  | { readonly s: 'proto_old'; readonly min: number }
  | { readonly s: 'revoked' }
  /** Another box took the caller's place: the feed is that one's. */
  | { readonly s: 'fenced' }
  | { readonly s: 'nonce_stale' }
  | { readonly s: 'not_signed' };

export const FEED_STATUS = {
  feed: 200,
  feed_gone: 410,
  snapshot: 200,
  bad_batch: 400,
  too_large: 413,
  slow: 429,
  proto_old: 426,
  revoked: 403,
  fenced: 403,
  nonce_stale: 401,
  not_signed: 401,
} as const satisfies Record<FeedAnswer['s'], number>;
