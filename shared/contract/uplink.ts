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

/** POST hello: where do we stand? `seq` and `hash` are the node's own head. */
export const HelloRequest = Type.Object(
  { proto: Type.Integer(), seq: Seq, hash: HashHex },
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
    }
  | { readonly s: 'gap'; readonly acked: number; readonly hash: string; readonly cloudEpoch: number }
  | { readonly s: 'fork'; readonly acked: number; readonly hash: string; readonly cloudEpoch: number }
  | { readonly s: 'sealed'; readonly acked: number; readonly hash: string; readonly cloudEpoch: number }
  | { readonly s: 'unknown_log'; readonly cloudEpoch: number }
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
  unknown_log: 404,
  bad_parent: 409,
  too_large: 413,
  bad_batch: 400,
  slow: 429,
  proto_old: 426,
  revoked: 403,
  nonce_stale: 401,
  not_signed: 401,
} as const satisfies Record<UplinkAnswer['s'], number>;
