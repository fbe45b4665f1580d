import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { SIGHTS } from '#shared/domain/rights.ts';
import type { Cloud } from '../../control-plane/cloud.ts';
import { openAssets } from '../../edge-node/assets.ts';
import { openDatabase, type Opened } from '../../edge-node/db/open.ts';
import type { Answer } from '../../edge-node/log/answers.ts';
import { seeded, type Seeded } from '../support/seeded.ts';
import { Breach, must, type Break } from './breaks.ts';
import { checkCloud, checkCommands, checkLog, checkOnce, checkScreens, type Tenant } from './invariants.ts';
import { openSimLink, type SimLink } from './link.ts';
import { anyOrder, openingNight, setUp, type Order } from './orders.ts';
import { openSimScreen, type SimScreen } from './screen.ts';
import { enrolTenant, openBox, simKey, type SimBox } from './world.ts';

export type Stage = {
  readonly cloud: Cloud;
  readonly adminToken: string;
  /** Moves the cloud's clock, so that nonces grow old. */
  readonly laterInTheCloud: (ms: number) => void;
  /** A migrated, empty database that each seed starts from. */
  readonly template: string;
  readonly fresh: Opened;
};
export type Outcome = { readonly seed: number; readonly events: number; readonly breach: string | null };

type Night = {
  readonly seed: Seeded;
  readonly box: SimBox;
  readonly link: SimLink;
  readonly tenant: Tenant;
  readonly screens: readonly SimScreen[];
  readonly broken: Break | null;
  /** First answers that reached a tablet, by key. */
  known: Map<string, Answer>;
  readonly orders: Map<string, Order>;
  /** Taps that got no answer yet, with every key that they were tried under. */
  readonly unanswered: Map<string, Order>;
  readonly attempts: Map<string, string[]>;
  backup: { readonly image: string; readonly known: Map<string, Answer> } | null;
};
type Cut = 'none' | 'in the middle' | 'at the commit';

/** Wi-Fi loses an answer now and then. */
const ANSWER_LOST = 0.05;
const ACTOR = { kind: 'staff', id: 'simulated', dev: 'simulated', auth: 'pin' } as const;

/** Opens what all seeds share beside the cloud: an empty database to copy, and one to replay into. */
export function openTemplate(folder: string): Pick<Stage, 'template' | 'fresh'> {
  const template = path.join(folder, 'template.db');
  const made = openDatabase(template, openAssets(), null);
  made.sqlite.pragma('wal_checkpoint(TRUNCATE)');
  made.sqlite.close();
  return { template, fresh: openDatabase(':memory:', openAssets(), null) };
}

/** One seed: a night of orders, faults and cuts, then the link is healed and everything must hold. */
export async function runSeed(number: number, stage: Stage, broken: Break | null): Promise<Outcome> {
  const seed = seeded(number);
  const key = simKey(seed);
  const nodeId = `n_${seed.bytes(8).toString('hex')}_${randomUUID().slice(0, 8)}`;
  const link = openSimLink(stage.cloud, seed);
  const org = await enrolTenant(stage.cloud, stage.adminToken, { key, nodeId });
  const box = await openBox({ seed, template: stage.template, link, key, nodeId, broken });
  const screens = SIGHTS.flatMap((sight) => [
    openSimScreen(sight, broken === 'blind-screens'),
    openSimScreen(sight, false),
  ]);
  const night: Night = {
    seed,
    box,
    link,
    tenant: { cloud: stage.cloud, org },
    screens,
    broken,
    known: new Map(),
    orders: new Map(),
    unanswered: new Map(),
    attempts: new Map(),
    backup: null,
  };
  try {
    await box.boot();
    for (const screen of screens) screen.join(box.edge());
    await give(night, setUp(), 'none');
    await give(night, openingNight(box.edge()), 'none');
    const turns = seed.between(40, 110);
    for (let turn = 0; turn < turns; turn += 1) await oneTurn(night, stage);
    await heal(night);
    await checkAll(night, stage.fresh);
    return { seed: number, events: box.edge().log.head().seq, breach: null };
  } catch (error) {
    if (!(error instanceof Breach)) throw new Error(`Seed ${number} stopped`, { cause: error });
    return { seed: number, events: 0, breach: error.message };
  } finally {
    await box.shutDown().catch(() => undefined);
    box.disk.erase();
  }
}

async function oneTurn(night: Night, stage: Stage): Promise<void> {
  const { seed, box } = night;
  const what = seed.next();
  box.clock.advance(seed.between(10, 240_000));
  if (what < 0.55)
    return give(
      night,
      Array.from({ length: seed.between(1, 5) }, () => anyOrder(box.edge(), seed)),
      'none',
    );
  if (what < 0.6)
    return give(
      night,
      [anyOrder(box.edge(), seed), anyOrder(box.edge(), seed)],
      seed.pick(['in the middle', 'at the commit']),
    );
  if (what < 0.8) return push(night);
  if (what < 0.84) return night.link.deliverLate();
  if (what < 0.855) return night.link.stall(!night.link.isStalled());
  if (what < 0.88) return flicker(night);
  if (what < 0.915) return askAgain(night);
  if (what < 0.93) return reboot(night, () => box.shutDown());
  if (what < 0.95) return reboot(night, () => box.dieTo(box.disk.copy()));
  if (what < 0.965) return reboot(night, () => box.dieTo(box.disk.afterPowerCut(syncedBytes(night))));
  if (what < 0.975) return box.clock.step(seed.pick([-3_600_000, 3_600_000, -86_400_000, 365 * 86_400_000, 30_000]));
  if (what < 0.978) return stage.laterInTheCloud(11 * 60_000);
  if (what < 0.984) return putBackMeanwhile(night);
  if (what < 0.991) return takeBackup(night);
  return restore(night);
}

