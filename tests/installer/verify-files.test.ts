import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseLine, type LoggedEvent } from '#shared/contract/event-line.ts';
import { genesisHash, nextHash, type Genesis } from '#shared/log/chain.ts';
import { renumbered } from '#shared/log/line.ts';
import { headText, markText, segmentKey, segmentName } from '#shared/log/segment.ts';
import { openAssets } from '../../edge-node/assets.ts';
import { openDatabase } from '../../edge-node/db/open.ts';
import { verifyFiles } from '../../edge-node/log/verify-files.ts';
import { openMirror } from '../../edge-node/mirror/mirror.ts';
import { verifyFolder, type Finding } from '../../edge-node/verify-folder.ts';
import { FIRST_NIGHT, playTwoNights, SECOND_NIGHT } from './two-nights.ts';

const CLI = path.resolve(import.meta.dirname, '../../installer/main.ts');
const KEY = Buffer.alloc(32, 3);
const LINES_A_WRITE = 7;
const folders: string[] = [];
let night: string;
let original: readonly string[];
let root: Genesis;
let child: Genesis;
/** The same history in two logs, the second one from the first's event `left` on. */
let logs: readonly (readonly string[])[];
let left: number;

beforeAll(async () => {
  const edge = await playTwoNights();
  await edge.stop();
  night = edge.folder;
  root = edge.edge.log.genesis;
  const database = new Database(path.join(copyOf(night), 'club.db'));
  original = database.prepare<[], string>('SELECT line FROM event ORDER BY pos').pluck().all();
  database.close();
  left = original.findIndex((line) => parseLine(line).type === 'day.closed') + 3;
  const before = original.slice(0, left);
  const parent = { logId: root.logId, seq: left, hash: hashesOf(root, before).at(-1)?.toString('hex') ?? '' };
  child = { logId: 'second-log', parent, nodeId: 'node-2', keyThumbprint: 'other' };
  logs = [before, original.slice(left).map((line, at) => renumbered(line, at + 1))];
});
afterAll(() => {
  for (const folder of [night, ...folders]) rmSync(folder, { recursive: true, force: true });
});

function newFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'clubops-files-'));
  folders.push(folder);
  return folder;
}
function copyOf(from: string): string {
  const folder = newFolder();
  cpSync(from, folder, { recursive: true });
  return folder;
}
function hashesOf(genesis: Genesis, lines: readonly string[]): readonly Buffer[] {
  let hash = genesisHash(genesis);
  return lines.map((line) => (hash = nextHash(hash, line)));
}

/** One segment as a mirror writes it: so many lines to a write, and a mark after each. */
function segment(genesis: Genesis, lines: readonly string[], from = 1): string {
  const hashes = hashesOf(genesis, lines);
  const prev = (from === 1 ? genesisHash(genesis) : hashes[from - 2])?.toString('hex') ?? '';
  const rows = [headText({ genesis, from, prev })];
  for (let at = from - 1; at < lines.length; at += LINES_A_WRITE) {
    const end = Math.min(lines.length, at + LINES_A_WRITE);
    rows.push(...lines.slice(at, end), markText(genesis.logId, end, hashes.slice(at, end), segmentKey(KEY)));
  }
  return `${rows.join('\n')}\n`;
}
function written(...texts: readonly string[]): string {
  const folder = newFolder();
  for (const [at, text] of texts.entries()) writeFileSync(path.join(folder, segmentName(at + 1)), text);
  return folder;
}
/** The first log in two segments, the second in one. */
function texts(): [string, string, string] {
  const [first = [], second = []] = logs;
  const half = 3 * LINES_A_WRITE;
  return [segment(root, first.slice(0, half)), segment(root, first, half + 1), segment(child, second)];
}
const find = (place: string): Finding => verifyFolder(place, { replay: false, runtime: null });

