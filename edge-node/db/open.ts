import Database from 'better-sqlite3';
import { drizzle, type BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import { assert } from '#shared/kit/assert.ts';
import type { Assets } from '../assets.ts';
import * as schema from './schema.ts';

export type Sqlite = Database.Database;
export type Db = BetterSQLite3Database<typeof schema> & { readonly $client: Sqlite };
export type Opened = { readonly sqlite: Sqlite; readonly db: Db };

/** In the order they run, which is not that of their numbers; a shipped one is never edited. */
const MIGRATIONS = [
  '0001_club_night.sql',
  '0002_joined_histories.sql',
  '0003_feed_down.sql',
  '0006_safety.sql',
  '0005_cash.sql',
  '0004_compliance.sql',
  '0007_rotation.sql',
  '0008_tally.sql',
  '0010_roster.sql',
  '0011_rooms.sql',
  '0012_shifts.sql',
  '0013_vouchers.sql',
  '0014_desk.sql',
  '0015_redeemed_vouchers.sql',
  '0016_onboarding.sql',
  '0017_session_steps.sql',
  '0020_answered_applications.sql',
  '0021_room_terms.sql',
  '0030_tracks.sql',
  '0031_music_setting.sql',
  '0032_track_cues.sql',
] as const;
const MIGRATION_FOLDER = 'edge-node/db/migrations';

/**
 * Opens the club's database, brings it to this program's version and sees to it that a commit is on the disk
 * before it is answered. `binding` is the unpacked addon of the single binary, null in a checkout.
 * Throws where the database is of a newer program.
 */
export function openDatabase(file: string, assets: Assets, binding: object | null): Opened {
  const sqlite = new Database(file, binding ? { nativeBinding: binding as unknown as string } : {});
  sqlite.pragma('journal_mode = WAL');
  sqlite.pragma('synchronous = FULL');
  sqlite.pragma('temp_store = MEMORY');
  // A data key that is destroyed is destroyed in the file, too, and not only unlinked.
  sqlite.pragma('secure_delete = ON');
  sqlite.pragma('busy_timeout = 5000');
  migrate(sqlite, assets);
  assertDurable(sqlite);
  return { sqlite, db: drizzle({ client: sqlite, schema }) };
}

function migrate(sqlite: Sqlite, assets: Assets): void {
  const at = sqlite.pragma('user_version', { simple: true }) as number;
  if (at > MIGRATIONS.length)
    throw new Error(`The database is of a newer ClubOps (${at}); this one knows ${MIGRATIONS.length}.`);
  for (const [index, name] of MIGRATIONS.entries()) {
    if (index < at) continue;
    const sql = assets.read(`${MIGRATION_FOLDER}/${name}`);
    assert(sql !== null, `migration ${name} is part of the program`);
    sqlite.transaction(() => {
      sqlite.exec(sql.toString('utf8'));
      sqlite.pragma(`user_version = ${index + 1}`);
    })();
  }
}

/** This build of SQLite starts WAL databases at NORMAL whatever the pragma reads at open, so it is asked after a write. */
function assertDurable(sqlite: Sqlite): void {
  sqlite.pragma(`user_version = ${MIGRATIONS.length}`);
  assert(sqlite.pragma('synchronous', { simple: true }) === 2, 'a commit waits for the disk (synchronous=FULL)');
}
