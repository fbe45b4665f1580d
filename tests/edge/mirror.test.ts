import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { extend } from '#shared/log/stretch.ts';
import { genesisHash } from '#shared/log/chain.ts';
import { headText, markText, segmentKey } from '#shared/log/segment.ts';
import { openMirror, type Mirror, type MirrorParts } from '../../edge-node/mirror/mirror.ts';
import { readMirror } from '../../edge-node/mirror/read-mirror.ts';
import { openBareHistory, type BareHistory } from '../support/bare-history.ts';

const KEY = Buffer.alloc(32, 7);
let history: BareHistory;
let folder: string;
let mirror: Mirror;
let said: string[];
beforeEach(() => {
  history = openBareHistory();
  folder = mkdtempSync(path.join(tmpdir(), 'clubops-mirror-'));
  said = [];
});
afterEach(async () => {
  await mirror.close();
  history.close();
  rmSync(folder, { recursive: true, force: true });
});

function open(over: Partial<MirrorParts> = {}): Mirror {
  mirror = openMirror({
    folder,
    mode: 'sync',
    apartFrom: null,
    clubKey: KEY,
    db: history.db,
    held: () => false,
    broken: (error) => said.push(error instanceof Error ? error.message : String(error)),
    ...over,
  });
  return mirror;
}

const whole = (): Promise<void> => expect.poll(() => mirror.state(), { timeout: 8_000 }).toBe('whole');
const lost = (): Promise<void> => expect.poll(() => mirror.state(), { timeout: 8_000 }).toBe('lost');
async function add(count: number, about?: string): Promise<void> {
  await mirror.committed(history.write(count, about));
}
const segments = (): readonly string[] => readdirSync(folder).filter((name) => name.startsWith('segment-'));
const segment = (number: number): string => path.join(folder, `segment-${String(number).padStart(6, '0')}.ndjson`);

/** The events that somebody finds who restores from the mirror, from the club's first on. */
function restored(where = folder, key: Buffer | null = KEY): readonly string[] {
  const { stretches } = readMirror(where, key);
  const root = stretches[0]?.genesis;
  if (!root) return [];
  const start = { logId: root.logId, seq: 0, hash: genesisHash(root).toString('hex') };
  return extend(start, stretches).lines.map(({ line }) => line);
}

describe('a second copy', () => {
  test('in sync has each line on its disk when the promise is kept', async () => {
    open();
    await whole();
    for (const count of [1, 3, 200]) {
      await mirror.committed(history.write(count));
      expect(restored()).toEqual(history.lines());
    }
    expect(mirror.state()).toBe('whole');
  });

  test('in async makes nobody wait, and many commits are one write', async () => {
    open({ mode: 'async' });
    await whole();
    for (let commit = 0; commit < 100; commit += 1) expect(mirror.committed(history.write(1))).toBe(null);
    await mirror.close();
    expect(restored()).toEqual(history.lines());
    const marks = readFileSync(segment(1), 'utf8').match(/"mark"/g) ?? [];
    expect(marks.length).toBeLessThan(10);
  });

  test('in async writes all that waits when the box stops, also where that is more than one write', async () => {
    open({ mode: 'async' });
    await whole();
    expect(mirror.committed(history.write(1_500))).toBe(null);
    await mirror.close();
    expect(restored()).toEqual(history.lines());
  });

  test('catches up with a history that was there before it, and goes on in the same file after a restart', async () => {
    history.write(1_234);
    open();
    await whole();
    await mirror.close();
    history.write(10);
    open();
    await whole();
    await add(1);
    expect(restored()).toEqual(history.lines());
    expect(segments()).toHaveLength(1);
  });

  test('is read without the club’s key, too', async () => {
    open();
    await whole();
    await add(5);
    expect(restored(folder, null)).toEqual(history.lines());
    expect(restored(folder, Buffer.alloc(32, 8))).toEqual([]);
  });

  test('begins a new file at 16 MB', async () => {
    open();
    await whole();
    const long = history.write(1)[0]?.line.length ?? 0;
    const count = Math.ceil((17 * 1024 * 1024) / long);
    for (let written = 0; written < count; written += 4_000) history.write(4_000);
    mirror.rewritten();
    await whole();
    expect(segments()).toHaveLength(2);
    expect(restored()).toEqual(history.lines());
  });

  test('while the box takes another’s place nothing is written, and then all of it', async () => {
    history.write(1);
    let isHeld = true;
    const held = open({ held: () => isHeld });
    expect(held.committed(history.write(2))).toBe(null);
    const other = mkdtempSync(path.join(tmpdir(), 'clubops-mirror-'));
    open({ folder: other });
    await whole();
    await mirror.close();
    rmSync(other, { recursive: true });
    mirror = held;
    expect(mirror.state()).toBe('behind');
    expect(readdirSync(folder)).toEqual([]);
    isHeld = false;
    mirror.rewritten();
    await whole();
    expect(restored()).toEqual(history.lines());
  });
});