function eventOf(type: LoggedEvent['type'], which = 0) {
  const found = logs
    .flatMap((lines, log) =>
      lines.map((line) => ({ log: log === 0 ? root.logId : child.logId, line, ...parseLine(line) })),
    )
    .filter((event) => event.type === type)[which];
  if (!found) throw new Error(`The night has no ${type}.`);
  return found;
}
const placeOf = (
  { log, seq, id }: { readonly log: string; readonly seq: number; readonly id: string },
  day: string | null,
) => ({
  log,
  seq,
  id,
  day,
});

describe('a folder that holds what is not the club’s', () => {
  const foreign = (): string => {
    const genesis = { logId: 'another-club', parent: null, nodeId: 'node-9', keyThumbprint: 'theirs' };
    return segment(genesis, (logs[0] ?? []).slice(0, LINES_A_WRITE));
  };
  const misplaced = { ok: false, wrong: 'misplaced', first: { seq: 1 } };

  test('is not whole, wherever the other club’s file stands', () => {
    const [one, two, three] = texts();
    expect(find(written(one, two, three, foreign()))).toMatchObject(misplaced);
    expect(find(written(one, two, foreign()))).toMatchObject(misplaced);
    expect(find(written(one, foreign(), two, three))).toMatchObject(misplaced);
  });

  test('does not hide behind it that a line was changed', () => {
    const [one, two, three] = texts();
    const line = logs[0]?.[3 * LINES_A_WRITE + 2] ?? '';
    const changed = two.replace(line, line.replace('"v":1', '"v":1 '));
    expect(changed).not.toBe(two);
    const found = { ok: false, wrong: 'changed', first: { log: root.logId, seq: 3 * LINES_A_WRITE + 3 } };
    expect(find(written(one, changed, three, foreign()))).toMatchObject(found);
  });
});

test('a last file that was emptied is told as torn', () => {
  const [one, two] = texts();
  const end = { log: root.logId, seq: (logs[0]?.length ?? 0) + 1, id: null };
  expect(find(written(one, two, ''))).toMatchObject({ ok: false, wrong: 'torn', first: end });
});

describe('a mirror that nobody touched', () => {
  test('is whole, and ends in the head that the box has', async () => {
    const [copy, folder] = [copyOf(night), newFolder()];
    const { sqlite, db } = openDatabase(path.join(copy, 'club.db'), openAssets(), null);
    const mirror = openMirror({
      folder,
      mode: 'sync',
      apartFrom: null,
      clubKey: KEY,
      db,
      held: () => false,
      broken: (error) => {
        throw error;
      },
    });
    await expect.poll(() => mirror.state()).toBe('whole');
    await mirror.close();
    sqlite.close();
    expect(find(folder)).toEqual(find(night));
    expect(verifyFiles(folder, segmentKey(KEY))).toMatchObject({ ok: true });
    expect(readdirSync(folder)).toEqual(['keys.ndjson', segmentName(1)]);
  });

  test('is whole over several logs, of which one was left before its end', () => {
    const [first = []] = logs;
    const more = [...first, ...first.slice(0, 3).map((line, at) => renumbered(line, first.length + 1 + at))];
    const folder = written(segment(root, more), segment(child, logs[1] ?? []));
    expect(find(folder)).toMatchObject({ ok: true, events: original.length });
  });

  test('is whole where a write was cut off and the next file goes on in its place', () => {
    const [first = [], second = []] = logs;
    const cut = segment(root, first.slice(0, LINES_A_WRITE + 4)).slice(0, -100);
    const folder = written(cut, segment(root, first, LINES_A_WRITE + 1), segment(child, second));
    expect(find(folder)).toMatchObject({ ok: true, events: original.length });
  });

  test('is judged as a single file, also one that begins in the middle of a night', () => {
    const folder = written(...texts());
    expect(find(path.join(folder, segmentName(3)))).toMatchObject({ ok: true, events: logs[1]?.length });
    expect(find(path.join(folder, segmentName(2)))).toMatchObject({ ok: true });
    writeFileSync(path.join(folder, 'all.ndjson'), texts().join(''));
    expect(find(path.join(folder, 'all.ndjson'))).toMatchObject({ ok: true, events: original.length });
  });

  test('needs no mac, and no word about each line, where the cloud wrote it', () => {
    const plain = texts().map((text) => text.replaceAll(/,"mac":"[0-9a-f]+","each":"[0-9a-f]+"/g, ''));
    expect(plain.join('')).not.toContain('"mac"');
    expect(find(written(...plain))).toMatchObject({ ok: true, events: original.length });
    expect(verifyFiles(written(...plain), segmentKey(KEY))).toMatchObject({ ok: false, wrong: 'mismarked' });
  });

  test('is judged by the command line as a data folder is', async () => {
    const folder = written(...texts());
    const head = hashesOf(child, logs[1] ?? [])
      .at(-1)
      ?.toString('hex');
    expect(await clubops('verify', '--data', folder, '--json')).toMatchObject({
      status: 0,
      last: { ok: true, events: original.length, head },
    });
    const { status, last } = await clubops('verify', '--data', folder, '--replay', '--json');
    expect({ status, last }).toMatchObject({ status: 1, last: { ok: false, first: null } });
  });
});

