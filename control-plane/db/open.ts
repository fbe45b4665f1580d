import pg from 'pg';
import { limits } from '../limits.ts';
import { migrate } from './migrate.ts';

export type PoolOptions = {
  readonly url: string;
  /** How many connections the pool may hold at once. */
  readonly connections: number;
};

/** Works behind a transaction pooler too: no session settings, no named statements. Opens no connection yet. */
export function openPool({ url, connections }: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: limits.poolConnectMsMax,
    query_timeout: limits.statementMsMax,
    application_name: 'clubops-cloud',
  });
  // A connection that the server ends fails its query, or is replaced at the next one. Without a listener on the
  // pool (for idle ones) and on the connection (for one in use), it would end this process as well.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** A pool on a database that has this program's schema. */
export async function openDatabase(options: PoolOptions): Promise<pg.Pool> {
  const pool = openPool(options);
  try {
    await migrate(pool);
    return pool;
  } catch (error) {
    await pool.end();
    throw error;
  }
}
