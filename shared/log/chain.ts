import { hash } from 'node:crypto';

/**
 * A club's history is hashed over bytes, never over structures, so two programs can't quarrel
 * about how an object is written down. All hashes here are SHA-256 (FIPS 180-4), 32 bytes.
 */

/** What a log is bound to before its first event. `parent` is null for a club's first log. */
export type Genesis = {
  readonly logId: string;
  readonly parent: { readonly logId: string; readonly seq: number; readonly hash: string } | null;
  readonly nodeId: string;
  readonly keyThumbprint: string;
};

const DOMAIN_TAG = 'clubops.log.v1';

/** The hash before event 1: nobody can move a log to another club, node or parent unseen. */
export function genesisHash(genesis: Genesis): Buffer {
  const parent = genesis.parent;
  const text = [
    DOMAIN_TAG,
    genesis.logId,
    parent?.logId ?? '-',
    String(parent?.seq ?? 0),
    parent?.hash ?? '-',
    genesis.nodeId,
    genesis.keyThumbprint,
  ].join('\n');
  return hash('sha256', text, 'buffer');
}

/** Most lines fit here, at three bytes a character at most, so that hashing one makes no buffer of its own. */
const scratch = Buffer.allocUnsafe(16_384);
const SCRATCH_LINE_MAX = 5_000;

/** hash[n] = SHA-256(hash[n-1] ‖ bytes of line n, without its newline). */
export function nextHash(previous: Buffer, line: string): Buffer {
  if (line.length > SCRATCH_LINE_MAX) return hash('sha256', Buffer.concat([previous, Buffer.from(line)]), 'buffer');
  previous.copy(scratch);
  const end = previous.length + scratch.write(line, previous.length);
  return hash('sha256', scratch.subarray(0, end), 'buffer');
}
