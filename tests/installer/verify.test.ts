import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseLine, type LoggedEvent } from '#shared/contract/event-line.ts';
import { nextHash } from '#shared/log/chain.ts';
import { verifyFolder, type Finding } from '../../edge-node/verify-folder.ts';
import type { TestEdge } from '../support/edge.ts';
import { FIRST_NIGHT, playTwoNights, SECOND_NIGHT } from './two-nights.ts';

const CLI = path.resolve(import.meta.dirname, '../../installer/main.ts');
type Row = { readonly pos: number; readonly seq: number; readonly line: string; readonly hash: Buffer };
type Sql = (text: string, ...values: readonly unknown[]) => void;

let night: TestEdge;
let stopped: string;
let rows: readonly Row[];
const folders: string[] = [];

beforeAll(async () => {
  night = await playTwoNights();
  await night.stop();
  stopped = night.folder;
  const database = new Database(path.join(copyOfNight(), 'club.db'));
  rows = database.prepare('SELECT pos, seq, line, hash FROM event ORDER BY pos').all() as Row[];
  database.close();
});
afterAll(() => {
  for (const folder of [stopped, ...folders]) rmSync(folder, { recursive: true, force: true });
});

function copyOfNight(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'clubops-night-'));
  folders.push(folder);
  cpSync(stopped, folder, { recursive: true });
  return folder;
}

/** A copy of the night's folder with its database changed by hand. */
function altered(change: (sql: Sql) => void): string {
  const folder = copyOfNight();
  const database = new Database(path.join(folder, 'club.db'));
  change((text, ...values) => void database.prepare(text).run(...values));
  database.close();
  return folder;
}

function find(folder: string, replay = false): Finding {
  return verifyFolder(folder, { replay, runtime: null });
}

function rowOf(type: LoggedEvent['type'], which = 0): Row & { readonly event: LoggedEvent } {
  const found = rows.map((row) => ({ ...row, event: parseLine(row.line) })).filter(({ event }) => event.type === type)[
    which
  ];
  if (!found) throw new Error(`The night has no ${type}.`);
  return found;
}

function placeOf({ seq, event }: { readonly seq: number; readonly event: LoggedEvent }, day: string | null) {
  return { log: night.edge.log.logId, seq, id: event.id, day };
}

async function clubops(
  ...args: readonly string[]
): Promise<{ readonly status: number; readonly out: string; readonly last: unknown }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [CLI, ...args], (error, out) => {
      const status = error ? Number(error.code) : 0;
      resolve({ status, out, last: args.includes('--json') ? JSON.parse(out.trim().split('\n').at(-1) ?? '') : null });
    });
  });
}

describe('a history that nobody touched', () => {
  test('is whole, ends in the head that the node had, and makes its own tables', () => {
    expect(find(stopped, true)).toEqual({ ok: true, events: rows.length, head: rows.at(-1)?.hash.toString('hex') });
  });

  test('is whole by the command line, which then exits 0', async () => {
    const { status, last } = await clubops('verify', '--data', stopped, '--replay', '--json');
    expect({ status, last }).toEqual({
      status: 0,
      last: { ok: true, events: rows.length, head: rows.at(-1)?.hash.toString('hex') },
    });
  });

  test('is read without a trace: no file in its folder changes, and none comes and goes', () => {
    const before = traceOf(stopped);
    find(stopped, true);
    expect(traceOf(stopped)).toEqual(before);
    expect(readdirSync(stopped).filter((name) => name.startsWith('club.db'))).toEqual(['club.db']);
  });

  test('is judged while its node runs, up to the last answer', async () => {
    const running = await playTwoNights();
    const manager = await running.tablet('Max');
    await manager.must('stage.add', { name: 'Late stage', kind: 'podium' });
    const finding = find(running.folder, true);
    expect(finding).toEqual({
      ok: true,
      events: running.edge.log.head().seq,
      head: running.edge.log.head().hash.toString('hex'),
    });
    expect((await manager.give('stage.add', { name: 'Later stage', kind: 'podium' })).ok).toBe(true);
    await running.close();
  });

  test('is judged from a copy that was taken while its node ran', async () => {
    const running = await playTwoNights();
    const copy = mkdtempSync(path.join(tmpdir(), 'clubops-night-'));
    folders.push(copy);
    for (const name of ['club.db', 'club.db-wal']) cpSync(path.join(running.folder, name), path.join(copy, name));
    expect(find(copy)).toEqual({
      ok: true,
      events: running.edge.log.head().seq,
      head: running.edge.log.head().hash.toString('hex'),
    });
    await running.close();
  });
});

