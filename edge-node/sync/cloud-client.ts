import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import {
  signedText,
  UPLINK_HEADERS,
  UPLINK_PATHS,
  UPLINK_PROTO,
  type BatchHeader,
  type OpenLogRequest,
  type UplinkAnswer,
} from '#shared/contract/uplink.ts';
import type { Link } from './link.ts';
import type { NodeKey } from './node-identity.ts';

/** What the node asks of the cloud, signed. Each throws where no answer came. */
export type CloudClient = {
  readonly openLog: (request: OpenLogRequest) => Promise<UplinkAnswer>;
  readonly hello: (logId: string, head: { readonly seq: number; readonly hash: string }) => Promise<UplinkAnswer>;
  readonly push: (logId: string, header: BatchHeader, lines: readonly string[]) => Promise<UplinkAnswer>;
};

type Body = { readonly bytes: Buffer; readonly type: string; readonly gzip: boolean };

export function cloudClient(link: Link, key: NodeKey, nodeId: string): CloudClient {
  const known = { nonce: '' };

  const once = async (path: string, body: Body): Promise<UplinkAnswer> => {
    const bodySha256Hex = createHash('sha256').update(body.bytes).digest('hex');
    const text = signedText({ method: 'POST', path, bodySha256Hex, nonce: known.nonce });
    const answer = await link.ask({
      method: 'POST',
      path,
      headers: {
        'content-type': body.type,
        ...(body.gzip && { 'content-encoding': 'gzip' }),
        [UPLINK_HEADERS.node]: nodeId,
        [UPLINK_HEADERS.nonce]: known.nonce,
        [UPLINK_HEADERS.signature]: key.sign(text),
      },
      body: body.bytes,
    });
    if (answer.nonce !== null) known.nonce = answer.nonce;
    return parseAnswer(answer.status, answer.body);
  };
  /** A nonce grows old by itself; the answer that says so brings the next one. */
  const ask = async (path: string, body: Body): Promise<UplinkAnswer> => {
    const answer = await once(path, body);
    return answer.s === 'nonce_stale' ? once(path, body) : answer;
  };
  const json = (value: unknown): Body => ({
    bytes: Buffer.from(JSON.stringify(value)),
    type: 'application/json',
    gzip: false,
  });

  return {
    openLog: (request) => ask(UPLINK_PATHS.logs, json(request)),
    hello: (logId, head) => ask(UPLINK_PATHS.hello(logId), json({ proto: UPLINK_PROTO, ...head })),
    push: (logId, header, lines) => {
      const text = `${JSON.stringify(header)}\n${lines.join('\n')}\n`;
      return ask(UPLINK_PATHS.events(logId), { bytes: gzipSync(text), type: 'application/x-ndjson', gzip: true });
    },
  };
}

/** An answer that is none of the protocol's (a proxy's page, say) counts as no answer. */
function parseAnswer(status: number, body: Buffer): UplinkAnswer {
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    if (typeof parsed === 'object' && parsed !== null && 's' in parsed) return parsed as UplinkAnswer;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new Error(`The cloud answered ${status} in words of its own.`);
}
