import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import type { Random } from './ids.ts';
import { newNodeKeyPem } from './sync/node-identity.ts';
import type { ReceiptKeys } from './sync/receipts.ts';
import { readIfThere, writeWhole } from './whole-file.ts';

/** Who this node is to its cloud. Never reused by another box. */
export type NodeRecord = {
  readonly nodeId: string;
  readonly cloud: {
    readonly url: string;
    readonly clubId: string;
    readonly orgId: string;
    /** By which the cloud signs; absent where it was enrolled by a program that did not keep them. */
    readonly receiptKeys?: ReceiptKeys;
  } | null;
  /** It takes the place of another box, whose second copy is in this folder, or there is none. */
  readonly replaces?: { readonly mirror: string | null };
};
export type DataFolder = {
  readonly database: string;
  readonly clubKey: Buffer;
  readonly nodeKeyPem: string;
  readonly node: NodeRecord;
  readonly saveNode: (node: NodeRecord) => void;
  /** Where the single binary unpacks its addon. */
  readonly runtime: string;
  readonly release: () => void;
};

/**
 * Opens a club's data folder, making it and its keys at the first start (0700, files 0600).
 * Throws where another process holds it: two writers would make two histories.
 */
export function openDataFolder(folder: string, random: Random, binding: object | null): DataFolder {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const at = (name: string) => path.join(folder, name);
  const release = hold(at('writer.lock'), binding);
  const keep = (name: string, make: () => string): string => {
    const found = readIfThere(at(name));
    if (found !== null) return found.toString('utf8');
    // A new key beside an old history would lock everyone out of it, or make its node a stranger to the cloud.
    if (existsSync(at('club.db'))) throw new Error(`${name} is missing in ${folder}: put it back from the backup.`);
    const text = make();
    writeWhole(at(name), text);
    return text;
  };
  const clubKey = Buffer.from(
    keep('club.key', () => random(32).toString('base64')),
    'base64',
  );
  const nodeKeyPem = keep('node.key', newNodeKeyPem);
  const node = JSON.parse(keep('node.json', () => JSON.stringify({ nodeId: randomUUID(), cloud: null }))) as NodeRecord;
  return {
    database: at('club.db'),
    clubKey,
    nodeKeyPem,
    node,
    saveNode: (record) => writeWhole(at('node.json'), JSON.stringify(record)),
    runtime: at('runtime'),
    release,
  };
}

/** An exclusive lock on a database of its own: the system lets go of it however the process ends. */
function hold(file: string, binding: object | null): () => void {
  const lock = new Database(file, { timeout: 0, ...(binding && { nativeBinding: binding as unknown as string }) });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    throw new Error('Another ClubOps node already runs on this data folder.', { cause: error });
  }
  return () => lock.close();
}
