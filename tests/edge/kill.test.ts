import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseLine } from '#shared/contract/event-line.ts';
import { DEMO_PAIRING_CODE } from '../../edge-node/demo.ts';
import { helloOf, openScreen } from '../support/live-screen.ts';
import { startNode, type NodeProcess } from '../support/node-process.ts';
import { seeded } from '../support/seeded.ts';
import { pairTablet, tabletOf, type Tablet } from '../support/tablet.ts';
import { linesOf } from '../support/verify-log.ts';
import { expectWhole } from '../support/whole.ts';

let folder: string;
let node: NodeProcess | null = null;
beforeEach(() => {
  folder = mkdtempSync('/var/tmp/clubops-kill-');
});
afterEach(async () => {
  await node?.kill();
  node = null;
  rmSync(folder, { recursive: true, force: true });
});
const start = async (): Promise<NodeProcess> => (node = await startNode(folder));
const signIn = (url: string) => pairTablet(url, { code: DEMO_PAIRING_CODE, name: 'Olivia Owner', pin: '1111' });

const KILLS = 30;
const POSTERS = 20;
type Book = {
  readonly acknowledged: Map<string, { readonly from: number; readonly to: number; readonly id: string }>;
  readonly unanswered: Map<string, string>;
};

/** Posts until the node is gone: what was answered and what was not is kept by key. */
async function postUntilGone(tablet: Tablet, book: Book, acknowledged: () => void): Promise<void> {
  for (;;) {
    const key = randomUUID();
    const name = `Room ${key}`;
    book.unanswered.set(key, name);
    try {
      const given = await tablet.give('room.add', { name }, key);
      if (given.ok) book.acknowledged.set(key, given.answer);
      book.unanswered.delete(key);
      acknowledged();
    } catch (error) {
      if (
        error instanceof Error &&
        'code' in error &&
        ['ECONNRESET', 'ECONNREFUSED', 'EPIPE'].includes(String(error.code))
      )
        return;
      throw error;
    }
  }
}

test('S4: killed thirty times in the middle of its work, a node loses no acknowledged command and doubles none', async () => {
  const random = seeded(20_261_121).next;
  const book: Book = { acknowledged: new Map(), unanswered: new Map() };
  let asked = 0;
  const { token, staff } = await signIn((await start()).url);
  for (let kill = 0; kill < KILLS; kill += 1) {
    const running = node ?? (await start());
    const tablet = tabletOf(running.url, { token, staff });
    const missing = [...book.unanswered];
    for (const [key, name] of missing) {
      const given = await tablet.give('room.add', { name }, key);
      if (given.ok) book.acknowledged.set(key, given.answer);
      book.unanswered.delete(key);
      asked += 1;
    }
    const goal = book.acknowledged.size + 1 + Math.floor(random() * 100);
    const posting: Promise<void>[] = [];
    await new Promise<void>((reached) => {
      const check = () => (book.acknowledged.size >= goal ? reached() : undefined);
      for (let poster = 0; poster < POSTERS; poster += 1)
        posting.push(postUntilGone(tabletOf(running.url, { token, staff }), book, check));
    });
    await running.kill();
    node = null;
    await Promise.all(posting);
  }
  const last = await start();
  const tablet = tabletOf(last.url, { token, staff });
  for (const [key, name] of book.unanswered) expect((await tablet.give('room.add', { name }, key)).ok).toBe(true);
  for (const [key, answer] of [...book.acknowledged].slice(-200))
    expect(await tablet.give('room.add', { name: `Room ${key}` }, key)).toEqual({ ok: true, answer });
  expect(await last.stop()).toBe(0);
  node = null;
  expect(asked).toBeGreaterThan(KILLS);
  expectAnswered(book);
}, 180_000);

/** Each command has exactly the event that it was answered with; the log is whole; the tables are the log's. */
function expectAnswered(book: Book): void {
  const sqlite = new Database(path.join(folder, 'club.db'));
  try {
    const added = linesOf(sqlite)
      .map(({ pos, line }) => ({ pos, ...parseLine(line) }))
      .filter(({ type, actor }) => type === 'room.added' && actor.kind === 'staff');
    const byKey = new Map(added.map(({ cmd, pos }) => [cmd, pos]));
    expect(byKey.size).toBe(added.length);
    expect(byKey.size).toBe(book.acknowledged.size + book.unanswered.size);
    expect([...book.acknowledged].filter(([key, { to }]) => byKey.get(key) !== to)).toEqual([]);
    expectWhole({ edge: { sqlite } });
    expect(sqlite.pragma('integrity_check', { simple: true })).toBe('ok');
  } finally {
    sqlite.close();
  }
}

test('a second node on the same folder is refused, and the first goes on', async () => {
  const first = await start();
  await expect(startNode(folder)).rejects.toThrow('Another ClubOps node already runs on this data folder');
  expect((await (await fetch(`${first.url}/healthz`)).json()) as object).toMatchObject({ status: 'ok' });
});

test('a folder is free again at once when its node was killed', async () => {
  const first = await start();
  await first.kill();
  const second = await start();
  expect((await fetch(`${second.url}/readyz`)).status).toBe(200);
});

test('a node that is told to stop ends by itself and at once, with screens on it and some that said nothing', async () => {
  const running = await start();
  const tablet = await signIn(running.url);
  const screen = openScreen(running.url, helloOf(tablet.token));
  await screen.until('its first rows', () => screen.seq() !== null);
  const silent = openScreen(running.url, null);
  await new Promise((resolve) => silent.socket.once('open', resolve));
  const told = performance.now();
  expect(await running.stop()).toBe(0);
  node = null;
  expect(performance.now() - told).toBeLessThan(4_000);
  expect(await Promise.all([screen.closed, silent.closed])).toEqual([1006, 1006]);
});
