import { afterEach, beforeEach, expect, test } from 'vitest';
import { openAssets } from '../../edge-node/assets.ts';
import { openDatabase, type Opened } from '../../edge-node/db/open.ts';
import { touched } from '../../edge-node/live/touched.ts';
import { openApply } from '../../edge-node/state/apply.ts';

let opened: Opened;
beforeEach(() => {
  opened = openDatabase(':memory:', openAssets(), null);
});
afterEach(() => opened.sqlite.close());

/** A line of a program that is newer than this. */
const line = (type: string, tv: number, body: unknown): string =>
  JSON.stringify({ v: 1, seq: 1, id: 'e1', type, tv, at: { wall: 5 }, day: 'd1', actor: {}, cmd: 'c', sub: [], body });
const all = (table: string): readonly unknown[] => opened.sqlite.prepare(`SELECT * FROM ${table}`).all();
const PAID = [
  { account: 'safe', cents: 500 },
  { account: 'dancer:x', cents: -500 },
];

test('an event that only a newer program knows is kept for a person to look at, and its money is booked', () => {
  const { review } = openApply(opened.db);
  const logged = review(line('jukebox.paid', 1, { song: 's', postings: PAID }), 1);
  review(line('drawer.closed', 2, { till: 't', postings: PAID }), 2);
  expect(all('review')).toEqual([
    { pos: 1, type: 'jukebox.paid', day: 'd1', at: 5, why: 'unknown' },
    { pos: 2, type: 'drawer.closed', day: 'd1', at: 5, why: 'unknown' },
  ]);
  expect(all('balance')).toEqual([
    { account: 'dancer:x', cents: -1_000 },
    { account: 'safe', cents: 1_000 },
  ]);
  expect(touched(logged)).toEqual([]);
});

test.each([
  ['of an account of no known class', [{ account: 'moon', cents: 0 }]],
  ['that do not sum to zero', [{ account: 'safe', cents: 1 }]],
  ['in another form', { safe: 1 }],
  ['that are no postings', [null]],
])('postings %s are left out, and the history goes on', (_what, postings) => {
  const { review } = openApply(opened.db);
  review(line('jukebox.paid', 1, { postings }), 1);
  review(line('jukebox.paid', 1, null), 2);
  expect(all('review')).toHaveLength(2);
  expect(all('posting')).toEqual([]);
});
