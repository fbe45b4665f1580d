import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openAssets } from '../../edge-node/assets.ts';
import { openDatabase, type Sqlite } from '../../edge-node/db/open.ts';
import { openApply } from '../../edge-node/state/apply.ts';
import { goldenLines, HISTORY } from '../golden/corpus.ts';

const TABLES = ['drawer_move', 'night_place', 'cash_receipt'] as const;
const MADE_BY_IT = [...TABLES, 'cash_limit', 'tip_out', 'z_report'] as const;
const contents = (sqlite: Sqlite) =>
  TABLES.map((table) => sqlite.prepare(`SELECT * FROM ${table} ORDER BY 1, 2, 3`).all());

/** A history of a night that was played before there was such a thing as a Z report. */
function oldClub(): Sqlite {
  const { sqlite, db } = openDatabase(':memory:', openAssets(), null);
  const { review } = openApply(db);
  const put = sqlite.prepare("INSERT INTO event (pos, log_id, seq, line, hash) VALUES (?, 'l', ?, ?, x'00')");
  for (const [at, line] of goldenLines(HISTORY).entries()) {
    review(line, at + 1);
    put.run(at + 1, at + 1, line);
  }
  return sqlite;
}

test('a club that was there before gets the tables of its cash as a replay makes them', () => {
  const sqlite = oldClub();
  const replayed = contents(sqlite);
  expect(replayed.map((rows) => rows.length > 0)).toEqual([true, true, true]);
  for (const table of MADE_BY_IT) sqlite.exec(`DROP TABLE ${table}`);
  sqlite.exec('DROP INDEX drawer_session_open; DROP INDEX attendance_unsettled');
  sqlite.exec(readFileSync('edge-node/db/migrations/0005_cash.sql', 'utf8'));
  expect(contents(sqlite)).toEqual(replayed);
  sqlite.close();
});
