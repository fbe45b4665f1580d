import { createPrivateKey } from 'node:crypto';
import { lineHead } from '#shared/log/line.ts';
import { UPLINK_PATHS, type EnrolAnswer } from '#shared/contract/uplink.ts';
import type { Cloud } from '../../control-plane/cloud.ts';
import { orgOf } from '../../control-plane/public-id.ts';
import { openAssets } from '../../edge-node/assets.ts';
import type { Clock } from '../../edge-node/clock.ts';
import type { Edge } from '../../edge-node/edge.ts';
import { openEdge } from '../../edge-node/open-edge.ts';
import { cloudClient } from '../../edge-node/sync/cloud-client.ts';
import { nodeKey, type NodeKey } from '../../edge-node/sync/node-identity.ts';
import { openSender, type Sender } from '../../edge-node/sync/sender.ts';
import { seeded, type Seeded } from '../support/seeded.ts';
import { checksWithout, type Break } from './breaks.ts';
import { openSimDisk, type SimDisk } from './disk.ts';
import type { SimLink } from './link.ts';

/** A box of the simulation: the real node on a disk that can be pulled, with a clock that can jump. */
export type SimBox = {
  readonly name: string;
  readonly nodeId: string;
  readonly key: NodeKey;
  readonly link: SimLink;
  readonly isOn: () => boolean;
  readonly edge: () => Edge;
  readonly sender: () => Sender;
  readonly disk: SimDisk;
  readonly clock: SimClock;
  /** Opens the node on what the disk holds now. */
  readonly boot: () => void;
  /** Closes the node as a stop does. */
  readonly shutDown: () => Promise<void>;
  /** The node is gone; the disk goes on from this image. */
  readonly dieTo: (image: string) => Promise<void>;
  /** Errors of our own code, which no command may cause. */
  readonly faults: readonly string[];
  /** Ids of the events on its disk when it was last switched off. */
  readonly heldWhenOff: () => ReadonlySet<string>;
};

export type SimClock = Clock & {
  readonly advance: (ms: number) => void;
  readonly step: (ms: number) => void;
  readonly reboot: () => void;
  /** Called at the next reading of the wall clock: in the middle of a transaction, where the write path reads it. */
  readonly onNextReading: (then: () => void) => void;
};

const START = Date.parse('2026-11-22T01:00:00Z');
const ED25519_PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

export function openSimClock(): SimClock {
  let wall = START;
  let mono = 0;
  let boot = 1;
  let next: (() => void) | null = null;
  const clock = {
    wall: () => {
      const then = next;
      next = null;
      then?.();
      return wall;
    },
    mono: () => mono,
    get boot() {
      return `b_${boot}`;
    },
    source: 'simulated' as const,
    advance: (ms: number) => {
      wall += ms;
      mono += ms;
    },
    step: (ms: number) => {
      wall += ms;
    },
    reboot: () => {
      boot += 1;
      mono = 0;
      wall += 2_000;
    },
    onNextReading: (then: () => void) => {
      next = then;
    },
  };
  return clock;
}

export function simKey(seed: Seeded): NodeKey {
  const der = Buffer.concat([ED25519_PKCS8, seed.bytes(32)]);
  return nodeKey(
    createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }).export({ type: 'pkcs8', format: 'pem' }).toString(),
  );
}

export type BoxParts = {
  readonly name: string;
  readonly seed: Seeded;
  /** What its disk holds when it is first switched on. */
  readonly image: string;
  readonly link: SimLink;
  readonly key: NodeKey;
  readonly nodeId: string;
  readonly clubKey: Buffer;
  readonly replaces: boolean;
  readonly broken: Break | null;
};