describe('a joined history', () => {
  test('that leaves the end of a log and carries it into another is the mirror’s history, too', async () => {
    open();
    await whole();
    await add(10);
    history.leaveAt(7, true);
    mirror.rewritten();
    await whole();
    await add(2);
    expect(restored()).toEqual(history.lines());
    expect(readMirror(folder, KEY).stretches.map(({ lines }) => lines.length)).toEqual([7, 5]);
    expect(readdirSync(folder).filter((name) => name.startsWith('aside'))).toEqual([]);
  });

  test('that came while the mirror was not there is found at the next start', async () => {
    open();
    await whole();
    await add(10);
    await mirror.close();
    history.leaveAt(4, true);
    history.write(1);
    history.leaveAt(6, true);
    open();
    await whole();
    expect(restored()).toEqual(history.lines());
    expect(said).toEqual([]);
  });
});

describe('events that only the mirror has', () => {
  test('are put aside, said, and can be read there', async () => {
    open();
    await whole();
    await add(6);
    const before = history.lines();
    await mirror.close();
    history.leaveAt(4, false);
    history.write(3);
    open();
    await whole();
    expect(restored()).toEqual(history.lines());
    expect(said).toEqual([expect.stringMatching(/held events that this box does not have.*aside-000001/)]);
    expect(restored(path.join(folder, 'aside-000001'))).toEqual(before);
  });

  test('are kept where the box was put back to an older disk, also where the box has not gone on yet', async () => {
    open();
    await whole();
    await add(3);
    await mirror.close();
    const older = mkdtempSync(path.join(tmpdir(), 'clubops-history-'));
    cpSync(path.join(history.folder, 'club.db'), path.join(older, 'club.db'));
    cpSync(path.join(history.folder, 'club.db-wal'), path.join(older, 'club.db-wal'));
    open();
    await whole();
    await add(3);
    const before = history.lines();
    await mirror.close();
    history.close();
    history = openBareHistory({ folder: older });
    open();
    await whole();
    expect(restored()).toEqual(before.slice(0, 3));
    expect(restored(path.join(folder, 'aside-000001'))).toEqual(before);
  });
});

describe('a folder that is not this club’s', () => {
  test('is left as it is, byte for byte', async () => {
    const other = openBareHistory({ nodeId: 'other' });
    open({ db: other.db, clubKey: Buffer.alloc(32, 9) });
    await whole();
    await mirror.committed(other.write(3));
    await mirror.close();
    other.close();
    const before = readFileSync(segment(1));
    open();
    await lost();
    expect(mirror.committed(history.write(1))).toBe(null);
    expect(said).toEqual([expect.stringMatching(/no history of this club.*left as it is/)]);
    expect(readFileSync(segment(1))).toEqual(before);
    expect(readdirSync(folder)).toEqual(['segment-000001.ndjson']);
  });

  test('is refused where it lies on the database’s own disk', async () => {
    open({ apartFrom: history.folder });
    await lost();
    expect(said).toEqual([expect.stringMatching(/same disk/)]);
    expect(segments()).toEqual([]);
  });
});

describe('a disk that goes', () => {
  test('stops nobody, is tried again, and catches up when it is back', async () => {
    open();
    await whole();
    await add(3);
    const away = `${folder}-away`;
    renameSync(folder, away);
    await mirror.committed(history.write(1));
    expect(mirror.state()).toBe('lost');
    expect(mirror.committed(history.write(1))).toBe(null);
    expect(existsSync(folder)).toBe(false);
    renameSync(away, folder);
    await whole();
    expect(restored()).toEqual(history.lines());
    expect(said).toHaveLength(1);
  });

  test('and comes back empty is filled anew', async () => {
    open();
    await whole();
    await add(3);
    rmSync(folder, { recursive: true });
    await mirror.committed(history.write(1));
    expect(mirror.state()).toBe('lost');
    mkdirSync(folder);
    await whole();
    expect(restored()).toEqual(history.lines());
  });

  test('is found also while nothing happens in the club', async () => {
    open();
    await whole();
    await add(1);
    rmSync(folder, { recursive: true });
    await lost();
    expect(said).toEqual([expect.stringMatching(/ENOENT/)]);
    mkdirSync(folder);
    await whole();
  });
});