describe('one byte of one line', () => {
  test('names the event and its business day, and the command line exits 1', async () => {
    const settled = rowOf('room_session.settled');
    const folder = altered((sql) =>
      sql(
        'UPDATE event SET line = ? WHERE pos = ?',
        settled.line.replace('"tipCents":2000', '"tipCents":1000'),
        settled.pos,
      ),
    );
    const first = placeOf(settled, SECOND_NIGHT);
    const { status, out, last } = await clubops('verify', '--data', folder, '--json');
    expect({ status, last }).toEqual({ status: 1, last: { ok: false, first } });
    expect(out).toContain(
      `Event ${settled.seq} (${settled.event.id}) of log ${first.log}, of business day ${SECOND_NIGHT}, was changed`,
    );
  });

  test('is found wherever it lies in the history', () => {
    for (const row of rows.filter(({ seq }) => seq % 7 === 0)) {
      const at = row.line.length - 3;
      const line = `${row.line.slice(0, at)}${row.line[at] === '0' ? '1' : '0'}${row.line.slice(at + 1)}`;
      const finding = find(altered((sql) => sql('UPDATE event SET line = ? WHERE pos = ?', line, row.pos)));
      expect(finding).toMatchObject({
        ok: false,
        wrong: 'changed',
        first: { seq: row.seq, id: parseLine(row.line).id },
      });
    }
  });

  test('names the business day also where the line is no JSON any more', () => {
    const started = rowOf('stage_set.started');
    const folder = altered((sql) =>
      sql('UPDATE event SET line = ? WHERE pos = ?', started.line.replace('{', '<'), started.pos),
    );
    expect(find(folder)).toEqual({ ok: false, wrong: 'changed', first: placeOf(started, SECOND_NIGHT) });
  });

  test('names the true date where it is the date of a business day that was changed', () => {
    const opened = rowOf('day.opened', 1);
    const folder = altered((sql) =>
      sql('UPDATE event SET line = ? WHERE pos = ?', opened.line.replace(SECOND_NIGHT, '2026-11-29'), opened.pos),
    );
    expect(find(folder)).toEqual({ ok: false, wrong: 'changed', first: placeOf(opened, SECOND_NIGHT) });
  });

  test('is found where it makes a broken character, which SQLite would show as the one that stood there', () => {
    const added = rowOf('room.added');
    const bytes = Buffer.from(added.line.replace('VIP 1', 'VIP \uFFFD'));
    const before = rows[added.pos - 2]?.hash ?? Buffer.alloc(0);
    const broken = Buffer.from(bytes);
    broken[bytes.indexOf(0xef)] = 0xff;
    const folder = altered((sql) => {
      const line = bytes.toString('utf8').replace('\uFFFD', '\uFFFD\uFFFD\uFFFD');
      sql('UPDATE event SET line = CAST(? AS TEXT), hash = ? WHERE pos = ?', broken, nextHash(before, line), added.pos);
    });
    expect(find(folder)).toMatchObject({ ok: false, wrong: 'changed', first: { seq: added.seq } });
  });
});

describe('a history that was cut or shuffled', () => {
  test('names a line that is gone, by its number and the business day around it', () => {
    const closing = rowOf('day.closing_begun');
    const folder = altered((sql) => sql('DELETE FROM event WHERE pos = ?', closing.pos));
    expect(find(folder)).toEqual({
      ok: false,
      wrong: 'missing',
      first: { ...placeOf(closing, FIRST_NIGHT), id: null },
    });
  });

  test('names the end that is gone, because somebody was told of it', () => {
    const last = rows.length;
    const folder = altered((sql) => sql('DELETE FROM event WHERE pos >= ?', last - 1));
    expect(find(folder)).toMatchObject({
      ok: false,
      wrong: 'missing',
      first: { seq: last - 1, id: null, day: SECOND_NIGHT },
    });
  });

  test('names the first of two lines that changed places', () => {
    const [one, two] = [rowOf('attendance.checked_in'), rowOf('attendance.checked_in', 1)];
    const folder = altered((sql) => {
      sql('UPDATE event SET line = ?, hash = ? WHERE pos = ?', two.line, two.hash, one.pos);
      sql('UPDATE event SET line = ?, hash = ? WHERE pos = ?', one.line, one.hash, two.pos);
    });
    expect(find(folder)).toMatchObject({
      ok: false,
      wrong: 'changed',
      first: { seq: one.seq, id: two.event.id, day: SECOND_NIGHT },
    });
  });

  test('names the event whose hash was changed', () => {
    const paired = rowOf('device.paired');
    const folder = altered((sql) => sql('UPDATE event SET hash = zeroblob(32) WHERE pos = ?', paired.pos));
    expect(find(folder)).toEqual({ ok: false, wrong: 'changed', first: placeOf(paired, null) });
  });

  test('names the first event where the log was given to another node', () => {
    const folder = altered((sql) => sql("UPDATE log SET node_id = 'another'"));
    expect(find(folder)).toMatchObject({ ok: false, wrong: 'changed', first: { seq: 1 } });
  });
});

