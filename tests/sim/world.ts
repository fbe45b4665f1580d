import { createPrivateKey } from 'node:crypto';
import { UPLINK_PATHS, type EnrolAnswer } from '#shared/contract/uplink.ts';
import type { Cloud } from '../../control-plane/cloud.ts';
import { orgOf } from '../../control-plane/public-id.ts';
import { openAssets } from '../../edge-node/assets.ts';
import type { Clock } from '../../edge-node/clock.ts';
import type { Edge } from '../../edge-node/edge.ts';
import { openEdge } from '../../edge-node/open-edge.ts';
import { cloudClient } from '../../edge-node/sync/cloud-client.ts';
import type { Link } from '../../edge-node/sync/link.ts';
import { nodeKey, type NodeKey } from '../../edge-node/sync/node-identity.ts';
import { openSender, type Sender } from '../../edge-node/sync/sender.ts';
import { seeded, type Seeded } from '../support/seeded.ts';
import type { Break } from './breaks.ts';
import { openSimDisk, type SimDisk } from './disk.ts';

/** A box of the simulation: the real node on a disk that can be pulled, with a clock that can jump. */
export type SimBox = {
  readonly edge: () => Edge;
  readonly sender: () => Sender;
  readonly disk: SimDisk;
  readonly clock: SimClock;
  /** Opens the node on what the disk holds now. */
  readonly boot: () => Promise<void>;
  /** Closes the node as a stop does. */
  readonly shutDown: () => Promise<void>;
  /** The node is gone; the disk goes on from this image. */
  readonly dieTo: (image: string) => Promise<void>;
  /** Every hash that the chain ever had, on any branch. */
  readonly written: () => ReadonlySet<string>;
  /** Errors of our own code, which no command may cause. */
  readonly faults: readonly string[];
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
  readonly seed: Seeded;
  readonly template: string;
  readonly link: Link;
  readonly key: NodeKey;
  readonly nodeId: string;
  readonly broken: Break | null;
};

export async function openBox({ seed, template, link, key, nodeId, broken }: BoxParts): Promise<SimBox> {
  const disk = openSimDisk(seed, template);
  const clock = openSimClock();
  const random = seeded(seed.between(0, 2 ** 31)).bytes;
  const clubKey = random(32);
  const written = new Set<string>();
  const faults: string[] = [];
  const now: { edge: Edge | null; sender: Sender | null } = { edge: null, sender: null };
  const edge = (): Edge => {
    if (!now.edge) throw new Error('The box is off.');
    return now.edge;
  };
  const remember = (): void => {
    for (const hash of edge().sqlite.prepare<[], Buffer>('SELECT hash FROM event').pluck().all())
      written.add(hash.toString('hex'));
  };
  const boot = async (): Promise<void> => {
    const opened = openEdge({
      file: disk.file(),
      assets: openAssets(),
      binding: null,
      clock,
      random,
      clubKey,
      node: { nodeId, keyThumbprint: key.thumbprint },
      demoCode: null,
      cloud: () => now.sender?.state() ?? { link: 'off', waiting: 0 },
      committed: () => undefined,
      broken: (error) => faults.push(String(error)),
    });
    // Without checkpoints the write-ahead log only grows, so that its unsynced part is its end.
    opened.sqlite.pragma('wal_autocheckpoint = 0');
    if (broken === 'lazy-fsync') opened.sqlite.pragma('synchronous = NORMAL');
    now.edge = opened;
    now.sender = openSender({
      db: opened.db,
      log: opened.log,
      cloud: cloudClient(link, key, nodeId),
      newId: () => random(16).toString('hex'),
    });
    await opened.started();
  };
  const off = async (): Promise<void> => {
    remember();
    await edge().close();
    now.edge = null;
    clock.reboot();
  };
  return {
    edge,
    sender: () => {
      if (!now.sender) throw new Error('The box is off.');
      return now.sender;
    },
    disk,
    clock,
    boot,
    shutDown: off,
    dieTo: async (image) => {
      await off();
      disk.use(image);
    },
    written: () => {
      remember();
      return written;
    },
    faults,
  };
}

/** A tenant of its own for this seed: organisation, club, enrolled node. */
export async function enrolTenant(
  cloud: Cloud,
  adminToken: string,
  { key, nodeId }: { readonly key: NodeKey; readonly nodeId: string },
): Promise<number> {
  const post = async <T>(url: string, body: object): Promise<T> => {
    const answer = await cloud.app.inject({
      method: 'POST',
      url,
      headers: { authorization: `Bearer ${adminToken}` },
      payload: body,
    });
    if (answer.statusCode >= 300) throw new Error(`The control plane refused ${url}: ${answer.body}`);
    return answer.json<T>();
  };
  const { orgId } = await post<{ readonly orgId: string }>('/api/v1/orgs', { name: 'Simulated' });
  const { clubId } = await post<{ readonly clubId: string }>('/api/v1/clubs', { orgId, name: 'Simulated' });
  const { code } = await post<{ readonly code: string }>(`/api/v1/clubs/${clubId}/enrolment-codes`, {});
  await post<EnrolAnswer>(UPLINK_PATHS.enrol, { code, nodeId, publicKey: key.publicJwk, version: 'sim' });
  return orgOf(orgId);
}