describe('a file that was cut off', () => {
  test('at any byte of its last write gives all before it, and is mended from the database', async () => {
    open();
    await whole();
    await add(2);
    const kept = readFileSync(segment(1)).length;
    await add(2);
    await mirror.close();
    const bytes = readFileSync(segment(1));
    const lines = history.lines();
    for (let size = kept; size < bytes.length; size += 1) {
      truncateSync(segment(1), size);
      expect(restored()).toEqual(lines.slice(0, 2));
      writeFileSync(segment(1), bytes);
    }
    expect(restored()).toEqual(lines);
    truncateSync(segment(1), bytes.length - 30);
    open();
    await whole();
    await add(1);
    expect(restored()).toEqual(history.lines());
  });

  test('or has another end that nobody marked, gives what was marked', async () => {
    open();
    await whole();
    await add(2);
    await mirror.close();
    const lines = history.lines();
    appendFileSync(segment(1), `${lines[1]?.replace('"seq":2', '"seq":3') ?? ''}\n`);
    expect(restored()).toEqual(lines);
  });

  test('or went rotten in the middle is gone on with behind the next mark', async () => {
    open();
    await whole();
    await add(2);
    await add(2);
    await add(2);
    await mirror.close();
    const lines = history.lines();
    const text = readFileSync(segment(1), 'utf8');
    writeFileSync(segment(1), text.replace(lines[2] ?? '', (lines[2] ?? '').replace('r', 'R')));
    const { stretches } = readMirror(folder, KEY);
    expect(stretches.map(({ from, lines: some }) => [from, some])).toEqual([
      [1, lines.slice(0, 2)],
      [5, lines.slice(4)],
    ]);
  });
});

test('a file that says again what others say already takes nothing away', async () => {
  open();
  await whole();
  const written = history.write(6);
  await mirror.committed(written);
  await mirror.close();
  const [, , third, fourth] = written;
  if (!third || !fourth) throw new Error('Six events were written.');
  const { logId, genesis } = history.log;
  const rows = [
    headText({ genesis, from: 3, prev: third.prev.toString('hex') }),
    third.line,
    fourth.line,
    markText(logId, 4, [third.hash, fourth.hash], segmentKey(KEY)),
  ];
  writeFileSync(segment(2), `${rows.join('\n')}\n`);
  expect(readMirror(folder, KEY).stretches.map(({ lines }) => lines)).toEqual([history.lines()]);
});

describe('data keys', () => {
  const keys = (where = folder) => [...readMirror(where, KEY).keys.keys()];

  test('are there before the lines that need them', async () => {
    open();
    await whole();
    for (const subject of ['dancer-1', 'dancer-2']) {
      history.addKey(subject);
      await add(1, subject);
    }
    expect(keys()).toEqual(['dancer-1', 'dancer-2']);
    expect(readMirror(folder, KEY).keys.get('dancer-1')).toBe(Buffer.from('dancer-1').toString('base64'));
  });

  test('that were destroyed are gone from the mirror with the next commit, and from what was put aside', async () => {
    history.addKey('dancer-1');
    history.addKey('dancer-2');
    history.write(3, 'dancer-1');
    open();
    await whole();
    await mirror.close();
    history.leaveAt(1, false);
    open();
    await whole();
    history.db.$client.exec("DELETE FROM data_key WHERE subject = 'dancer-1'");
    await add(1);
    expect(keys()).toEqual(['dancer-2']);
    expect(keys(path.join(folder, 'aside-000001'))).toEqual(['dancer-2']);
    expect(readFileSync(path.join(folder, 'keys.ndjson'), 'utf8')).not.toContain('dancer-1');
  });

  test('that were destroyed while the mirror was away are gone when it is back', async () => {
    history.addKey('dancer-1');
    open();
    await whole();
    await mirror.close();
    history.db.$client.exec('DELETE FROM data_key');
    open();
    await whole();
    expect(keys()).toEqual([]);
  });

  test('are told of apart from a commit', async () => {
    open();
    await whole();
    await add(1);
    history.addKey('dancer-3');
    mirror.keysChanged();
    await whole();
    expect(keys()).toEqual(['dancer-3']);
  });

  test('are made whole where the file was cut off in the middle of one', async () => {
    history.addKey('dancer-1');
    history.addKey('dancer-2');
    open();
    await whole();
    await mirror.close();
    const file = path.join(folder, 'keys.ndjson');
    truncateSync(file, readFileSync(file).length - 5);
    open();
    await whole();
    expect(keys()).toEqual(['dancer-1', 'dancer-2']);
  });
});
