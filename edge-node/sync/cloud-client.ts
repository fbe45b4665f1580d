import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import {
  signedText,
  UPLINK_HEADERS,
  UPLINK_PATHS,
  UPLINK_PROTO,
  type BatchHeader,
  type BoxStatus,
  type KeysRequest,
  type LinesRequest,
  type OpenLogRequest,
  type SalvagedRequest,
  type UplinkAnswer,
} from '#shared/contract/uplink.ts';
import { limits } from '../limits.ts';
import type { Link } from './link.ts';
import type { NodeKey } from './node-identity.ts';

type Head = { readonly seq: number; readonly hash: string };
/** What the node asks of the cloud, signed. Each throws where no answer came. */
export type CloudClient = {
  readonly openLog: (request: OpenLogRequest) => Promise<UplinkAnswer>;
  readonly hello: (logId: string, head: Head, status: BoxStatus) => Promise<UplinkAnswer>;
  readonly push: (logId: string, header: BatchHeader, lines: readonly string[]) => Promise<UplinkAnswer>;
  readonly mainline: () => Promise<UplinkAnswer>;
  readonly hashes: (logId: string, seqs: readonly number[]) => Promise<UplinkAnswer>;
  readonly lines: (logId: string, range: LinesRequest) => Promise<UplinkAnswer>;
  readonly salvaged: (taken: SalvagedRequest['taken']) => Promise<UplinkAnswer>;
  readonly keys: (request: KeysRequest) => Promise<UplinkAnswer>;
  /** Any other signed question; the answer is the body as it came, parsed. */
  readonly ask: (path: string, body: unknown) => Promise<unknown>;
};

type Body = { readonly bytes: Buffer; readonly type: string; readonly gzip: boolean };
const zip = promisify(gzip);
const unzip = promisify(gunzip);

export function cloudClient(link: Link, key: NodeKey, nodeId: string): CloudClient {
  const known = { nonce: '' };

  const once = async (path: string, body: Body): Promise<object> => {
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
    const bytes = answer.gzip
      ? await unzip(answer.body, { maxOutputLength: limits.uplinkAnswerBytesMax })
      : answer.body;
    return parseAnswer(answer.status, bytes);
  };
  /** A nonce grows old by itself; the answer that says so brings the next one. */
  const ask = async (path: string, body: Body): Promise<UplinkAnswer> => {
    const answer = (await once(path, body)) as UplinkAnswer;
    return answer.s === 'nonce_stale' ? ((await once(path, body)) as UplinkAnswer) : answer;
  };
  const json = (value: unknown): Body => ({
    bytes: Buffer.from(JSON.stringify(value)),
    type: 'application/json',
    gzip: false,
  });

  return {
    openLog: (request) => ask(UPLINK_PATHS.logs, json(request)),
    hello: (logId, head, status) => ask(UPLINK_PATHS.hello(logId), json({ proto: UPLINK_PROTO, ...head, status })),
    push: async (logId, header, lines) => {
      const text = `${JSON.stringify(header)}\n${lines.join('\n')}\n`;
      const bytes = await zip(text, { level: limits.uplinkGzipLevel });
      return ask(UPLINK_PATHS.events(logId), { bytes, type: 'application/x-ndjson', gzip: true });
    },
    mainline: () => ask(UPLINK_PATHS.mainline, json({ proto: UPLINK_PROTO })),
    hashes: (logId, seqs) => ask(UPLINK_PATHS.hashes(logId), json({ seqs })),
    lines: (logId, range) => ask(UPLINK_PATHS.lines(logId), json(range)),
    salvaged: (taken) => ask(UPLINK_PATHS.salvaged, json({ taken })),
    keys: (request) => ask(UPLINK_PATHS.keys, json(request)),
    ask: (path, body) => ask(path, json(body)),
  };
}

/** An answer that is none of the protocol's (a proxy's page, say) counts as no answer. */
function parseAnswer(status: number, body: Buffer): object {
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    if (typeof parsed === 'object' && parsed !== null && 's' in parsed) return parsed;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new Error(`The cloud answered ${status} in words of its own.`);
}
