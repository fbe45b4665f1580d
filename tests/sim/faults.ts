import { extend, strays, type Place, type Stretch } from '#shared/log/stretch.ts';
import { must } from './breaks.ts';
import { cloudLogs, eventsInCloud, eventsOn, type Events } from './facts.ts';
import { cloneOf, mainBox, newBox, reboot, switchOn, type Night } from './night.ts';
import { anyOrder } from './orders.ts';
import { forgetAsking, give } from './taps.ts';
import { hashesOf, openMainline } from '../../edge-node/log/mainline.ts';
import type { Next } from '../../edge-node/sync/sender.ts';
import type { SimBox } from './world.ts';

/** One exchange with the cloud, whatever comes of it; `lost` where no answer came. */
export async function push(night: Night, box: SimBox): Promise<Next['next'] | 'lost'> {
  const { tenant } = night;
  try {
    const { next } = await stepOrDoubt(night, box);
    if (next !== 'halted') return next;
    const why = box
      .edge()
      .sqlite.prepare('SELECT halted FROM uplink WHERE log_id = ?')
      .pluck()
      .get(box.edge().log.logId);
    // A cloud that was put back to before this box was enrolled: somebody enrols it again.
    must(why === 'not_signed', `${box.name} stopped: ${String(why)}`);
    await tenant.enrol(box, true);
    box.sender().doubt();
    return 'more';
  } catch (error) {
    if (error instanceof Error && error.name === 'BrokenInvariant') throw error;
    // No answer came, as often happens; the sender asks again.
    box.sender().lost();
    night.lastLost = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return 'lost';
  }
}

/** Some exchanges in a row, until one is lost or nothing waits. */
export async function pushSome(night: Night, box: SimBox): Promise<void> {
  const most = night.seed.between(1, 8);
  for (let step = 0; step < most; step += 1) if ((await push(night, box)) !== 'more') return;
}

/** One that has stopped asks again now and then, as what stopped it may be mended. */
async function stepOrDoubt(night: Night, box: SimBox): Promise<Next> {
  const { log } = box.edge();
  const before = log.head().hash;
  const first = await box.sender().step();
  // A join may have written events anew.
  if (!log.head().hash.equals(before)) night.facts.see(box);
  if (first.next !== 'halted') return first;
  box.sender().doubt();
  return box.sender().step();
}

export function takeBackup(night: Night): void {
  const box = night.seed.pick(night.boxes);
  night.backup = { box, image: box.disk.copy() };
}

/** Somebody puts yesterday's disk back. What only the newer one held is lost and known to be; nothing else may be. */
export async function restore(night: Night): Promise<void> {
  const { backup } = night;
  night.backup = null;
  if (!backup || !night.boxes.includes(backup.box)) return;
  const before = night.facts.see(backup.box);
  await reboot(night, backup.box, () => backup.box.dieTo(backup.image));
  forgetAsking(night);
  await excuseLost(night, before);
}

/** A disk is put back while pushes of the other history are still on their way. */
export async function putBackMeanwhile(night: Night): Promise<void> {
  const box = mainBox(night);
  const orders = () => [anyOrder(box.edge(), night.seed), anyOrder(box.edge(), night.seed)];
  await pushSome(night, box);
  night.backup = { box, image: box.disk.copy() };
  box.link.stall(true);
  for (let more = 0; more < 3; more += 1) {
    await give(night, box, orders());
    await pushSome(night, box);
  }
  await restore(night);
  box.link.stall(false);
  for (let more = 0; more < 2; more += 1) {
    await give(night, box, orders());
    await pushSome(night, box);
  }
  for (let late = 0; late < 6; late += 1) await box.link.deliverLate();
}

/** A copy of the disk goes on in another box beside this one. */
export function clone(night: Night): void {
  if (night.boxes.length > 1 || night.clones > 1) return;
  const box = mainBox(night);
  night.facts.see(box);
  night.clones += 1;
  switchOn(night, cloneOf(night, box, `${box.name}-clone-${night.clones}`));
}

