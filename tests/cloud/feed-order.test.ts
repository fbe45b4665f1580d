import { afterAll, beforeAll, expect, test } from 'vitest';
import { clubOf } from '../../control-plane/public-id.ts';
import { openBell, type Bell } from '../../control-plane/features/settings/bell.ts';
import { setField } from '../../control-plane/features/settings/fields.ts';
import type { Settings } from '../../control-plane/features/settings/feed-log.ts';
import { follow } from '../../control-plane/features/settings/follow.ts';
import { buildTestCloud, type TestCloud } from '../support/cloud.ts';
import { newNode } from './signing-node.ts';

const CONNECTIONS = 12;
let cloud: TestCloud;
beforeAll(async () => {
  cloud = await buildTestCloud({ connections: CONNECTIONS });
});
afterAll(() => cloud.close());

const WRITERS = 8;
const CHANGES = 10_000;
/** The cloud's inside, as its own features have it. */
const inside = (bell = openBell()): Settings => ({
  ...cloud,
  clock: () => cloud.time.now,
  random: (bytes) => Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))),
  epoch: 1,
  lookAtEpoch: async () => undefined,
  raiseEpoch: async () => 1,
  bell,
  nonceSecret: Buffer.alloc(0),
  verifyBatch: () => ({ s: 'gap' }),
  receiptKey: { sign: async () => '', signAs: async () => '', publicKeys: [] },
});
test(`S16: two concurrent HQ commits never skip a rev: ${WRITERS} writers, ${CHANGES} changes, one reader that follows`, async () => {
  const node = await newNode(cloud);
  const of = clubOf(node.clubId);
  const settings = inside();
  const writing = { done: false };
  const writer = async (who: number): Promise<void> => {
    for (let at = who; at < CHANGES; at += WRITERS) {
      const name = { coll: 'price_template', id: `t_${at % 50}`, field: 'text' };
      const done = await setField(settings, of, { name, baseFv: 0, value: `change ${at}`, by: 'HQ' });
      expect(done).toMatchObject({ ok: true });
    }
  };
  const seen: number[] = [];
  const reader = async (): Promise<void> => {
    for (let cursor: string | null = null; ;) {
      const finishing = writing.done;
      const answer = await follow(settings, of, { proto: 1, cursor, waitMs: 0 }, new AbortController().signal);
      if (answer.s !== 'feed') throw new Error(`The feed said ${answer.s}`);
      seen.push(...answer.items.map(({ rev }) => rev));
      if (finishing && answer.items.length === 0) return;
      ({ cursor } = answer);
    }
  };
  const writers = Promise.all(Array.from({ length: WRITERS }, (_none, who) => writer(who))).finally(() => {
    writing.done = true;
  });
  await Promise.all([writers, reader()]);
  expect(seen.length).toBe(CHANGES);
  expect(seen.every((rev, at) => rev === at + 1)).toBe(true);
}, 300_000);

const WAIT_MS = 25_000;
async function waiting(bell: Bell, polls: number): Promise<void> {
  while (bell.waiting() !== polls) await new Promise((resolve) => setImmediate(resolve));
}

test('a poll whose asker hangs up ends, and so do all when the cloud stops: nothing waits for them', async () => {
  const node = await newNode(cloud);
  const of = clubOf(node.clubId);
  const bell = openBell();
  const settings = inside(bell);
  const [leaves, stays] = [new AbortController(), new AbortController()];
  const ask = { proto: 1, cursor: null, waitMs: WAIT_MS };
  const first = follow(settings, of, ask, leaves.signal);
  const second = follow(settings, of, ask, stays.signal);
  await waiting(bell, 2);
  leaves.abort();
  expect(await first).toMatchObject({ s: 'feed', items: [] });
  expect(bell.waiting()).toBe(1);
  bell.close();
  stays.abort();
  expect(await second).toMatchObject({ s: 'feed', items: [] });
  expect(bell.waiting()).toBe(0);
  expect(await follow(settings, of, ask, stays.signal)).toMatchObject({ s: 'feed', items: [] });
});

test('polls that wait hold no connection: more of them than there are, and news still gets through to all', async () => {
  const of = clubOf((await newNode(cloud)).clubId);
  const bell = openBell();
  const settings = inside(bell);
  const gone = new AbortController();
  const ask = { proto: 1, cursor: null, waitMs: WAIT_MS };
  const polls = Array.from({ length: CONNECTIONS * 2 }, () => follow(settings, of, ask, gone.signal));
  await waiting(bell, polls.length);
  const name = { coll: 'dancer', id: 'dn_1', field: 'tags' };
  await setField(settings, of, { name, baseFv: 0, value: ['x'], by: 'HQ' });
  const answers = await Promise.all(polls);
  expect(answers.filter((answer) => answer.s === 'feed' && answer.items.length === 1).length).toBe(polls.length);
});

test('the bell wakes those of the club that it rings for, and one whose asker is gone', async () => {
  const bell = openBell();
  const [first, second] = [new AbortController(), new AbortController()];
  const here = bell.wait('here', WAIT_MS * 100, first.signal);
  const there = bell.wait('there', WAIT_MS * 100, second.signal);
  bell.ring('here');
  await here;
  expect(bell.waiting()).toBe(1);
  second.abort();
  await there;
  expect(bell.waiting()).toBe(0);
});
