import { readdirSync, readFileSync } from 'node:fs';
import { Compile } from 'typebox/compile';
import { describe, expect, test } from 'vitest';
import { EVENT_LINE_BYTES_MAX, parseLine } from '#shared/contract/event-line.ts';
import { EVENT_BODIES } from '#shared/contract/event-schemas.ts';
import { lineHead } from '#shared/log/line.ts';
import { readBatch } from '../../control-plane/features/ingest/framing.ts';
import { openAssets } from '../../edge-node/assets.ts';
import { openDatabase } from '../../edge-node/db/open.ts';
import { openApply } from '../../edge-node/state/apply.ts';
import { CORPUS, goldenHash, goldenLines, HASHES, HISTORY, LINES_A_TYPE, SHIPPED } from './corpus.ts';

const NAMES = SHIPPED.map(({ name }) => name);
const hashes = JSON.parse(readFileSync(HASHES, 'utf8')) as Record<string, string>;

/** All of them applied to an empty club, as lines of another history are. */
function applied(lines: readonly string[]) {
  const { sqlite, db } = openDatabase(':memory:', openAssets(), null);
  const { review } = openApply(db);
  for (const [at, line] of lines.entries()) review(line, at + 1);
  const reviews = sqlite
    .prepare<[], { pos: number; type: string; why: string }>('SELECT pos, type, why FROM review')
    .all();
  const sum = sqlite.prepare<[], number>('SELECT coalesce(sum(cents), 0) FROM posting').pluck().get();
  sqlite.close();
  return { reviews, sum };
}

describe.each(SHIPPED)('lines of $name that were once shipped', ({ name, type, tv }) => {
  const lines = goldenLines(name);

  test('are fifty, and the bytes that were shipped', () => {
    expect(lines).toHaveLength(LINES_A_TYPE);
    expect(goldenHash(name, lines)).toBe(hashes[name]);
    expect(new Set(lines.map((line) => (JSON.parse(line) as { tv: number }).tv))).toEqual(new Set([tv]));
    expect(lines.filter((line) => !lineHead(line) || Buffer.byteLength(line) > EVENT_LINE_BYTES_MAX)).toEqual([]);
  });

  test('are read, brought to the newest version, and have its body', () => {
    const schema = Compile(EVENT_BODIES[type]);
    const events = lines.map(parseLine);
    expect(new Set(events.map((event) => event.type))).toEqual(new Set([type]));
    expect(events.filter(({ body }) => !schema.Check(body))).toEqual([]);
  });

  test('are taken by the cloud, which finds in each what it counts', () => {
    const header = { proto: 1, from: 1, prev: '0'.repeat(64), n: lines.length, batch: 'golden', head: lines.length };
    const batch = readBatch(Buffer.from([JSON.stringify(header), ...lines].join('\n')));
    if ('s' in batch) throw new Error(`The cloud answers ${batch.s}.`);
    expect(batch.lines).toEqual(lines);
    expect(batch.read.filter(({ facts }) => typeof facts === 'string')).toEqual([]);
  });

  test('can be applied, and none means nothing to this program', () => {
    const { reviews, sum } = applied(lines);
    expect(reviews.filter(({ why }) => why === 'unknown')).toEqual([]);
    expect(sum).toBe(0);
  });
});

test('a whole history that was once shipped makes its tables, and nothing in it contradicts them', () => {
  const lines = goldenLines(HISTORY);
  expect(goldenHash(HISTORY, lines)).toBe(hashes[HISTORY]);
  expect(lines.length).toBeGreaterThan(500);
  expect(applied(lines)).toEqual({ reviews: [], sum: 0 });
});

test('every file is of a type that there is', () => {
  const names = readdirSync(CORPUS).filter((name) => name.endsWith('.ndjson'));
  expect(names.toSorted()).toEqual([...NAMES, HISTORY].map((name) => `${name}.ndjson`).toSorted());
  expect(Object.keys(hashes).toSorted()).toEqual([...NAMES, HISTORY].toSorted());
});
