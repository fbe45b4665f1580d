import type { Pool, PoolClient } from 'pg';

/** What becomes of the control plane at a commit: it goes through; it dies before it; it dies after it and answers nobody. */
export type Fate = 'through' | 'before' | 'after';

/** From now on `fate` is asked at each commit of the control plane's pool. */
export function crashAtCommits(pool: Pool, fate: () => Fate): void {
  const connect = pool.connect.bind(pool) as () => Promise<PoolClient>;
  const plainly = pool.connect.bind(pool) as (then: unknown) => void;
  const crashing = async (then?: unknown): Promise<PoolClient | void> => {
    // The pool's own query asks with a callback, and commits by itself.
    if (then !== undefined) return plainly(then);
    const client = await connect();
    const query = client.query.bind(client) as (...asked: readonly unknown[]) => Promise<unknown>;
    const release = client.release.bind(client);
    const asked = async (...words: readonly unknown[]): Promise<unknown> => {
      if (words[0] !== 'COMMIT') return query(...words);
      const end = fate();
      if (end === 'before') throw new Error('The control plane died before the commit.');
      const answer = await query(...words);
      if (end === 'after') throw new Error('The control plane died after the commit.');
      return answer;
    };
    Object.assign(client, {
      query: asked,
      release: (error?: boolean | Error) => {
        Object.assign(client, { query, release });
        release(error);
      },
    });
    return client;
  };
  Object.assign(pool, { connect: crashing });
}
