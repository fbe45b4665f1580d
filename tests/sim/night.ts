import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { SIGHTS } from '#shared/domain/rights.ts';
import type { Cloud } from '../../control-plane/cloud.ts';
import { openAssets } from '../../edge-node/assets.ts';
import { openDatabase, type Opened } from '../../edge-node/db/open.ts';
import type { Answer } from '../../edge-node/log/answers.ts';
import { seeded, type Seeded } from '../support/seeded.ts';
import type { Break } from './breaks.ts';
import type { CloudBackup, CloudOperator } from './cloud-backup.ts';
import type { Fate } from './crashing-pool.ts';
import { openFacts, type Facts } from './facts.ts';
import { openSimLink } from './link.ts';
import type { Order } from './orders.ts';
import { openSimScreen, type SimScreen } from './screen.ts';
import { openBox, openTenant, simKey, type SimBox, type Tenant } from './world.ts';

export type Stage = {
  readonly cloud: Cloud;
  readonly adminToken: string;
  /** Moves the cloud's clock, so that nonces grow old. */
  readonly laterInTheCloud: (ms: number) => void;
  readonly operator: CloudOperator;
  /** What becomes of the control plane's next commits. */
  readonly fate: { now: () => Fate };
  /** A migrated, empty database that each box starts from. */
  readonly template: string;
  readonly fresh: Opened;
};

export type Night = {
  readonly stage: Stage;
  readonly seed: Seeded;
  readonly tenant: Tenant;
  readonly broken: Break | null;
  readonly facts: Facts;
  readonly clubKey: Buffer;
  /** Those that are in the club and on; the first is the one that the tablets call. */
  readonly boxes: SimBox[];
  /** Replaced and taken away; they may come back. */
  readonly shelf: SimBox[];
  readonly screens: readonly SimScreen[];
  /** First answers that reached a tablet, by key. */
  readonly known: Map<string, Answer>;
  /** Answered by the disk that is in the box now. */
  readonly recent: Map<string, SimBox>;
  readonly orders: Map<string, Order>;
  /** Taps that got no answer yet. */
  readonly unanswered: Map<string, { readonly order: Order; readonly box: SimBox }>;
  /** Every key that a tap was tried under. */
  readonly attempts: Map<string, string[]>;
  /** A disk that somebody set aside, and a cloud that somebody backed up. */
  backup: { readonly box: SimBox; readonly image: string } | null;
  cloudBackup: CloudBackup | null;
  clones: number;
  /** Why no answer came, last time. */
  lastLost: string;
};

/** Opens what all seeds share beside the cloud: an empty database to copy, and one to replay into. */
export function openTemplate(folder: string): Pick<Stage, 'template' | 'fresh'> {
  const template = path.join(folder, 'template.db');
  const made = openDatabase(template, openAssets(), null);
  made.sqlite.pragma('wal_checkpoint(TRUNCATE)');
  made.sqlite.close();
  return { template, fresh: openDatabase(':memory:', openAssets(), null) };
}

/** A club with one box that is enrolled and on, and screens of every sight. */
export async function openNight(number: number, stage: Stage, broken: Break | null): Promise<Night> {
  const seed = seeded(number);
  const tenant = await openTenant(stage.cloud, stage.adminToken);
  const night: Night = {
    stage,
    seed,
    tenant,
    broken,
    facts: openFacts(),
    clubKey: seed.bytes(32),
    boxes: [],
    shelf: [],
    screens: SIGHTS.map((sight) => openSimScreen(sight, broken === 'blind-screens')),
    known: new Map(),
    recent: new Map(),
    orders: new Map(),
    unanswered: new Map(),
    attempts: new Map(),
    backup: null,
    cloudBackup: null,
    clones: 0,
    lastLost: '',
  };
  const box = newBox(night, 'a', { replaces: false });
  await tenant.enrol(box, false);
  switchOn(night, box);
  return night;
}

/** A new box on an empty disk, with a key of its own. */
export function newBox(night: Night, name: string, { replaces }: { readonly replaces: boolean }): SimBox {
  const { seed, stage, clubKey, broken } = night;
  const nodeId = `n_${seed.bytes(4).toString('hex')}_${randomUUID()}`;
  const link = openSimLink(stage.cloud, seed, broken);
  return openBox({ name, seed, image: stage.template, link, key: simKey(seed), nodeId, clubKey, replaces, broken });
}

/** Another box on a copy of this one's disk: the same node twice. */
export function cloneOf(night: Night, box: SimBox, name: string): SimBox {
  const { seed, stage, clubKey, broken } = night;
  const { key, nodeId, disk } = box;
  const link = openSimLink(stage.cloud, seed, broken);
  return openBox({ name, seed, image: disk.copy(), link, key, nodeId, clubKey, replaces: false, broken });
}

export function switchOn(night: Night, box: SimBox): void {
  box.boot();
  night.boxes.push(box);
  if (night.boxes[0] === box) for (const screen of night.screens) screen.join(box.edge());
}

export function mainBox({ boxes }: Night): SimBox {
  const [first] = boxes;
  if (!first) throw new Error('The club has no box.');
  return first;
}

/** Goes off, and on again from whatever its disk holds then. */
export async function reboot(night: Night, box: SimBox, goOff: () => Promise<void>): Promise<void> {
  const isMain = mainBox(night) === box;
  if (isMain) for (const screen of night.screens) screen.drop();
  await goOff();
  box.boot();
  if (isMain) for (const screen of night.screens) screen.join(box.edge());
}

export function newKey({ seed }: Night): string {
  return seed.bytes(16).toString('hex');
}
