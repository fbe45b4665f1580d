import { Type, type Static } from 'typebox';

/**
 * Edge to cloud. The log is the outbox: its lines travel as they are stored, and both sides hash.
 *
 * Every request of a node is signed: header `clubops-node` (node id), `clubops-nonce` (the last nonce
 * that the cloud gave), `clubops-signature` (base64url Ed25519 over `signedText`). A nonce, not a time,
 * so that a dead clock battery can't stop the sync. An answer `nonce_stale` (401) carries a new one in
 * the header `clubops-nonce`, as every answer does.
 */
export const UPLINK_PROTO = 1;
export const UPLINK_HEADERS = { node: 'clubops-node', nonce: 'clubops-nonce', signature: 'clubops-signature' } as const;

export function signedText(request: {
  readonly method: string;
  readonly path: string;
  readonly bodySha256Hex: string;
  readonly nonce: string;
}): string {
  return `clubops.request.v1\n${request.method}\n${request.path}\n${request.bodySha256Hex}\n${request.nonce}`;
}

export const UPLINK_PATHS = {
  enrol: '/v1/edge/enrol',
  logs: '/v1/edge/logs',
  hello: (logId: string) => `/v1/edge/logs/${logId}/hello`,
  events: (logId: string) => `/v1/edge/logs/${logId}/events`,
  mainline: '/v1/edge/mainline',
  hashes: (logId: string) => `/v1/edge/logs/${logId}/hashes`,
  lines: (logId: string) => `/v1/edge/logs/${logId}/lines`,
  salvaged: '/v1/edge/salvaged',
  keys: '/v1/edge/keys',
  feed: '/v1/edge/feed',
  snapshot: '/v1/edge/snapshot',
} as const;

