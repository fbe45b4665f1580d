import process from 'node:process';
import pg from 'pg';
import { cpuUs, serve } from './child.ts';

/** The limit of storing lines: COPY into a table without an index, one transaction a batch. */
const client = new pg.Client({ connectionString: process.env['BENCH_DATABASE_URL'] });
await client.connect();
await client.query('CREATE TABLE bare_event (org int NOT NULL, log int NOT NULL, seq bigint NOT NULL, line text NOT NULL)');

type Wire = { sendCopyFromChunk: (chunk: Buffer) => void; endCopyFrom: () => void; query: (text: string) => void; sendCopyFail: (why: string) => void };

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

let batch: { readonly from: number; readonly lines: readonly string[] } = { from: 1, lines: [] };

const tasks = {
  take: (next: typeof batch) => {
    batch = next;
  },
  copy: async () => {
    const rows = batch.lines.map((line, at) => `1\t1\t${batch.from + at}\t${line.replaceAll('\\', '\\\\')}\n`);
    const bytes = Buffer.from(rows.join(''));
    await new Promise<void>((resolve, reject) => {
      const text = 'COPY bare_event (org, log, seq, line) FROM STDIN';
      client.query(copyIn(text, bytes, (error) => (error ? reject(error) : resolve())) as unknown as pg.Submittable);
    });
  },
  stored: async () => (await client.query<{ n: string }>('SELECT count(*) AS n FROM bare_event')).rows[0]?.n,
  cpuUs,
};
export type CopyTasks = typeof tasks;

serve(tasks, async () => client.end());
