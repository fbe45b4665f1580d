import process from 'node:process';
import { gunzipSync, gzipSync } from 'node:zlib';
import pg from 'pg';
import { nextHash } from '#shared/log/chain.ts';
import { cpuUs, serve } from './child.ts';

/** The limit of storing lines: COPY into a table without an index, one transaction a batch. */
const client = new pg.Client({ connectionString: process.env['BENCH_DATABASE_URL'] });
await client.connect();
await client.query(
  'CREATE TABLE bare_event (org int NOT NULL, log int NOT NULL, seq bigint NOT NULL, line text NOT NULL)',
);

const CHUNK_BYTES = 1_048_576;

type Wire = {
  sendCopyFromChunk: (chunk: Buffer) => void;
  endCopyFrom: () => void;
  query: (text: string) => void;
  sendCopyFail: (why: string) => void;
};

/** What pg calls while a COPY FROM STDIN runs; its types know nothing of it. */
function copyIn(text: string, rows: Buffer, done: (error: Error | null) => void) {
  let failed: Error | null = null;
  return {
    submit: (connection: Wire) => connection.query(text),
    handleCopyInResponse: (connection: Wire) => {
      connection.sendCopyFromChunk(rows);
      connection.endCopyFrom();
    },
    handleCommandComplete: () => undefined,
    handleError: (error: Error) => {
      failed = error;
      done(failed);
    },
    handleReadyForQuery: () => {
      if (failed === null) done(null);
    },
  };
}

type Batch = { readonly from: number; readonly lines: readonly string[] };
const now: { batch: Batch } = { batch: { from: 1, lines: [] } };

const tasks = {
  take: (batch: Batch) => {
    now.batch = batch;
  },
  copy: async () => {
    const rows = now.batch.lines.map((line, at) => `1\t1\t${now.batch.from + at}\t${line.replaceAll('\\', '\\\\')}\n`);
    const bytes = Buffer.from(rows.join(''));
    await new Promise<void>((resolve, reject) => {
      const text = 'COPY bare_event (org, log, seq, line) FROM STDIN';
      client.query(copyIn(text, bytes, (error) => (error ? reject(error) : resolve())) as unknown as pg.Submittable);
    });
  },
  /** CPU of reading the batch as any receiver must: unpack, parse and hash each line once. */
  read: () => {
    const packed = gzipSync(now.batch.lines.join('\n'));
    const start = cpuUs();
    let hash: Buffer = Buffer.alloc(32);
    for (const line of gunzipSync(packed, { chunkSize: CHUNK_BYTES }).toString('utf8').split('\n')) {
      JSON.parse(line);
      hash = nextHash(hash, line);
    }
    return cpuUs() - start;
  },
  cpuUs,
};
export type CopyTasks = typeof tasks;

serve(tasks, async () => client.end());
