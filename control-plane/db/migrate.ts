import { hash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Pool, PoolClient } from 'pg';

type Migration = { readonly version: number; readonly name: string; readonly sql: string; readonly sha256: string };

/** Held while migrating, so that of many replicas that start at once one migrates and the others wait. */
const MIGRATION_LOCK = 7_263_500;

/**
 * Brings the database up to the migrations of this program, all in one transaction.
 * They only go forward and only expand: an older replica must keep running beside the new schema.
 * Throws on a database that is newer than this program, and when a migration that ran was edited since.
 */
export async function migrate(pool: Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query(`SELECT pg_advisory_xact_lock(${MIGRATION_LOCK})`);
    await applyMissing(client, migrations());
    await client.query('COMMIT');
    client.release();
  } catch (error) {
    client.release(true);
    throw error;
  }
}

function migrations(): Migration[] {
  const folder = join(import.meta.dirname, 'migrations');
  const files = readdirSync(folder)
    .filter((file) => /^\d{4}_[a-z0-9_]+\.sql$/.test(file))
    .sort();
  return files.map((name, index) => {
    const version = Number(name.slice(0, 4));
    if (version !== index + 1) throw new Error(`Migration ${name} breaks the numbering`);
    const sql = readFileSync(join(folder, name), 'utf8');
    return { version, name, sql, sha256: hash('sha256', sql, 'hex') };
  });
}

async function applyMissing(client: PoolClient, known: readonly Migration[]): Promise<void> {
  await client.query(`CREATE TABLE IF NOT EXISTS migration (
    version int PRIMARY KEY, name text NOT NULL, sha256 text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`);
  const { rows } = await client.query<{ version: number; sha256: string }>(
    'SELECT version, sha256 FROM migration ORDER BY version',
  );
  const newest = rows.at(-1)?.version ?? 0;
  if (newest > known.length) {
    throw new Error(
      `The database is at version ${newest}, this program knows ${known.length}: start the newer program`,
    );
  }
  for (const row of rows) {
    const migration = known[row.version - 1];
    if (migration?.sha256 !== row.sha256) throw new Error(`Migration ${migration?.name} was edited after it ran here`);
  }
  for (const { version, name, sql, sha256 } of known.slice(newest)) {
    await client.query(sql);
    await client.query('INSERT INTO migration (version, name, sha256) VALUES ($1, $2, $3)', [version, name, sha256]);
  }
}
