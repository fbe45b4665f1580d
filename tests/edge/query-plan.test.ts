import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openAssets } from '../../edge-node/assets.ts';
import { CHECKS } from '../../edge-node/checks.ts';
import { systemClock } from '../../edge-node/clock.ts';
import { openEdge } from '../../edge-node/open-edge.ts';
import { openClub, type Club } from '../support/night.ts';
import Database from 'better-sqlite3';

/**
 * Every statement that the node prepares, as it prepares it: the planner is then asked how it would run each of them
 * on the tables of a real club.
 */
const STATEMENTS: string[] = [];
let club: Club;
beforeAll(async () => {
  const prepare = Reflect.get(Database.prototype, 'prepare') as (sql: string) => Database.Statement;
  Database.prototype.prepare = function listening(this: Database.Database, sql: string) {
    STATEMENTS.push(sql);
    return prepare.call(this, sql);
  } as Database.Database['prepare'];
  const edge = openEdge({
    file: ':memory:',
    assets: openAssets(),
    binding: null,
    clock: systemClock(),
    random: randomBytes,
    clubKey: randomBytes(32),
    node: { nodeId: 'n', keyThumbprint: 't' },
    demoCode: null,
    cloud: () => ({ link: 'off', waiting: 0, oldestMs: null }),
    mirror: null,
    replaces: null,
    checks: CHECKS,
    committed: () => undefined,
    broken: () => undefined,
  });
  Reflect.set(Database.prototype, 'prepare', prepare);
  await edge.close();
  club = await openClub();
});
afterAll(() => club.close());

/** What may be read whole, by how its statement begins or what is in it, and why. */
const READ_WHOLE: readonly (readonly [part: string, why: string])[] = [
  ['from "club"', 'one row'],
  ['update "club"', 'one row'],
  ['from "cash_limit"', 'one row'],
  ['from "log"', 'a row for each joined history'],
  ['FROM log ORDER', 'a row for each joined history'],
  ['DELETE FROM log', 'a row for each joined history'],
  ['FROM incoming ORDER', 'all of what was fetched, at a join'],
  ['FROM command_answer WHERE to_pos >', 'answers of the end that moves, at a join'],
  ['from "review" order', 'the newest of a few'],
  ['from "notice" order', 'the newest of a few'],
  ['from "shared_field" where "shared_field"."fv" >', 'the shared fields of a club, when its feed is begun anew'],
  ['from "crate" order', 'the crates of a club are few'],
  ['from "area" order', 'the areas of a club are few'],
  ['from "policy_pack" order', 'a few packs, when one is installed or listed'],
  ['from "club_policy" order', 'a few, when they are listed'],
  ['from "check_in_override" order', 'the newest, stops at the limit'],
  ['from "stage" order', 'the furniture of a club is small'],
  ['from "room" order', 'the furniture of a club is small'],
  ['from "drawer" order', 'the furniture of a club is small'],
  ['from "staff" order', 'some dozens'],
  ['from "device"', 'some dozens'],
  ['"sign_in"', 'some dozens, at a start and when a device is revoked'],
  [
    'select "entry", "stage", "attendance", "dancer", "state", "away", "round", "rank", "held", "version", "called_at", "songs" from "rotation_entry"',
    'tonight, for a snapshot',
  ],
  ['delete from "rotation_entry"', 'tonight, at a close'],
  ['delete from "set_partner"', 'tonight, at a close'],
  ['delete from "feature"', 'tonight, at a close'],
  ['from "invitation" order', 'the newest, stops at the limit'],
  ['from "feature" order', "a night's features are few"],
  ['update "rotation_entry" set "called_at" = "rotation_entry"."called_at" +', 'when the clock was set'],
  ['from "business_day" order', 'the list of nights'],
  ['from "balance" order', 'all balances, for a report'],
  ['from "balance" where', 'what dancers are owed, at a close'],
  ['select count(*) from', 'loose ends, at a close'],
  ['delete from "command_answer"', 'old answers, at a start'],
  ['from "dancer" order', 'the roster'],
  ['from "event" order by "event"."pos" desc limit', 'stops at the first'],
  ['from "event" where "event"."log_id" = ? order by "event"."pos" desc limit', 'stops at the first of the last log'],
  ['update "room_session" set "started_at" = "room_session"."started_at" +', 'when the clock was set'],
  ['update "stage_set" set "started_at" = "stage_set"."started_at" +', 'when the clock was set'],
];

function scansOf(sql: string): readonly string[] {
  const placeholders = Array.from(sql.matchAll(/\?/g), () => null);
  const rows = club.edge.sqlite.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...placeholders) as readonly {
    readonly detail: string;
  }[];
  return rows
    .map(({ detail }) => detail)
    .filter((detail) => detail.startsWith('SCAN') && !partial().some((index) => detail.endsWith(` INDEX ${index}`)));
}

/** An index over a handful of rows is as good as a search. */
function partial(): readonly string[] {
  return club.edge.sqlite
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'index' AND sql LIKE '% WHERE %'")
    .pluck()
    .all() as string[];
}

const queries = () => [...new Set(STATEMENTS)].filter((sql) => /^(select|update|delete|insert)/i.test(sql));

test('the node prepares what it asks, and all of it can be planned', () => {
  expect(queries().length).toBeGreaterThan(80);
  expect(() => queries().map(scansOf)).not.toThrow();
});

test('no query reads a whole table, but those that are known to and say why', () => {
  const scanning = queries().filter((sql) => scansOf(sql).length > 0);
  expect(scanning.filter((sql) => !READ_WHOLE.some(([part]) => sql.includes(part)))).toEqual([]);
});

test('what every command asks is found by an index', () => {
  const often = [
    'from "business_day" where',
    'from "command_answer"',
    'from "rotation_entry" where',
    'from "attendance" where',
    'from "room_session" where',
    'from "posting"',
    'from "balance" where "balance"."account" =',
  ];
  const asked = queries().filter((sql) => sql.startsWith('select "') && often.some((part) => sql.includes(part)));
  expect(asked.length).toBeGreaterThan(8);
  expect(asked.filter((sql) => scansOf(sql).length > 0)).toEqual([]);
});
