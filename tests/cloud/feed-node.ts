import { UPLINK_PATHS } from '#shared/contract/uplink.ts';
import type { FeedAnswer, FeedItem } from '#shared/contract/feed.ts';
import type { TestCloud } from '../support/cloud.ts';
import { postJson, type TestNode } from './signing-node.ts';

/** A node that asks the feed as the wire has it. */
export async function askFeed(
  cloud: TestCloud,
  node: TestNode,
  cursor: string | null,
  waitMs = 0,
): Promise<{ readonly status: number; readonly body: FeedAnswer }> {
  const { status, body } = await postJson(cloud, node, UPLINK_PATHS.feed, { proto: 1, cursor, waitMs });
  return { status, body: body as unknown as FeedAnswer };
}

export async function askSnapshot(cloud: TestCloud, node: TestNode, page: string | null) {
  const { status, body } = await postJson(cloud, node, UPLINK_PATHS.snapshot, { proto: 1, page });
  return { status, body: body as unknown as FeedAnswer };
}

/** All that comes after a cursor, as one that follows sees it; throws where the feed is gone. */
export async function followAll(cloud: TestCloud, node: TestNode, from: string | null) {
  const items: FeedItem[] = [];
  for (let cursor = from; ;) {
    const { body } = await askFeed(cloud, node, cursor);
    if (body.s !== 'feed') throw new Error(`The feed said ${body.s}`);
    if (body.items.length === 0) return { items, cursor: body.cursor, feed: body.feed };
    items.push(...body.items);
    cursor = body.cursor;
  }
}

/** Headquarters of a club: what it asks, by any method. */
export function hqOf(cloud: TestCloud, { clubId }: { readonly clubId: string }) {
  return async (method: 'GET' | 'POST' | 'PUT', path: string, payload?: object) => {
    const headers = { authorization: `Bearer ${cloud.adminToken}` };
    const url = `/api/v1/clubs/${clubId}${path}`;
    const response = await cloud.app.inject({ method, url, headers, ...(payload ? { payload } : {}) });
    return { status: response.statusCode, body: response.json() };
  };
}

/** One row at least in every table of what headquarters and this club share. */
export async function shareEverything(cloud: TestCloud, node: TestNode): Promise<void> {
  const by = 'HQ';
  const hq = hqOf(cloud, node);
  const name = { coll: 'price_list', id: 'club', field: 'prices' };
  const prices = (houseFeeCents: number) => ({ houseFeeCents, roomRates: [] });
  await hq('PUT', '/shared-fields', { ...name, baseFv: 0, value: prices(1), by });
  await hq('PUT', '/shared-fields', { ...name, baseFv: 0, value: prices(2), by });
  await hq('POST', '/restrictions', { dancer: 'dn_1', kind: 'banned', reason: 'Fight', by });
  await hq('POST', '/notes', { dancer: 'dn_1', text: 'Note', by });
  await hq('POST', '/commands', { cmd: 'message.post', args: { text: 'Hello' }, lifeMs: 1_000, by });
  await hq('PUT', '/blobs/flags', { ver: 1, payload: {} });
  await askSnapshot(cloud, node, null);
}
