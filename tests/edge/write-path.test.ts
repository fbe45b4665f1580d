import { randomUUID } from 'node:crypto';
import path from 'node:path';
import Database from 'better-sqlite3';
import { is } from 'drizzle-orm';
import { getTableConfig, SQLiteTable } from 'drizzle-orm/sqlite-core';
import { afterEach, expect, test } from 'vitest';
import { EVENT_LINE_BYTES_MAX, parseLine } from '#shared/contract/event-line.ts';
import { openAssets } from '../../edge-node/assets.ts';
import { openDatabase } from '../../edge-node/db/open.ts';
import * as cashSchema from '../../edge-node/db/cash-schema.ts';
import * as schema from '../../edge-node/db/schema.ts';
import * as rotationSchema from '../../edge-node/db/rotation-schema.ts';
import * as roomSchema from '../../edge-node/db/room-schema.ts';
import * as shiftSchema from '../../edge-node/db/shift-schema.ts';
import * as trackSchema from '../../edge-node/db/track-schema.ts';
import * as voucherSchema from '../../edge-node/db/voucher-schema.ts';
import * as deskSchema from '../../edge-node/db/desk-schema.ts';
import * as onboardingSchema from '../../edge-node/db/onboarding-schema.ts';
import * as rosterSchema from '../../edge-node/db/roster-schema.ts';
import * as safetySchema from '../../edge-node/db/safety-schema.ts';
import * as policySchema from '../../edge-node/db/policy-schema.ts';
import * as tallySchema from '../../edge-node/db/tally-schema.ts';
import * as sharedSchema from '../../edge-node/db/shared-schema.ts';
import { nodeActor } from '../../edge-node/give.ts';
import { buildTestEdge } from '../support/edge.ts';
import { openClub, type Club } from '../support/night.ts';
import { faultsOf, linesOf, replayOf, tablesOf } from '../support/verify-log.ts';

let club: Club | null = null;
afterEach(async () => {
  await club?.close();
  club = null;
});
const newClub = async (): Promise<Club> => (club = await openClub());
const by = (key = randomUUID()) => ({ key, actor: nodeActor('test') });
const events = (one: Club) => linesOf(one.edge.sqlite).map(({ line }) => parseLine(line));

test('a command is answered when another connection can already read it', async () => {
  const { edge, owner, folder } = await newClub();
  const other = openDatabase(path.join(folder, 'club.db'), openAssets(), null).sqlite;
  const read = other.prepare('SELECT count(*) FROM event WHERE pos = ?').pluck();
  for (let turn = 0; turn < 20; turn += 1) {
    const given = await owner.give('room.add', { name: `Room ${turn}` });
    expect(given.ok && read.get(given.answer.to)).toBe(1);
  }
  expect(edge.sqlite.inTransaction).toBe(false);
  other.close();
});

test('commands that wait together share one commit and are answered in their order', async () => {
  const { edge } = await newClub();
  edge.sqlite.pragma('wal_checkpoint(TRUNCATE)');
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, at) => edge.command('room.add', { name: `Room ${at}` }, by())),
  );
  const [wal] = edge.sqlite.pragma('wal_checkpoint(PASSIVE)') as readonly { readonly log: number }[];
  expect(wal?.log).toBeLessThan(100);
  const places = answers.map((answer) => (answer.ok ? answer.from : 0));
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(new Set(places).size).toBe(100);
});

test('one that is refused leaves its neighbours of the same commit alone', async () => {
  const { edge } = await newClub();
  const answers = await Promise.all(['Red', 'Red', 'Blue'].map((name) => edge.command('room.add', { name }, by())));
  expect(answers.map((answer) => (answer.ok ? 'ok' : answer.refusal))).toEqual(['ok', 'name_taken', 'ok']);
  expect(edge.reads.club.roomNamed('Blue')).toBeDefined();
});

test('one that breaks is undone whole and leaves its neighbours of the same commit alone', async () => {
  const one = await newClub();
  const { edge } = one;
  const before = edge.log.head().seq;
  const tooLong = {
    houseFeeCents: 1,
    roomRates: [{ rate: 'r', name: 'x'.repeat(EVENT_LINE_BYTES_MAX), minutes: 1, grossCents: 1, houseCents: 0 }],
  };
  const answers = await Promise.all([
    edge.command('room.add', { name: 'Red' }, by()),
    edge.command('price_list.set', tooLong, by()),
    edge.command('room.add', { name: 'Blue' }, by()),
  ]);
  expect(answers.map((answer) => (answer.ok ? 'ok' : answer.refusal))).toEqual(['ok', 'box_fault', 'ok']);
  expect(
    events(one)
      .slice(before)
      .map(({ type }) => type),
  ).toEqual(['room.added', 'room.added']);
  expect(edge.reads.club.settings()?.houseFeeCents).toBe(6_000);
  expect(faultsOf(edge.sqlite)).toEqual([]);
});

