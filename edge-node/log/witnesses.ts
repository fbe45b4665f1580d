import type { Sqlite } from '../db/open.ts';

/** What stands beside the log and remembers how far it went: answers that were given, and the cloud's receipts. */
export type Witnesses = {
  /** The last place on the mainline that somebody was told of. */
  readonly lastPos: number;
  /** How far the cloud has said that it holds a log; 0 where it said nothing. */
  readonly ackedOf: (logId: string) => number;
  /** True where the cloud's receipt names another hash at this place: everything was written again after it. */
  readonly denies: (logId: string, seq: number, hash: Buffer) => boolean;
};

type UplinkRow = { readonly logId: string; readonly acked: number; readonly receipt: string | null };

/** A chain alone can't show that its end was cut off, or that it was made anew as a whole. */
export function witnesses(sqlite: Sqlite): Witnesses {
  const lastPos = sqlite.prepare<[], number | null>('SELECT max(to_pos) FROM command_answer').pluck().get() ?? 0;
  const rows = sqlite.prepare<[], UplinkRow>('SELECT log_id AS logId, acked, receipt FROM uplink').all();
  const uplinks = new Map(rows.map(({ logId, acked, receipt }) => [logId, { acked, receipt: receiptIn(receipt) }]));
  return {
    lastPos,
    ackedOf: (logId) => uplinks.get(logId)?.acked ?? 0,
    denies: (logId, seq, hash) => {
      const receipt = uplinks.get(logId)?.receipt;
      return receipt?.log === logId && receipt.acked === seq && receipt.hash !== hash.toString('hex');
    },
  };
}

type Receipt = { readonly log: string; readonly acked: number; readonly hash: string };

/** The payload of the cloud's JWS (RFC 7515). Its signature is for whoever has the cloud's keys. */
function receiptIn(jws: string | null): Receipt | null {
  const payload = jws?.split('.')[1];
  if (payload === undefined) return null;
  try {
    const receipt: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    return isReceipt(receipt) ? receipt : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function isReceipt(value: unknown): value is Receipt {
  return typeof value === 'object' && value !== null && 'log' in value && 'acked' in value && 'hash' in value;
}
