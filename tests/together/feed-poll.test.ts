import { afterAll, beforeAll, expect, test } from 'vitest';
import { FEED_WAIT_MS_MAX } from '#shared/contract/feed.ts';
import { UPLINK_PATHS } from '#shared/contract/uplink.ts';
import { openFeedClient, type FeedParts } from '../../edge-node/sync/feed.ts';
import { httpLink } from '../../edge-node/sync/link.ts';
import { runFeed } from '../../edge-node/sync/run-feed.ts';
import { buildTestCloud, type TestCloud } from '../support/cloud.ts';
import { openFeedClub, type FeedClub } from './feed-club.ts';

let cloud: TestCloud;
let club: FeedClub;
let url: string;
beforeAll(async () => {
  cloud = await buildTestCloud();
  club = await openFeedClub(cloud);
  cloud.time.now = club.clock.wall();
  url = await cloud.app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await club.close();
  await cloud.close();
});

const by = 'Hanna of HQ';
const first = (): string => club.dancers[0] ?? '';
const rename = (value: string, baseFv: number) =>
  club.hq('PUT', '/shared-fields', { coll: 'dancer', id: first(), field: 'stage_name', baseFv, value, by });

/** The parts, and a promise for each thing that is taken over. */
function watched(parts: FeedParts) {
  const heard: (() => void)[] = [];
  const takeOver: FeedParts['takeOver'] = async (work, place) => {
    const answer = await parts.takeOver(work, place);
    heard.shift()?.();
    return answer;
  };
  return { parts: { ...parts, takeOver }, next: () => new Promise<void>((resolve) => heard.push(resolve)) };
}

test('over HTTP a box that waits hears at once what headquarters set, and stops though a question hangs', async () => {
  const link = httpLink(url);
  const { parts, next } = watched(club.partsOver(link, FEED_WAIT_MS_MAX));
  const running = runFeed(openFeedClient(parts), () => 0);
  for (const [at, name] of ['Nova', 'Opal', 'Pearl'].entries()) {
    const taken = next();
    expect((await rename(name, at)).status).toBe(200);
    await taken;
    expect(club.edge().reads.dancers.dancer(first())?.stageName).toBe(name);
  }
  const stopped = running.close();
  await link.close();
  await stopped;
});

test('a cloud that stops answers the boxes that wait for news, and does not wait for them', async () => {
  const other = await buildTestCloud();
  const there = await openFeedClub(other);
  const address = await other.app.listen({ host: '127.0.0.1', port: 0 });
  const link = httpLink(address);
  const client = openFeedClient(there.partsOver(link, FEED_WAIT_MS_MAX));
  // The first question has no nonce yet, the second one waits.
  const arrived = new Promise<void>((resolve) => {
    const asked: string[] = [];
    other.app.server.on('request', ({ url: path }) => {
      if (path === UPLINK_PATHS.feed && asked.push(path) === 2) resolve();
    });
  });
  const step = client.step();
  await arrived;
  await other.close();
  expect(await step).toEqual({ next: 'idle' });
  await link.close();
  await there.close();
}, 15_000);