/** A box that is switched off; `boot` switches it on. */
export function openBox(parts: BoxParts): SimBox {
  const { name, seed, image, link, key, nodeId, clubKey, replaces, broken } = parts;
  const disk = openSimDisk(seed, image);
  const clock = openSimClock();
  const random = seeded(seed.between(0, 2 ** 31)).bytes;
  const checks = checksWithout(broken);
  const faults: string[] = [];
  let held: ReadonlySet<string> = new Set();
  const now: { edge: Edge | null; sender: Sender | null } = { edge: null, sender: null };
  const edge = (): Edge => {
    if (!now.edge) throw new Error('The box is off.');
    return now.edge;
  };
  const boot = (): void => {
    const opened = openEdge({
      file: disk.file(),
      assets: openAssets(),
      binding: null,
      clock,
      random,
      clubKey,
      node: { nodeId, keyThumbprint: key.thumbprint },
      demoCode: null,
      cloud: () => now.sender?.state() ?? { link: 'off', waiting: 0, oldestMs: null },
      mirror: null,
      replaces: replaces ? { mirror: null } : null,
      checks,
      committed: () => undefined,
      broken: (error) => faults.push(String(error)),
    });
    // Without checkpoints the write-ahead log only grows, so that its unsynced part is its end.
    opened.sqlite.pragma('wal_autocheckpoint = 0');
    if (broken === 'lazy-fsync') opened.sqlite.pragma('synchronous = NORMAL');
    now.edge = opened;
    now.sender = openSender({
      ...opened.history,
      db: opened.db,
      log: opened.log,
      cloud: cloudClient(link, key, nodeId),
      newId: () => random(16).toString('hex'),
      clock,
      version: 'sim',
      nodeId,
      receiptKeys: [],
      checks,
    });
  };
  const off = async (): Promise<void> => {
    const lines = edge().sqlite.prepare<[], string>('SELECT line FROM event').pluck().all();
    held = new Set(lines.flatMap((line) => lineHead(line)?.id ?? []));
    await edge().close();
    now.edge = null;
    clock.reboot();
  };
  return {
    name,
    nodeId,
    key,
    link,
    edge,
    isOn: () => now.edge !== null,
    sender: () => {
      if (!now.sender) throw new Error('The box is off.');
      return now.sender;
    },
    disk,
    clock,
    boot,
    shutDown: off,
    dieTo: async (left) => {
      await off();
      disk.use(left);
    },
    faults,
    heldWhenOff: () => held,
  };
}

export type Tenant = {
  readonly cloud: Cloud;
  readonly org: number;
  readonly clubId: string;
  /** Enrols a node as the club's operator does; with `replace` it takes the place of the one before. */
  readonly enrol: (box: { readonly key: NodeKey; readonly nodeId: string }, replace: boolean) => Promise<void>;
  /** What an operator says when the cloud's database was restored from a backup. */
  readonly sayRestored: () => Promise<void>;
};

/** A tenant of its own for this seed: organisation and club. */
export async function openTenant(cloud: Cloud, adminToken: string): Promise<Tenant> {
  const post = async <T>(url: string, body: object): Promise<T> => {
    let answer = await ask(url, body);
    // It died at the commit: whoever asked asks again.
    while (answer.statusCode === 500) answer = await ask(url, body);
    if (answer.statusCode >= 300) throw new Error(`The control plane refused ${url}: ${answer.body}`);
    return answer.json<T>();
  };
  const ask = (url: string, body: object) =>
    cloud.app.inject({
      method: 'POST',
      url,
      headers: { authorization: `Bearer ${adminToken}` },
      payload: body,
    });
  const { orgId } = await post<{ readonly orgId: string }>('/api/v1/orgs', { name: 'Simulated' });
  const { clubId } = await post<{ readonly clubId: string }>('/api/v1/clubs', { orgId, name: 'Simulated' });
  return {
    cloud,
    org: orgOf(orgId),
    clubId,
    enrol: async ({ key, nodeId }, replace) => {
      const asked = replace ? { replace } : {};
      const { code } = await post<{ readonly code: string }>(`/api/v1/clubs/${clubId}/enrolment-codes`, asked);
      await post<EnrolAnswer>(UPLINK_PATHS.enrol, { code, nodeId, publicKey: key.publicJwk, version: 'sim' });
    },
    sayRestored: async () => void (await post<object>('/api/v1/cloud/restored', { why: 'Simulated' })),
  };
}
