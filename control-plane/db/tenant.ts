import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import type { Pool, PoolClient } from 'pg';

/** A transaction that sees and writes one tenant's rows: the database holds it to that, not the query. */
export type Tenant = {
  readonly org: number;
  readonly db: NodePgDatabase;
  readonly client: PoolClient;
};

/**
 * Runs `body` in one transaction as the tenant `org`, under a role that owns nothing. Commits what it answers,
 * rolls back when it throws. The body must not ask the pool for another connection.
 */
export async function inTenant<T>(pool: Pool, org: number, body: (tenant: Tenant) => Promise<T>): Promise<T> {
  if (!Number.isInteger(org)) throw new Error('A tenant is a whole number');
  return inTransaction(pool, `SET LOCAL ROLE clubops_app; SET LOCAL app.org = '${org}'`, (client) =>
    body({ org, client, db: drizzle(client) }),
  );
}

/**
 * Runs `body` in the tenant that a node id belongs to: enters by the directory, where only the entry that is named
 * can be seen. Answers null when there is none.
 */
export async function inTenantOfNode<T>(
  pool: Pool,
  nodeId: string,
  body: (tenant: Tenant) => Promise<T>,
): Promise<T | null> {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(nodeId)) return null;
  return inTransaction(pool, `SET LOCAL ROLE clubops_app; SET LOCAL app.node = '${nodeId}'`, async (client) => {
    const { rows } = await client.query<{ org: number }>(
      `SELECT home_org AS org, set_config('app.org', home_org::text, true) FROM node_directory`,
    );
    const [home] = rows;
    return home ? body({ org: home.org, client, db: drizzle(client) }) : null;
  });
}

/** Runs `body` as the projector, which sees only which logs it is behind with. */
export async function asProjector<T>(pool: Pool, body: (client: PoolClient) => Promise<T>): Promise<T> {
  return inTransaction(pool, 'SET LOCAL ROLE clubops_projector', body);
}

async function inTransaction<T>(pool: Pool, settings: string, body: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query(`BEGIN; SET LOCAL synchronous_commit = on; ${settings}`);
    const result = await body(client);
    await client.query('COMMIT');
    client.release();
    return result;
  } catch (error) {
    // The connection may be in any state, broken included: dropping it rolls back.
    client.release(true);
    throw error;
  }
}
