import type { Page, Request, WebSocketRoute } from 'playwright-core';
import type { Problem, StatusAnswer } from '#shared/contract/api.ts';
import type { CloudState, SealedTail, ServerFrame } from '#shared/contract/live.ts';
import type { Refusal } from '#shared/domain/refusal.ts';

/** A page on a real node, of which some answers are what a box in trouble would say. */
export const NO_LOSS: CloudState = { link: 'up', waiting: 0, oldestMs: null, copy: 'off', review: 0 };
export const MINUTE_MS = 60_000;

/** A box with nothing to say. */
export const AT_REST: StatusAnswer = {
  version: '0.1.0',
  club: 'The Velvet Room',
  log: 'log',
  head: { seq: 1, hash: '00' },
  screens: 1,
  cloud: NO_LOSS,
  box: 'live',
  recovery: null,
  review: [],
};

export const IN_PLACE: StatusAnswer = {
  ...AT_REST,
  box: 'recovering',
  recovery: {
    phase: 'witnesses',
    here: 48_213,
    hereAt: Date.parse('2026-11-22T09:12:07Z'),
    heardOf: 48_260,
    missing: 47,
    fromCloud: 48_000,
    fromMirror: 13,
    fromTablets: 200,
    tablets: 3,
  },
};

export type BoxSays = { status: StatusAnswer | null; tailsWanted: boolean; refuses: Refusal | null };

/** Answers as `says` stands at that moment; what it leaves open the node answers itself. */
export async function sayAsBox(page: Page, says: BoxSays): Promise<void> {
  await page.route('**/api/v1/status', (route) =>
    says.status === null ? route.fallback() : route.fulfill({ json: says.status }),
  );
  await page.route('**/api/v1/sign-in', async (route) => {
    if (says.refuses) return route.fulfill({ status: 503, json: problemOf(says.refuses) });
    const answer = await route.fetch();
    const body = (await answer.json()) as object;
    return route.fulfill({
      response: answer,
      json: { ...body, ...(answer.ok() && { tailsWanted: says.tailsWanted }) },
    });
  });
}

export function problemOf(code: Refusal): Problem {
  return { type: `urn:clubops:refusal:${code}`, title: code, status: 503, code };
}

/** The live feed with a hand on it: what the node says of the cloud is replaced, and frames can be put in. */
export type Feed = { cloud: CloudState | null; socket: WebSocketRoute | null; hellos: string[] };

export async function holdFeed(page: Page): Promise<Feed> {
  const feed: Feed = { cloud: null, socket: null, hellos: [] };
  await page.routeWebSocket(/\/live$/, (socket) => {
    const node = socket.connectToServer();
    feed.socket = socket;
    socket.onMessage((text) => {
      feed.hellos.push(String(text));
      node.send(text);
    });
    node.onMessage((frame) => socket.send(typeof frame === 'string' ? retold(frame, feed.cloud) : frame));
  });
  return feed;
}

function retold(text: string, cloud: CloudState | null): string {
  const frame = JSON.parse(text) as ServerFrame;
  return cloud !== null && frame.f === 'beat' ? JSON.stringify({ ...frame, cloud }) : text;
}

export function give(feed: Feed, frame: ServerFrame): void {
  feed.socket?.send(JSON.stringify(frame));
}

export function tailOf(seq: number, n: number, blob = `${'x'.repeat(40)}${seq}`): SealedTail {
  return { log: 'log', seq, n, blob };
}

export function tailsSentBy(request: Request): readonly SealedTail[] {
  return (request.postDataJSON() as { readonly tails: readonly SealedTail[] }).tails;
}
