import type { FastifyInstance } from 'fastify';
import type { Pool } from 'pg';
import type { VerifyBatch } from './features/ingest/verify.ts';
import type { ReceiptKey } from './node-auth/receipt.ts';

/** What the control plane is built from. Nothing of it is global: many may run in one process. */
export type CloudDeps = {
  /** A URL gets a pool of its own, closed with the cloud; a pool that is handed in stays its owner's. */
  readonly database: { readonly url: string; readonly connections: number } | Pool;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Bytes that nobody can guess; a simulation hands in a seeded one. */
  readonly random: (bytes: number) => Buffer;
  readonly verifyBatch: VerifyBatch;
  /** Bearer token of the vendor's administrator. */
  readonly adminToken: string;
  readonly logger: boolean;
};

/** What a feature may reach. */
export type CloudCore = Pick<CloudDeps, 'clock' | 'random' | 'verifyBatch' | 'adminToken'> & {
  readonly pool: Pool;
  /** Goes up when the cloud was restored from a backup, and only then. */
  readonly epoch: number;
  /** Asks the database for the epoch where that was not done for a second: another replica may have raised it. */
  readonly lookAtEpoch: () => Promise<void>;
  readonly raiseEpoch: (why: string) => Promise<number>;
  readonly nonceSecret: Buffer;
  readonly receiptKey: ReceiptKey;
};

export type Cloud = {
  readonly app: FastifyInstance;
  readonly pool: Pool;
  /** Projects what was stored but not yet rolled up, of all tenants. Answers how many events it took. */
  readonly project: () => Promise<number>;
  readonly close: () => Promise<void>;
};