describe('a line of a mirror', () => {
  const changed = (type: LoggedEvent['type'], change: (line: string) => string): string => {
    const { line } = eventOf(type);
    return written(...texts().map((text) => text.replace(line, change(line))));
  };

  test('that was changed is named with its business day, and the command line exits 1', async () => {
    const settled = eventOf('room_session.settled');
    const folder = changed('room_session.settled', (line) => line.replace('"tipCents":2000', '"tipCents":1000'));
    const first = placeOf(settled, SECOND_NIGHT);
    expect(find(folder)).toEqual({ ok: false, wrong: 'changed', first });
    expect(await clubops('verify', '--data', folder, '--json')).toMatchObject({
      status: 1,
      last: { ok: false, first },
    });
  });

  test('is found wherever it lies, and whatever byte of it was changed', () => {
    for (const [log, lines] of logs.entries()) {
      for (const [at, line] of lines.entries()) {
        const byte = (at * 37) % line.length;
        const other = `${line.slice(0, byte)}${line[byte] === '#' ? '%' : '#'}${line.slice(byte + 1)}`;
        const folder = written(...texts().map((text) => text.replace(line, other)));
        const first = { log: log === 0 ? root.logId : child.logId, seq: at + 1 };
        expect(find(folder)).toMatchObject({ ok: false, wrong: 'changed', first });
        rmSync(folder, { recursive: true });
      }
    }
  });

  test('is named by the first of its write, where the marks say nothing of each', () => {
    const settled = eventOf('room_session.settled');
    const folder = written(
      ...texts().map((text) =>
        text.replaceAll(/,"each":"[0-9a-f]+"/g, '').replace('"tipCents":2000', '"tipCents":1000'),
      ),
    );
    const seq = Math.floor((settled.seq - 1) / LINES_A_WRITE) * LINES_A_WRITE + 1;
    expect(find(folder)).toMatchObject({ ok: false, wrong: 'changed', first: { log: child.logId, seq } });
  });

  test('with a broken character is not put right by reading it', () => {
    const [one, two, three] = texts();
    const bytes = Buffer.from(one);
    bytes[bytes.indexOf('VIP 1')] = 0xff;
    const folder = written('', two, three);
    writeFileSync(path.join(folder, segmentName(1)), bytes);
    expect(find(folder)).toMatchObject({ ok: false, wrong: 'changed', first: { seq: eventOf('room.added').seq } });
  });

  test('that is gone is named by its number and the business day around it', () => {
    const closing = eventOf('day.closing_begun');
    const folder = written(...texts().map((text) => text.replace(`${closing.line}\n`, '')));
    expect(find(folder)).toEqual({
      ok: false,
      wrong: 'missing',
      first: { ...placeOf(closing, FIRST_NIGHT), id: null },
    });
  });

  test('that stands there twice, or in another’s place, is named', () => {
    const { line, seq } = eventOf('stage_set.started');
    const twice = written(...texts().map((text) => text.replace(line, `${line}\n${line}`)));
    expect(find(twice)).toMatchObject({ ok: false, wrong: 'misplaced', first: { seq: seq + 1 } });
    const [first = '', second = ''] = logs[1] ?? [];
    const swapped = texts().map((text) => text.replace(`${first}\n${second}`, `${second}\n${first}`));
    expect(find(written(...swapped))).toMatchObject({
      ok: false,
      wrong: 'missing',
      first: { log: child.logId, seq: 1 },
    });
  });

  test('names the true date where it is the date of a business day that was changed', () => {
    const folder = changed('day.opened', (line) => line.replace(FIRST_NIGHT, '2026-11-29'));
    expect(find(folder)).toMatchObject({ ok: false, wrong: 'changed', first: { day: FIRST_NIGHT } });
  });
});