describe('a history that was written again as a whole', () => {
  /** Changes an amount and makes every hash after it anew, as somebody would who knows how. */
  function forged(receiptAt: Row): string {
    const settled = rowOf('room_session.settled');
    return altered((sql) => {
      const receipt = {
        log: night.edge.log.logId,
        acked: receiptAt.seq,
        hash: receiptAt.hash.toString('hex'),
        timeMs: 0,
      };
      const jws = `e30.${Buffer.from(JSON.stringify(receipt)).toString('base64url')}.c2ln`;
      sql('INSERT OR REPLACE INTO uplink VALUES (?, ?, 1, 1, ?, NULL)', receipt.log, receipt.acked, jws);
      let hash = rows[settled.pos - 2]?.hash ?? Buffer.alloc(0);
      for (const row of rows.slice(settled.pos - 1)) {
        const line = row.line.replace('"tipCents":2000', '"tipCents":1000');
        hash = nextHash(hash, line);
        sql('UPDATE event SET line = ?, hash = ? WHERE pos = ?', line, hash, row.pos);
      }
    });
  }

  test('is found by the receipt of the cloud', () => {
    const settled = rowOf('room_session.settled');
    expect(find(forged(settled))).toEqual({
      ok: false,
      wrong: 'not_countersigned',
      first: placeOf(settled, SECOND_NIGHT),
    });
  });

  test('is whole up to a receipt that is older than the change', () => {
    expect(find(forged(rowOf('day.opened')))).toMatchObject({ ok: true });
  });
});

describe('tables that the log does not make', () => {
  test('names the row and the column that somebody changed', async () => {
    const folder = altered((sql) => sql("UPDATE balance SET cents = cents - 100 WHERE account = 'card_clearing'"));
    expect(find(folder)).toMatchObject({ ok: true });
    const difference = { table: 'balance', key: 'card_clearing', column: 'cents', row: 'changed' };
    const { status, out, last } = await clubops('verify', '--data', folder, '--replay', '--json');
    expect({ status, last }).toEqual({ status: 1, last: { ok: false, first: null, difference } });
    expect(out).toContain('row card_clearing of table balance with another cents');
  });

  test.each(['Main stage', 'Side stage'])('names a row that somebody took away: the %s', (name) => {
    const stage = rows
      .map(({ line }) => parseLine(line))
      .find((event) => event.type === 'stage.added' && event.body.name === name);
    const folder = altered((sql) => sql('DELETE FROM stage WHERE name = ?', name));
    const key = stage?.type === 'stage.added' ? stage.body.stage : '';
    expect(find(folder, true)).toEqual({
      ok: false,
      difference: { table: 'stage', key, column: null, row: 'missing' },
    });
  });

  test('names a row that somebody put there', () => {
    const folder = altered((sql) => sql("INSERT INTO room VALUES ('0', 'Back door', 'AVAILABLE', NULL)"));
    expect(find(folder, true)).toEqual({
      ok: false,
      difference: { table: 'room', key: '0', column: null, row: 'extra' },
    });
  });
});

test('a folder without a history is an error, not a whole history', async () => {
  const { status, last } = await clubops('verify', '--data', tmpdir(), '--json');
  expect({ status, last }).toMatchObject({ status: 1, last: { ok: false, first: null } });
});

/** A folder's own time tells of every file that was made in it, even where it is gone again. */
function traceOf(folder: string): readonly unknown[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const contents = files.map(({ parentPath, name }) => {
    const file = path.join(parentPath, name);
    return [file, readFileSync(file).toString('base64')];
  });
  return [statSync(folder, { bigint: true }).mtimeNs, ...contents];
}