/** What a power cut would spare: with FULL, all that was committed. */
function syncedBytes({ box }: Night): number {
  const full = box.edge().sqlite.pragma('synchronous', { simple: true }) === 2;
  return full ? box.disk.walBytes() : 0;
}

/** Tablets give orders at the same moment; with a cut, the power goes while they wait. */
async function give(night: Night, orders: readonly Order[], cut: Cut): Promise<void> {
  const taps = orders.map((order) => ({ key: newKey(night), order }));
  for (const { key, order } of taps) {
    night.orders.set(key, order);
    night.attempts.set(key, [key]);
    night.unanswered.set(key, order);
  }
  await send(night, taps, cut);
}

async function send(
  night: Night,
  taps: readonly { readonly key: string; readonly order: Order }[],
  cut: Cut,
): Promise<void> {
  const { box, broken } = night;
  const before = syncedBytes(night);
  let image: string | null = null;
  if (cut === 'in the middle') box.clock.onNextReading(() => (image = box.disk.afterPowerCut(before)));
  const answers = await Promise.all(
    taps.map(({ key, order }) => box.edge().command(order.name, order.input as never, { key, actor: ACTOR })),
  );
  if (cut === 'at the commit') image = box.disk.afterPowerCut(before);
  const told = image === null || broken === 'ack-before-commit';
  for (const [at, { key }] of taps.entries()) {
    const answer = answers[at];
    if (told && answer && !night.seed.chance(ANSWER_LOST)) hear(night, key, answer);
  }
  if (image !== null) {
    const left = image;
    await reboot(night, () => box.dieTo(left));
  }
}

function hear(night: Night, key: string, answer: Answer): void {
  const first = night.known.get(key);
  must(
    !first || JSON.stringify(first) === JSON.stringify(answer),
    `key ${key} got ${JSON.stringify(answer)} after ${JSON.stringify(first)}`,
  );
  night.known.set(key, answer);
  night.unanswered.delete(key);
}

/** Those who lost their answer ask again, and some who did not. */
async function askAgain(night: Night): Promise<void> {
  const fresh = night.broken === 'fresh-keys';
  const waiting = [...night.unanswered].map(([tap, order]) => {
    const key = fresh ? newKey(night) : tap;
    if (fresh) night.attempts.get(tap)?.push(key);
    if (fresh) night.unanswered.delete(tap);
    return { key, order };
  });
  const twice = [...night.known.keys()].slice(-3).flatMap((key) => {
    const order = night.orders.get(key);
    return order ? [{ key, order }] : [];
  });
  await send(night, [...waiting, ...twice], 'none');
}

async function push(night: Night): Promise<void> {
  const { box } = night;
  try {
    await box.sender().step();
  } catch {
    // No answer came, as often happens; the sender asks again.
    box.sender().lost();
  }
}

async function flicker({ seed, screens, box }: Night): Promise<void> {
  const screen = seed.pick(screens);
  if (screen.isUp()) screen.drop();
  else screen.join(box.edge());
}

async function reboot({ screens, box }: Night, goOff: () => Promise<void>): Promise<void> {
  for (const screen of screens) screen.drop();
  await goOff();
  await box.boot();
  for (const screen of screens) screen.join(box.edge());
}

function takeBackup(night: Night): void {
  night.backup = { image: night.box.disk.copy(), known: new Map(night.known) };
}

/** Somebody puts yesterday's disk back. What was acknowledged since is lost and known to be; nothing else may be. */
async function restore(night: Night): Promise<void> {
  const { backup } = night;
  if (!backup) return;
  night.backup = null;
  night.unanswered.clear();
  await reboot(night, () => night.box.dieTo(backup.image));
  night.known = new Map(backup.known);
}

/** A disk is put back while pushes of the other history are still on their way. */
async function putBackMeanwhile(night: Night): Promise<void> {
  const { box, seed, link } = night;
  takeBackup(night);
  link.stall(true);
  for (let more = 0; more < 4; more += 1) {
    await give(night, [anyOrder(box.edge(), seed), anyOrder(box.edge(), seed)], 'none');
    await push(night);
  }
  await restore(night);
  link.stall(false);
  for (let more = 0; more < 3; more += 1) {
    await give(night, [anyOrder(box.edge(), seed)], 'none');
    await push(night);
  }
  for (let late = 0; late < 4; late += 1) await link.deliverLate();
}

async function heal(night: Night): Promise<void> {
  const { box, link, tenant } = night;
  await askAgain(night);
  link.heal();
  for (let late = 0; late < 20; late += 1) await link.deliverLate();
  box.sender().doubt();
  for (let step = 0; step < 50; step += 1) {
    const { next } = await box.sender().step();
    if (next === 'idle' || next === 'halted') break;
  }
  await tenant.cloud.project();
  for (const screen of night.screens) if (!screen.isUp()) screen.join(box.edge());
}

async function checkAll(night: Night, fresh: Opened): Promise<void> {
  const edge = night.box.edge();
  must(night.box.faults.length === 0, `our own code broke: ${night.box.faults[0]}`);
  checkCommands(edge, night.known);
  checkOnce(edge, night.attempts);
  checkLog(edge, fresh);
  checkScreens(edge, night.screens);
  await checkCloud(night.tenant, edge, night.box.written());
}

function newKey({ seed }: Night): string {
  return seed.bytes(16).toString('hex');
}