test('one that breaks half-way takes back what it had written already', async () => {
  const { edge } = await newClub();
  const keys = () => edge.sqlite.prepare('SELECT count(*) FROM data_key').pluck().get();
  const before = keys();
  const answers = await Promise.all([
    edge.command('staff.add', { name: 'x'.repeat(EVENT_LINE_BYTES_MAX), roles: ['dj'], pin: '1234' }, by()),
    edge.command('room.add', { name: 'Red' }, by()),
  ]);
  expect(answers.map((answer) => (answer.ok ? 'ok' : answer.refusal))).toEqual(['box_fault', 'ok']);
  expect(keys()).toBe(before);
});

test('one that broke may be asked again with its key, as nothing was kept of it', async () => {
  const { edge } = await newClub();
  const key = randomUUID();
  const long = { name: 'x'.repeat(EVENT_LINE_BYTES_MAX) };
  expect(await edge.command('room.add', long, by(key))).toEqual({ ok: false, refusal: 'box_fault' });
  expect((await edge.command('room.add', { name: 'short' }, by(key))).ok).toBe(true);
});

test('a repeat gets the first answer and writes nothing', async () => {
  const { edge, owner } = await newClub();
  const key = randomUUID();
  const first = await owner.give('room.add', { name: 'Red' }, key);
  const { seq } = edge.log.head();
  expect(await owner.give('room.add', { name: 'Red' }, key)).toEqual(first);
  expect(await owner.give('room.add', { name: 'Red' }, key.toUpperCase())).toEqual(first);
  expect(edge.log.head().seq).toBe(seq);
});

test('a repeat of a refused command gets the refusal, also when it would now be accepted', async () => {
  const { edge, owner, drawers } = await newClub();
  const [drawer = ''] = drawers;
  const key = randomUUID();
  const drop = { drawer, cents: 100 };
  expect(await owner.give('drawer.drop', drop, key)).toMatchObject({ problem: { code: 'drawer_not_open' } });
  await owner.must('drawer.open', { drawer, responsible: owner.staff, bankCents: 10_000 });
  const { seq } = edge.log.head();
  expect(await owner.give('drawer.drop', drop, key)).toMatchObject({ problem: { code: 'drawer_not_open' } });
  expect(edge.log.head().seq).toBe(seq);
});

test('twenty repeats at once make one event', async () => {
  const { edge, owner } = await newClub();
  const key = randomUUID();
  const { seq } = edge.log.head();
  const given = await Promise.all(Array.from({ length: 20 }, () => owner.give('room.add', { name: 'Red' }, key)));
  expect(new Set(given.map((one) => JSON.stringify(one))).size).toBe(1);
  expect(edge.log.head().seq).toBe(seq + 1);
});

test('a repeat is known after a restart of the node', async () => {
  const first = await newClub();
  const key = randomUUID();
  const given = await first.owner.give('room.add', { name: 'Red' }, key);
  await first.stop();
  const second = (club = await openClub({ folder: first.folder, boot: 'b_two', openDay: false }));
  const { seq } = second.edge.log.head();
  expect(await second.owner.give('room.add', { name: 'Red' }, key)).toEqual(given);
  expect(second.edge.log.head().seq).toBe(seq);
});

test('a key that was used for another body or another command is refused', async () => {
  const { edge, owner } = await newClub();
  const key = randomUUID();
  await owner.give('room.add', { name: 'Red' }, key);
  const { seq } = edge.log.head();
  expect(await owner.give('room.add', { name: 'Blue' }, key)).toMatchObject({
    problem: { code: 'key_reused', status: 422 },
  });
  expect(await owner.give('drawer.add', { name: 'Red' }, key)).toMatchObject({
    problem: { code: 'key_reused', status: 422 },
  });
  expect(edge.log.head().seq).toBe(seq);
});

test('after a write a commit still waits for the disk', async () => {
  const { edge, owner } = await newClub();
  await owner.must('room.add', { name: 'Red' });
  expect(edge.sqlite.pragma('synchronous', { simple: true })).toBe(2);
  expect(edge.sqlite.pragma('journal_mode', { simple: true })).toBe('wal');
});

test('the chain of hashes recomputes from the genesis, and a changed byte breaks it where it was changed', async () => {
  const { edge, owner } = await newClub();
  await owner.must('room.add', { name: 'Red' });
  expect(faultsOf(edge.sqlite)).toEqual([]);
  edge.sqlite.prepare("UPDATE event SET line = replace(line, 'Jade', 'Jede') WHERE line LIKE '%Jade%'").run();
  const changed = linesOf(edge.sqlite).find(({ line }) => line.includes('Jede'))?.seq;
  expect(faultsOf(edge.sqlite)[0]).toBe(`the hash of event ${changed} is another`);
});

