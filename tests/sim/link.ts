import type { Cloud } from '../../control-plane/cloud.ts';
import type { Link, LinkAnswer, LinkRequest } from '../../edge-node/sync/link.ts';
import type { Seeded } from '../support/seeded.ts';
import type { Break } from './breaks.ts';

/** The way to the cloud as it is in a bad night: requests are dropped, answers lost, both doubled or late. */
export type SimLink = Link & {
  /** From now on everything arrives. */
  readonly heal: () => void;
  /** From now on it is bad again. */
  readonly spoil: () => void;
  /** Something that was delayed arrives now; whoever asked has long given up. */
  readonly deliverLate: () => Promise<void>;
  /** From now on what is large stands still on the way, or no longer. */
  readonly stall: (on: boolean) => void;
  readonly isStalled: () => boolean;
};

export function openSimLink(cloud: Cloud, seed: Seeded, broken: Break | null): SimLink {
  const late: LinkRequest[] = [];
  let healthy = false;
  let stalled = false;
  const deliver = async ({ method, path, headers, body }: LinkRequest): Promise<LinkAnswer> => {
    const answer = await cloud.app.inject({ method, url: path, headers, payload: body });
    const nonce = answer.headers['clubops-nonce'];
    return {
      status: answer.statusCode,
      nonce: typeof nonce === 'string' ? nonce : null,
      gzip: answer.headers['content-encoding'] === 'gzip',
      body: broken === 'trust-ack' ? believed(answer.rawPayload) : answer.rawPayload,
    };
  };
  const lost = (): never => {
    throw new Error('no answer');
  };
  return {
    ask: async (request) => {
      const fate = healthy ? 1 : seed.next();
      if (fate < 0.05) return lost();
      if (fate < 0.1 || (stalled && fate < 0.9 && request.path.endsWith('/events'))) {
        late.push(request);
        return lost();
      }
      const answer = await deliver(request);
      if (fate < 0.16) return lost();
      return fate < 0.22 ? deliver(request) : answer;
    },
    heal: () => {
      healthy = true;
    },
    spoil: () => {
      healthy = false;
    },
    stall: (on) => {
      stalled = on;
    },
    isStalled: () => stalled,
    deliverLate: async () => {
      const request = late.splice(seed.between(0, Math.max(0, late.length - 1)), 1)[0];
      if (request) await deliver(request);
    },
    close: () => Promise.resolve(),
  };
}

/** As if the cloud had compared nothing: where it saw a fork, it says how far it has the log. */
function believed(body: Buffer): Buffer {
  const text = body.toString('latin1');
  if (!text.startsWith('{"s":"fork"')) return body;
  const { acked, hash, cloudEpoch } = JSON.parse(text) as { acked: number; hash: string; cloudEpoch: number };
  const next = { maxEvents: 2_000, maxBytes: 1_048_576, minMs: 0 };
  const answer = { s: 'ok', acked, hash, cloudEpoch, timeMs: 0, receipt: '', next, salvage: false, rev: 0 };
  return Buffer.from(JSON.stringify(answer));
}
