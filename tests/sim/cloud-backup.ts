import pg from 'pg';

/** All rows of one tenant, as they were. */
export type CloudBackup = ReadonlyMap<string, string>;
export type CloudOperator = {
  readonly backUp: (org: number) => Promise<CloudBackup>;
  /** Puts a tenant's rows back and says so, as an operator does after a restore. */
  readonly restore: (org: number, backup: CloudBackup) => Promise<void>;
  /** Asks for rows of a tenant, `$1`. */
  readonly read: <R extends object>(sql: string, org: number) => Promise<readonly R[]>;
  readonly close: () => Promise<void>;
};

/** Works past row-level security, as whoever restores a database does. */
export async function openCloudOperator(ownerUrl: string): Promise<CloudOperator> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  await client.query('SET session_replication_role = replica');
  const { rows } = await client.query<{ readonly name: string; readonly key: string }>(
    `SELECT c.relname AS name, CASE WHEN c.relname = 'node_directory' THEN 'home_org' ELSE 'org' END AS key
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'r' AND n.nspname = 'public' AND EXISTS (
       SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname IN ('org', 'home_org') AND NOT a.attisdropped)
     ORDER BY c.oid`,
  );
  return {
    backUp: async (org) => {
      const kept = new Map<string, string>();
      for (const { name, key } of rows) {
        const found = await client.query<{ readonly all: string }>(
          `SELECT coalesce(json_agg(t), '[]')::text AS all FROM ${name} t WHERE ${key} = $1`,
          [org],
        );
        kept.set(name, found.rows[0]?.all ?? '[]');
      }
      return kept;
    },
    restore: async (org, backup) => {
      await client.query('BEGIN');
      for (const { name, key } of rows.toReversed()) await client.query(`DELETE FROM ${name} WHERE ${key} = $1`, [org]);
      for (const { name } of rows) {
        const all = backup.get(name) ?? '[]';
        if (all === '[]') continue;
        await client.query(
          `INSERT INTO ${name} OVERRIDING SYSTEM VALUE SELECT * FROM json_populate_recordset(NULL::${name}, $1)`,
          [all],
        );
      }
      await client.query('COMMIT');
    },
    read: async <R extends object>(sql: string, org: number) => (await client.query<R>(sql, [org])).rows,
    close: () => client.end(),
  };
}