describe('a file of a mirror', () => {
  test.each([0, 1])('that is gone: number %i', (gone) => {
    const folder = written(...texts());
    rmSync(path.join(folder, segmentName(gone + 1)));
    const seq = gone === 0 ? 1 : 3 * LINES_A_WRITE + 1;
    expect(find(folder)).toMatchObject({ ok: false, wrong: 'missing', first: { log: root.logId, seq, id: null } });
  });

  test('whose whole first log is gone', () => {
    const [, , last] = texts();
    expect(find(written(last))).toMatchObject({ ok: false, wrong: 'missing', first: { log: root.logId, seq: 1 } });
  });

  test('that was cut off in its last write, at any byte', () => {
    const folder = written(...texts());
    const file = path.join(folder, segmentName(3));
    const whole = readFileSync(file);
    const marked = whole.lastIndexOf('\n', whole.lastIndexOf('"mark"', whole.lastIndexOf('"mark"') - 1) + 1_000) + 1;
    const lastGood = Math.floor(((logs[1]?.length ?? 0) - 1) / LINES_A_WRITE) * LINES_A_WRITE;
    for (let size = whole.length - 1; size > marked; size -= 1) {
      truncateSync(file, size);
      expect(find(folder)).toMatchObject({ ok: false, wrong: 'torn', first: { log: child.logId, seq: lastGood + 1 } });
    }
    writeFileSync(file, whole);
    expect(find(folder)).toMatchObject({ ok: true });
  });

  test('with a mark that was changed', () => {
    const [one, two, three] = texts();
    const wrongHash = three.replace(/"hash":"[0-9a-f]{4}(?=[0-9a-f]{60}","mac")/, '"hash":"0000');
    expect(find(written(one, two, wrongHash))).toMatchObject({
      ok: false,
      wrong: 'mismarked',
      first: { log: child.logId, seq: LINES_A_WRITE },
    });
    const noMark = three.replace('{"mark":', '{"marc":');
    expect(find(written(one, two, noMark))).toMatchObject({ ok: false, wrong: 'changed' });
    const forged = three.replace(/"mac":"[0-9a-f]{4}/, '"mac":"0000');
    expect(verifyFiles(written(one, two, forged), segmentKey(KEY))).toMatchObject({ ok: false, wrong: 'mismarked' });
  });

  test('with a head that was changed, or that goes on from another place', () => {
    const [one, two, three] = texts();
    expect(find(written(one.replace('"nodeId":"', '"nodeId":"x'), two, three))).toMatchObject({
      ok: false,
      wrong: 'misplaced',
      first: { log: root.logId, seq: 1 },
    });
    const elsewhere = three.replace(/"hash":"[0-9a-f]{4}/, '"hash":"0000');
    expect(find(written(one, two, elsewhere))).toMatchObject({ ok: false, wrong: 'misplaced', first: { seq: 1 } });
    expect(find(written('rubbish\n', two, three))).toMatchObject({ ok: false, first: { seq: 1 } });
  });
});

test('a folder without segments is an error', async () => {
  const { status, last } = await clubops('verify', '--data', newFolder(), '--json');
  expect({ status, last }).toMatchObject({ status: 1, last: { ok: false, first: null } });
});

async function clubops(...args: readonly string[]): Promise<{ readonly status: number; readonly last: unknown }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [CLI, ...args], (error, out) =>
      resolve({ status: error ? Number(error.code) : 0, last: JSON.parse(out.trim().split('\n').at(-1) ?? '') }),
    );
  });
}