/** The box burns, or is carried away; a new one takes its place, with what the cloud and the screens have. */
export async function replace(night: Night): Promise<void> {
  const { seed, tenant, facts, screens } = night;
  const old = mainBox(night);
  if (night.boxes.length > 1 || old.edge().recovering.isHolding()) return;
  const before = facts.see(old);
  const burns = seed.chance(0.6);
  for (const screen of screens) screen.drop();
  await old.shutDown();
  night.boxes.shift();
  if (!burns) night.shelf.push(old);
  if (!burns) forgetAsking(night);
  night.recent.clear();
  const fresh = newBox(night, `${old.name}+`, { replaces: true });
  await tenant.enrol(fresh, true);
  switchOn(night, fresh);
  if (burns) old.disk.erase();
  const { recovering } = fresh.edge();
  for (let step = 0; step < 60 && recovering.wantsHistory(); step += 1) await push(night, fresh);
  if (recovering.wantsHistory()) {
    // Nothing reaches the cloud for a while: the new box waits, and so does the excuse.
    fresh.link.heal();
    for (let step = 0; step < 60 && recovering.wantsHistory(); step += 1) await push(night, fresh);
    fresh.link.spoil();
  }
  must(!recovering.wantsHistory(), `a new box gets no history over a link that works: ${night.lastLost}`);
  checkWitnesses(night, fresh);
  must(recovering.finish(), 'a box that has its history can be finished');
  await excuseLost(night, before);
}

/** Every screen hands over what it keeps; the box must get as far as those allow, and say so. */
function checkWitnesses({ seed, screens }: Night, box: SimBox): void {
  const edge = box.edge();
  const start = edge.box.get().recovery;
  const heard: Stretch[] = [];
  for (const [at, screen] of screens.entries()) {
    if (seed.chance(0.3)) continue;
    const tails = screen.tails();
    heard.push(...tails.flatMap((tail) => edge.tails.open(tail) ?? []));
    edge.takeTails(`device-${at}`, seed.chance(0.5) ? tails : tails.toReversed());
  }
  if (!start?.at) return;
  const reach = Math.max(start.here, ...heardWays(box, start.at, heard));
  const view = edge.recovering.view();
  must(view?.here === reach, `the new box got to ${view?.here}, its witnesses to ${reach}`);
}

/** How far each way leads, from where the cloud ended and from where a witness's turns off what it had. */
function heardWays(box: SimBox, end: Place, heard: readonly Stretch[]): readonly number[] {
  const own = openMainline(box.edge().sqlite);
  const bases = new Map(own.segments().map(({ logId, base }) => [logId, base]));
  return [end, ...strays(heard, hashesOf(own)).places].map(
    (place) => (bases.get(place.logId) ?? 0) + place.seq + extend(place, heard).lines.length,
  );
}

export async function backUpCloud(night: Night): Promise<void> {
  night.cloudBackup = await night.stage.operator.backUp(night.tenant.org);
}

/** The cloud is put back to its backup. What no box holds any more is lost and known to be. */
export async function restoreCloud(night: Night): Promise<void> {
  const { cloudBackup, tenant, stage } = night;
  night.cloudBackup = null;
  if (!cloudBackup) return;
  const before = eventsInCloud(await cloudLogs(night));
  await stage.operator.restore(tenant.org, cloudBackup);
  await tenant.sayRestored();
  await excuseLost(night, before);
}

/** Whatever of `events` nobody holds any more. */
async function excuseLost(night: Night, events: Events): Promise<void> {
  const inCloud = eventsInCloud(await cloudLogs(night));
  const held = [...night.boxes, ...night.shelf].map((box) => heldBy(box));
  const lost = [...events.keys()].filter((id) => !inCloud.has(id) && !held.some((has) => has(id)));
  night.facts.excuse(lost);
}

function heldBy(box: SimBox): (id: string) => boolean {
  if (box.isOn()) {
    const events = eventsOn(box);
    return (id) => events.has(id);
  }
  const events = box.heldWhenOff();
  return (id) => events.has(id);
}

/** A box from the shelf is switched on again. */
export function bringBack(night: Night): void {
  const box = night.shelf.shift();
  if (!box) return;
  box.boot();
  night.boxes.push(box);
}
