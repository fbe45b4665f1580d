import { randomBytes, randomUUID } from 'node:crypto';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { UPLINK_PATHS, type EnrolAnswer } from '#shared/contract/uplink.ts';
import { parseLine, type LoggedEvent } from '#shared/contract/event-line.ts';
import type { EventType } from '#shared/domain/event.ts';
import { openAssets } from '../../edge-node/assets.ts';
import { CHECKS } from '../../edge-node/checks.ts';
import { setClock, type SetClock } from '../../edge-node/clock.ts';
import type { Edge } from '../../edge-node/edge.ts';
import type { CommandInput, RoutedCommand } from '../../edge-node/features/command.ts';
import type { Answer } from '../../edge-node/log/answers.ts';
import { openEdge } from '../../edge-node/open-edge.ts';
import { cloudClient } from '../../edge-node/sync/cloud-client.ts';
import { openFeedClient, type FeedClient, type FeedParts } from '../../edge-node/sync/feed.ts';
import type { Link } from '../../edge-node/sync/link.ts';
import { newNodeKeyPem, nodeKey } from '../../edge-node/sync/node-identity.ts';
import { openSender, type Next, type Sender } from '../../edge-node/sync/sender.ts';
import { hqOf } from '../cloud/feed-node.ts';
import { newClub, newCode } from '../cloud/signing-node.ts';
import type { TestCloud } from '../support/cloud.ts';
import { newKey } from '../support/key.ts';

/** A real box and a real cloud, joined by a link that a test can cut. */
export type FeedClub = {
  readonly cloud: TestCloud;
  readonly clubId: string;
  readonly clock: SetClock;
  readonly edge: () => Edge;
  readonly feed: () => FeedClient;
  /** What a client of the feed needs, over another way. */
  readonly partsOver: (way: Link, waitMs: number) => FeedParts;
  readonly dancers: readonly string[];
  readonly link: { cut: boolean; asked: string[] };
  readonly give: <N extends RoutedCommand>(name: N, input: CommandInput<N>) => Promise<Answer>;
  readonly must: <N extends RoutedCommand>(name: N, input: CommandInput<N>) => Promise<string>;
  readonly hq: ReturnType<typeof hqOf>;
  /** The log goes up and the cloud takes what it says. */
  readonly up: () => Promise<void>;
  /** The feed comes down until nothing is new; answers the steps. */
  readonly down: () => Promise<readonly Next[]>;
  readonly both: () => Promise<void>;
  /** The box stops and starts again on its disk, or on an image of it that was kept. */
  readonly restart: (image?: string) => Promise<void>;
  /** An image of the disk as it is now. */
  readonly image: () => string;
  readonly events: <T extends EventType>(type: T) => readonly Extract<LoggedEvent, { type: T }>[];
  readonly close: () => Promise<void>;
};

export const STAFF = { kind: 'staff', id: 'st_manager', dev: 'dv_office', auth: 'pin' } as const;
/** A Saturday evening in the club's own time zone. */
const EVENING = Date.parse('2026-11-22T05:00:00Z');
const STEPS_MAX = 50;
const NAMES = ['Amber', 'Bella', 'Carmen'];

