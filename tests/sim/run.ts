import { Breach, must, type Break } from './breaks.ts';
import {
  backUpCloud,
  bringBack,
  clone,
  push,
  pushSome,
  putBackMeanwhile,
  replace,
  restore,
  restoreCloud,
  takeBackup,
} from './faults.ts';
import { checkAll } from './invariants.ts';
import { mainBox, openNight, reboot, type Night, type Stage } from './night.ts';
import { anyOrder, openingNight, setUp } from './orders.ts';
import type { SimBox } from './world.ts';
import { askAgain, give, syncedBytes } from './taps.ts';

export type { Stage } from './night.ts';

export type Outcome = { readonly seed: number; readonly events: number; readonly breach: string | null };

/** One seed: a night of orders, faults and cuts, then all links are healed and everything must hold. */
export async function runSeed(
  number: number,
  stage: Stage,
  { broken, restores }: { readonly broken: Break | null; readonly restores: boolean },
): Promise<Outcome> {
  const night = await openNight(number, stage, broken);
  try {
    await give(night, mainBox(night), setUp());
    await give(night, mainBox(night), openingNight(mainBox(night).edge()));
    if (night.seed.chance(0.7)) await untilIdle(night, mainBox(night));
    stage.fate.now = () => (night.seed.chance(0.03) ? night.seed.pick(['before', 'after']) : 'through');
    const turns = night.seed.between(20, 55);
    for (let turn = 0; turn < turns; turn += 1) await oneTurn(night, restores);
    stage.fate.now = () => 'through';
    await heal(night);
    await checkAll(night);
    return { seed: number, events: night.facts.seen().size, breach: null };
  } catch (error) {
    if (!(error instanceof Breach)) throw new Error(`Seed ${number} stopped`, { cause: error });
    return { seed: number, events: 0, breach: error.message };
  } finally {
    stage.fate.now = () => 'through';
    for (const box of night.boxes) await box.shutDown().catch(() => undefined);
    for (const box of [...night.boxes, ...night.shelf]) box.disk.erase();
  }
}

async function oneTurn(night: Night, restores: boolean): Promise<void> {
  const { seed, boxes, stage } = night;
  const box = seed.chance(0.7) ? mainBox(night) : seed.pick(boxes);
  const what = seed.next();
  box.clock.advance(seed.between(10, 240_000));
  const order = () => anyOrder(box.edge(), seed);
  if (what < 0.43) return give(night, box, Array.from({ length: seed.between(1, 4) }, order));
  if (what < 0.47) return give(night, box, [order(), order()], seed.pick(['in the middle', 'at the commit']));
  if (what < 0.73) return pushSome(night, box);
  if (what < 0.77) return box.link.deliverLate();
  if (what < 0.78) return box.link.stall(!box.link.isStalled());
  if (what < 0.8) return flicker(night);
  if (what < 0.84) return askAgain(night, mainBox(night));
  if (what < 0.855) return reboot(night, box, () => box.shutDown());
  if (what < 0.87) return reboot(night, box, () => box.dieTo(box.disk.copy()));
  if (what < 0.89) return reboot(night, box, () => box.dieTo(box.disk.afterPowerCut(syncedBytes(box))));
  if (what < 0.9) return box.clock.step(seed.pick([-3_600_000, 3_600_000, -86_400_000, 365 * 86_400_000, 30_000]));
  if (what < 0.903) return stage.laterInTheCloud(11 * 60_000);
  if (what < 0.915) return putBackMeanwhile(night);
  if (what < 0.935) return takeBackup(night);
  if (what < 0.955) return restore(night);
  if (what < 0.965) return clone(night);
  if (what < 0.975) return replace(night);
  if (what < 0.98) return bringBack(night);
  if (!restores) return pushSome(night, box);
  return what < 0.99 ? backUpCloud(night) : restoreCloud(night);
}

async function flicker(night: Night): Promise<void> {
  const screen = night.seed.pick(night.screens);
  if (screen.isUp()) screen.drop();
  else screen.join(mainBox(night).edge());
}

/** Rounds of pushes, by every box, that end a night; if they do not end, nothing ever would. */
const ROUNDS = 20;
const STEPS = 40;

async function heal(night: Night): Promise<void> {
  while (night.shelf.length > 0) bringBack(night);
  for (const box of night.boxes) box.link.heal();
  for (const box of night.boxes) for (let late = 0; late < 20; late += 1) await box.link.deliverLate();
  await askAgain(night, mainBox(night));
  must(await comesToRest(night), 'the boxes never come to rest');
  await night.tenant.cloud.project();
  const main = mainBox(night).edge();
  for (const screen of night.screens) if (!screen.isUp()) screen.join(main);
}

/** A heartbeat of every box in turn, until none has anything to do after it. */
async function comesToRest(night: Night): Promise<boolean> {
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = standing(night);
    for (const box of night.boxes)
      must((await untilIdle(night, box)) !== 'lost', `over a link that works no answer came: ${night.lastLost}`);
    if (round > 0 && standing(night) === before) return true;
  }
  return false;
}

async function untilIdle(night: Night, box: SimBox): Promise<string> {
  // As the loop around the sender does: an idle one is told to doubt now and then.
  if (night.broken !== 'no-heartbeat') {
    box.clock.advance(20_000);
    box.sender().doubt();
  }
  for (let step = 0; step < STEPS; step += 1) {
    const next = await push(night, box);
    if (next !== 'more') return next;
  }
  return 'more';
}

function standing({ boxes }: Night): string {
  return boxes
    .map((box) => {
      const { logId } = box.edge().log;
      const { seq, pos } = box.edge().log.head();
      return `${box.name}:${logId}:${seq}:${pos}:${box.sender().state().waiting}`;
    })
    .join(' ');
}
