import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { readLine } from '#shared/contract/event-line.ts';
import type { ClubEvent } from '#shared/domain/event.ts';
import { concernsBooth, readFacts } from '../../edge-node/booth/facts.ts';
import { NOTHING_KEPT, openKeeping, readKept, type Kept } from '../../edge-node/booth/kept.ts';
import { openClub } from '../support/night.ts';
import { playRandomly } from '../support/random-night.ts';

/** What the booth writes beside the floor's work, and what of that work it looks at. */
const folder = mkdtempSync(path.join(tmpdir(), 'clubops-booth-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const song = (track: string): Kept => ({
  ...NOTHING_KEPT,
  plan: {
    ...NOTHING_KEPT.plan,
    auto: [{ item: 'auto.1', song: { track, title: track }, letGo: ['cooldown'] }],
    last: 1,
  },
});

test('of many things to keep the first and the last are written, whole, and nothing else is left in the folder', async () => {
  const file = path.join(folder, 'booth.json');
  const keeping = openKeeping(file, (error) => expect.unreachable(String(error)));
  const seen = new Set<string>();
  for (let at = 0; at < 50; at += 1) keeping.keep(song(`t${at}`));
  expect(readKept(file)).toEqual(NOTHING_KEPT);
  const all = keeping.close();
  const done = { isDone: false };
  void all.then(() => (done.isDone = true));
  while (!done.isDone) {
    seen.add(readKept(file).plan.auto[0]?.song.track ?? 'nothing');
    await new Promise((next) => setImmediate(next));
  }
  await all;
  expect([...seen].filter((track) => track !== 'nothing' && track !== 't0' && track !== 't49')).toEqual([]);
  expect(readKept(file)).toEqual(song('t49'));
  expect(readdirSync(folder)).toEqual(['booth.json']);
});

test('a disk that takes nothing is told of, and stops nothing', async () => {
  const broken: unknown[] = [];
  const keeping = openKeeping(path.join(folder, 'gone', 'booth.json'), (error) => broken.push(error));
  keeping.keep(song('a'));
  await keeping.close();
  keeping.keep(song('b'));
  await keeping.close();
  expect(broken).toHaveLength(2);
});

test('whatever changes what the booth knows of the rotation is an event that it looks at', async () => {
  const club = await openClub();
  const { reads, log } = club.edge;
  for (const dancer of club.dancers.slice(0, 8)) {
    await club.owner.must('attendance.check_in', { dancer });
    await club.owner.must('rotation.add', { stage: club.stage, dancer });
  }
  const facts = () => JSON.stringify(readFacts(reads));
  const missed: string[] = [];
  let changes = 0;
  for (let seed = 1; seed <= 120; seed += 1) {
    const [before, head] = [facts(), log.head().seq];
    await playRandomly(club, seed * 7_919, 2);
    const types = log.linesFrom(head + 1, 100).map((line) => readLine(line).event.type as ClubEvent['type']);
    if (facts() === before) continue;
    changes += 1;
    if (!types.some((type) => concernsBooth({ type }))) missed.push(types.join());
  }
  expect(missed).toEqual([]);
  expect(changes).toBeGreaterThan(20);
  await club.close();
});