test('an event is one line of exact fields, with the clocks as they were read', async () => {
  const one = await newClub();
  const key = randomUUID();
  const given = await one.owner.give('room.add', { name: 'Red' }, key);
  const last = events(one).at(-1);
  expect(Object.keys(last ?? {})).toEqual(['v', 'seq', 'id', 'type', 'tv', 'at', 'day', 'actor', 'cmd', 'sub', 'body']);
  expect(last).toMatchObject({
    v: 1,
    seq: given.ok ? given.answer.to : 0,
    at: { wall: one.clock.wall(), off: -480, mono: 1_000_000, boot: 'b_test', clk: 'simulated' },
    day: one.edge.reads.day.open()?.day,
    actor: { kind: 'staff', id: one.owner.staff, auth: 'pin' },
    cmd: key,
    body: { name: 'Red' },
  });
});

test('a replay of the log into an empty database gives the same bytes in every state table', async () => {
  const { edge, owner, dancers, rooms, drawers, stage } = await newClub();
  const [jade = '', ruby = ''] = dancers;
  const [room = ''] = rooms;
  const [drawer = ''] = drawers;
  await owner.must('drawer.open', { drawer, responsible: owner.staff, bankCents: 50_000 });
  for (const dancer of [jade, ruby]) {
    await owner.must('attendance.check_in', { dancer });
    await owner.must('rotation.add', { stage, dancer });
  }
  const session = await owner.must('room_session.quote', { room, rate: 'vip30', dancers: [jade, ruby] });
  await owner.must('room_session.start', { session });
  await owner.must('room_session.extend', { session, rate: 'vip15', askedBy: 'guest', fromMinutes: 30 });
  await owner.must('room_session.end', { session, reason: 'time' });
  await owner.must('room_session.settle', { session, method: 'cash', drawer, tipCents: 1_001 });
  const tables = tablesOf(edge.sqlite);
  expect(tables['rotation_entry']).toHaveLength(2);
  expect(replayOf(edge.sqlite)).toEqual(tables);
});

test('no birth date, legal name, PIN or token stands in the log in clear', async () => {
  const { edge, owner } = await newClub();
  await owner.must('dancer.register', {
    stageName: 'Zora',
    legalName: 'Zsofia Quint',
    birthDate: '1997-03-19',
    engagement: 'lease',
  });
  await owner.must('staff.add', { name: 'New Person', roles: ['dj'], pin: '918273' });
  const all = linesOf(edge.sqlite)
    .map(({ line }) => line)
    .join('\n');
  const answers = JSON.stringify(edge.sqlite.prepare('SELECT * FROM command_answer').all());
  for (const secret of ['Quint', '1997-03-19', '918273', owner.token]) expect(all + answers).not.toContain(secret);
});

test('the migrated database has the tables and columns that the schema says', () => {
  const { sqlite } = openDatabase(':memory:', openAssets(), null);
  const all = Object.values({
    ...schema,
    ...sharedSchema,
    ...policySchema,
    ...safetySchema,
    ...cashSchema,
    ...rotationSchema,
    ...roomSchema,
    ...onboardingSchema,
    ...deskSchema,
    ...trackSchema,
    ...voucherSchema,
    ...shiftSchema,
    ...rosterSchema,
    ...tallySchema,
  });
  const tables = all.flatMap((one) => (is(one, SQLiteTable) ? [getTableConfig(one)] : []));
  const said = tables.flatMap(({ name, columns }) =>
    columns.map((column) => `${name}.${column.name} ${column.getSQLType()}${column.notNull ? ' not null' : ''}`),
  );
  const made = sqlite
    .prepare<[], { at: string; pk: number; notnull: number }>(
      `SELECT t.name || '.' || c.name || ' ' || lower(c.type) AS at, c.pk, c."notnull" AS "notnull"
       FROM sqlite_schema t JOIN pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'`,
    )
    .all()
    .map(({ at, pk, notnull }) => `${at}${pk > 0 || notnull === 1 ? ' not null' : ''}`);
  sqlite.close();
  expect(said.toSorted()).toEqual(made.toSorted());
});

test('a database of a newer program is refused', async () => {
  const one = await newClub();
  await one.stop();
  const newer = new Database(path.join(one.folder, 'club.db'));
  newer.pragma('user_version = 99');
  newer.close();
  await expect(buildTestEdge({ folder: one.folder })).rejects.toThrow('newer ClubOps');
  club = null;
});