export async function openFeedClub(cloud: TestCloud): Promise<FeedClub> {
  const { clubId } = await newClub(cloud);
  const key = nodeKey(newNodeKeyPem());
  const nodeId = `n_${randomUUID()}`;
  const payload = { code: await newCode(cloud, clubId), nodeId, publicKey: key.publicJwk, version: 'test' };
  await cloud.app.inject({ method: 'POST', url: UPLINK_PATHS.enrol, payload });
  const { keys } = (await cloud.app.inject('/.well-known/jwks.json')).json<{ keys: EnrolAnswer['receiptKeys'] }>();
  const folder = mkdtempSync(path.join(tmpdir(), 'clubops-feed-'));
  const file = path.join(folder, 'club.db');
  const clock = setClock({ wall: EVENING, mono: 1_000 }, 'b_1');
  const clubKey = randomBytes(32);
  const link = openCuttableLink(cloud);
  const client = cloudClient(link.way, key, nodeId);
  const now: { edge: Edge | null; sender: Sender | null; feed: FeedClient | null } = {
    edge: null,
    sender: null,
    feed: null,
  };
  const held = <T>(value: T | null): T => {
    if (value === null) throw new Error('The box is off.');
    return value;
  };
  const edge = () => held(now.edge);
  const partsOver: FeedClub['partsOver'] = (way, waitMs) => ({
    db: edge().db,
    cloud: cloudClient(way, key, nodeId),
    takeOver: edge().takeOver,
    taken: edge().reads.shared.taken,
    clubId,
    receiptKeys: keys,
    waitMs,
    ready: () => true,
  });
  const boot = (): void => {
    const opened = openEdge({
      file,
      assets: openAssets(),
      binding: null,
      clock,
      random: randomBytes,
      clubKey,
      node: { nodeId, keyThumbprint: key.thumbprint },
      demoCode: null,
      cloud: () => now.sender?.state() ?? { link: 'off', waiting: 0, oldestMs: null },
      mirror: null,
      replaces: null,
      checks: CHECKS,
      committed: () => undefined,
      broken: (error) => {
        throw error;
      },
    });
    now.edge = opened;
    now.sender = openSender({
      ...opened.history,
      db: opened.db,
      log: opened.log,
      cloud: client,
      newId: randomUUID,
      clock,
      version: 'test',
      nodeId,
      receiptKeys: keys,
      checks: CHECKS,
    });
    now.feed = openFeedClient(partsOver(link.way, 0));
  };
  boot();
  const give: FeedClub['give'] = (name, input) => edge().command(name, input, { key: newKey(), actor: STAFF });
  const must: FeedClub['must'] = async (name, input) => {
    const answer = await give(name, input);
    if (!answer.ok) throw new Error(`${name} was refused: ${answer.refusal}`);
    return answer.id;
  };
  const up = async (): Promise<void> => {
    await untilIdle(() => held(now.sender).step());
    await cloud.project();
  };
  const down = () => untilIdle(() => held(now.feed).step());
  const dancers = await setUp(must);
  return {
    cloud,
    clubId,
    clock,
    edge,
    feed: () => held(now.feed),
    partsOver,
    dancers,
    link: link.state,
    give,
    must,
    hq: hqOf(cloud, { clubId }),
    up,
    down,
    both: async () => {
      await up();
      await down();
      await up();
    },
    restart: async (image) => {
      await edge().close();
      if (image !== undefined) putBack(file, image);
      clock.set({ wall: clock.wall() + 1_000, mono: 1 });
      boot();
    },
    image: () => {
      const kept = path.join(folder, `image-${randomUUID()}.db`);
      edge().sqlite.prepare('VACUUM INTO ?').run(kept);
      return kept;
    },
    events: (type) =>
      edge()
        .sqlite.prepare<[], string>('SELECT line FROM event ORDER BY pos')
        .pluck()
        .all()
        .map(parseLine)
        .filter((event): event is Extract<LoggedEvent, { type: typeof type }> => event.type === type),
    close: async () => {
      await edge().close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function putBack(file: string, image: string): void {
  for (const end of ['-wal', '-shm']) rmSync(file + end, { force: true });
  copyFileSync(image, file);
}

async function setUp(must: FeedClub['must']): Promise<readonly string[]> {
  await must('club.configure', {
    name: 'The Velvet Room',
    tz: 'America/Los_Angeles',
    currency: 'USD',
    cutoffMinutes: 360,
    pack: 'generic',
    taxBasisPoints: 0,
  });
  const dancers: string[] = [];
  for (const stageName of NAMES) {
    const person = { legalName: 'A Person', birthDate: '1990-01-01', engagement: 'lease' } as const;
    const dancer = await must('dancer.register', { stageName, ...person });
    await must('credential.add', { dancer, kind: 'contract', issuer: 'Club', expiresOn: null, verified: true });
    dancers.push(dancer);
  }
  return dancers;
}

async function untilIdle(step: () => Promise<Next>): Promise<readonly Next[]> {
  const steps: Next[] = [];
  for (let at = 0; at < STEPS_MAX; at += 1) {
    const next = await step();
    steps.push(next);
    if (next.next === 'idle' || next.next === 'halted' || next.next === 'wait') return steps;
  }
  throw new Error(`It never came to rest: ${JSON.stringify(steps.slice(-3))}`);
}

function openCuttableLink(cloud: TestCloud): { readonly way: Link; readonly state: FeedClub['link'] } {
  const state: FeedClub['link'] = { cut: false, asked: [] };
  return {
    state,
    way: {
      ask: async ({ method, path: url, headers, body }) => {
        if (state.cut) throw new Error('The link is cut.');
        state.asked.push(url);
        const answer = await cloud.app.inject({ method, url, headers, payload: body });
        const nonce = answer.headers['clubops-nonce'];
        return {
          status: answer.statusCode,
          nonce: typeof nonce === 'string' ? nonce : null,
          gzip: answer.headers['content-encoding'] === 'gzip',
          body: answer.rawPayload,
        };
      },
      close: () => Promise.resolve(),
    },
  };
}