const Id = Type.String({ minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9_-]+$' });
const HashHex = Type.String({ pattern: '^[0-9a-f]{64}$' });
const Seq = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

/** POST enrol. `code` is single use, but the same node asking again with it and the same key gets the same answer. Not signed. */
export const EnrolRequest = Type.Object(
  {
    code: Type.String({ minLength: 8, maxLength: 64 }),
    /** Made by the node at its first start, long before it meets a cloud; its logs' genesis is bound to it. Never reused. */
    nodeId: Id,
    /** Ed25519 public key as JWK, and its RFC 7638 SHA-256 thumbprint, base64url. */
    publicKey: Type.Object({
      kty: Type.Literal('OKP'),
      crv: Type.Literal('Ed25519'),
      x: Type.String({ maxLength: 64 }),
    }),
    version: Type.String({ maxLength: 32 }),
  },
  { additionalProperties: false },
);
export type EnrolRequest = Static<typeof EnrolRequest>;
export const EnrolAnswer = Type.Object({
  s: Type.Literal('enrolled'),
  nodeId: Id,
  clubId: Id,
  orgId: Id,
  cloudEpoch: Type.Integer(),
  /** The club has a history already: this box replaces another, which is fenced from now on. */
  replaces: Type.Boolean(),
  /** Public keys (JWK with kid) by which the cloud signs receipts and manifests, the present one first. */
  receiptKeys: Type.Array(
    Type.Object({ kty: Type.Literal('OKP'), crv: Type.Literal('Ed25519'), x: Type.String(), kid: Type.String() }),
  ),
});
export type EnrolAnswer = Static<typeof EnrolAnswer>;

/** POST logs: a log must be open before it takes events. Opening the same one twice is no error. */
export const OpenLogRequest = Type.Object(
  {
    proto: Type.Integer(),
    logId: Id,
    parent: Type.Union([
      Type.Null(),
      Type.Object({ logId: Id, seq: Seq, hash: HashHex }, { additionalProperties: false }),
    ]),
    keyThumbprint: Type.String({ maxLength: 64 }),
  },
  { additionalProperties: false },
);
export type OpenLogRequest = Static<typeof OpenLogRequest>;

/** How a box is, newest first: told with every hello, also while an old backlog drains. */
export const BoxStatus = Type.Object(
  {
    version: Type.String({ maxLength: 32 }),
    /** Events that the cloud has not acknowledged, and the age of the oldest in milliseconds, null where none waits. */
    waiting: Seq,
    oldestMs: Type.Union([Type.Null(), Type.Integer({ minimum: 0 })]),
    /** The mirror of the log on another disk. */
    secondCopy: Type.Union([Type.Literal('off'), Type.Literal('whole'), Type.Literal('behind'), Type.Literal('lost')]),
  },
  { additionalProperties: false },
);
export type BoxStatus = Static<typeof BoxStatus>;

/** POST hello: where do we stand? `seq` and `hash` are the node's own head. It is the heartbeat too. */
export const HelloRequest = Type.Object(
  { proto: Type.Integer(), seq: Seq, hash: HashHex, status: BoxStatus },
  { additionalProperties: false },
);
export type HelloRequest = Static<typeof HelloRequest>;

/** First line of a push; the raw event lines follow, one a line, gzip or identity. */
export const BatchHeader = Type.Object(
  {
    proto: Type.Integer(),
    from: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
    /** The node's hash at `from - 1` (the genesis hash where `from` is 1). */
    prev: HashHex,
    n: Type.Integer({ minimum: 1 }),
    batch: Id,
    /** The node's last seq when it sent this: how far behind the cloud is. */
    head: Seq,
  },
  { additionalProperties: false },
);
export type BatchHeader = Static<typeof BatchHeader>;

/**
 * POST mainline: the club's logs from the first to the active one, each with how far it counts: up to where its child
 * was opened, for the last one up to what is stored.
 */
export const MainlineRequest = Type.Object({ proto: Type.Integer() }, { additionalProperties: false });
export type MainlineRequest = Static<typeof MainlineRequest>;
export type MainlineSegment = {
  readonly logId: string;
  readonly parent: { readonly logId: string; readonly seq: number; readonly hash: string } | null;
  readonly nodeId: string;
  readonly keyThumbprint: string;
  readonly upto: number;
  /** The chain's hash at `upto`. */
  readonly hash: string;
  /** The highest seq of this log that its node ever spoke of: beyond `upto` it may have held more. */
  readonly heardOf: number;
};
/** What the manifest (compact JWS, typ `clubops-manifest`) vouches for: `mainlineSha256` is over JSON.stringify(segments). */
export type Manifest = {
  readonly clubId: string;
  readonly mainlineSha256: string;
  readonly cloudEpoch: number;
  readonly timeMs: number;
};

/** POST hashes: the chain's hash at some places of any log of the club; null where the cloud's does not reach. */
export const HashesRequest = Type.Object(
  { seqs: Type.Array(Seq, { minItems: 1, maxItems: 64 }) },
  { additionalProperties: false },
);
export type HashesRequest = Static<typeof HashesRequest>;

/** POST lines: lines `from` to `to` of any log of the club, as many as one answer carries. The answer is gzip. */
export const LinesRequest = Type.Object(
  {
    from: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
    to: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  },
  { additionalProperties: false },
);
export type LinesRequest = Static<typeof LinesRequest>;

/**
 * POST salvaged (the club's live node): which ends of fenced boxes' logs lie beside the mainline. `taken` says which it
 * has carried into its own log; those are not named again.
 */
export const SalvagedRequest = Type.Object(
  { taken: Type.Array(Type.Object({ logId: Id, upto: Seq }, { additionalProperties: false }), { maxItems: 64 }) },
  { additionalProperties: false },
);
export type SalvagedRequest = Static<typeof SalvagedRequest>;
/** Lines from..upto of a log; `prev` is the hash before them, `hash` that at their end. */
export type SalvagedTail = {
  readonly logId: string;
  readonly from: number;
  readonly prev: string;
  readonly upto: number;
  readonly hash: string;
};

/**
 * POST keys: data keys of sealed fields, wrapped by the club key, which the cloud never has. `put` keeps new ones, a
 * `wrapped` of null destroys one for good (a later put of it is ignored); the answer carries those asked for by `get`:
 * all after a subject in order, at most 500, null for none.
 */
export const KeysRequest = Type.Object(
  {
    put: Type.Array(
      Type.Object(
        { subject: Id, wrapped: Type.Union([Type.Null(), Type.String({ maxLength: 512 })]) },
        { additionalProperties: false },
      ),
      { maxItems: 500 },
    ),
    get: Type.Union([
      Type.Null(),
      Type.Object({ after: Type.String({ maxLength: 64 }) }, { additionalProperties: false }),
    ]),
  },
  { additionalProperties: false },
);
export type KeysRequest = Static<typeof KeysRequest>;

/** What the cloud says, each naming the node's next move. The HTTP status is in UPLINK_STATUS. */
export type UplinkAnswer =
  | {
      readonly s: 'ok';
      /** Highest seq that is durable in the cloud; its hash as the cloud computed it. */
      readonly acked: number;
      readonly hash: string;
      readonly cloudEpoch: number;
      readonly timeMs: number;
      /** Compact JWS over {log, acked, hash, timeMs} by the cloud's key: a countersigned head. */
      readonly receipt: string;
      readonly next: { readonly maxEvents: number; readonly maxBytes: number; readonly minMs: number };
      /** Beside the mainline lie ends of fenced boxes' logs that the caller should carry. */
      readonly salvage: boolean;
      /** Newest revision of the club's feed; 0 for none. */
      readonly rev: number;
    }
  /** The cloud has more of this log than the caller, whose head is a place on it: put back to an older disk. */
  | { readonly s: 'behind'; readonly acked: number; readonly hash: string; readonly cloudEpoch: number }
  | { readonly s: 'gap'; readonly acked: number; readonly hash: string; readonly cloudEpoch: number }
  | { readonly s: 'fork'; readonly acked: number; readonly hash: string; readonly cloudEpoch: number }
  | { readonly s: 'sealed'; readonly acked: number; readonly hash: string; readonly cloudEpoch: number }
  /**
   * Another box took this one's place. Until `acked` the cloud has this log; the rest is pushed as salvage, in the same
   * form, to the same address. What was forked is pushed in a new log whose parent is the last common place.
   */
  | { readonly s: 'fenced'; readonly acked: number; readonly hash: string; readonly cloudEpoch: number }
  /** `active` is where the club's mainline ends, null where it has none. */
  | {
      readonly s: 'unknown_log';
      readonly active: { readonly logId: string; readonly seq: number; readonly hash: string } | null;
      /** As in `ok`: a box with nothing of its own to send has no log here yet. */
      readonly salvage: boolean;
      readonly cloudEpoch: number;
    }
  | {
      readonly s: 'mainline';
      readonly segments: readonly MainlineSegment[];
      readonly manifest: string;
      readonly cloudEpoch: number;
    }
  | { readonly s: 'hashes'; readonly hashes: readonly (string | null)[]; readonly cloudEpoch: number }
  | { readonly s: 'lines'; readonly from: number; readonly lines: readonly string[]; readonly cloudEpoch: number }
  | { readonly s: 'salvaged'; readonly tails: readonly SalvagedTail[]; readonly cloudEpoch: number }
  | {
      readonly s: 'keys';
      readonly keys: readonly { readonly subject: string; readonly wrapped: string }[];
      readonly cloudEpoch: number;
    }
  | { readonly s: 'bad_parent'; readonly cloudEpoch: number }
  | { readonly s: 'too_large'; readonly maxBytes: number; readonly maxEvents: number }
  | { readonly s: 'bad_batch'; readonly why: string }
  | { readonly s: 'slow'; readonly retryMs: number }
  | { readonly s: 'proto_old'; readonly min: number }
  | { readonly s: 'revoked' }
  | { readonly s: 'nonce_stale' }
  | { readonly s: 'not_signed' };

export const UPLINK_STATUS = {
  ok: 200,
  gap: 409,
  fork: 409,
  sealed: 409,
  behind: 409,
  fenced: 403,
  unknown_log: 404,
  mainline: 200,
  hashes: 200,
  lines: 200,
  salvaged: 200,
  keys: 200,
  bad_parent: 409,
  too_large: 413,
  bad_batch: 400,
  slow: 429,
  proto_old: 426,
  revoked: 403,
  nonce_stale: 401,
  not_signed: 401,
} as const satisfies Record<UplinkAnswer['s'], number>;
