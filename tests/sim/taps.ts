import type { Answer } from '../../edge-node/log/answers.ts';
import type { Seeded } from '../support/seeded.ts';
import { must } from './breaks.ts';
import { mainBox, newKey, reboot, type Night } from './night.ts';
import type { Order } from './orders.ts';
import type { SimBox } from './world.ts';

export type Cut = 'none' | 'in the middle' | 'at the commit';
type Tap = { readonly key: string; readonly order: Order };

/** Wi-Fi loses an answer now and then. */
const ANSWER_LOST = 0.05;
const ACTOR = { kind: 'staff', id: 'simulated', dev: 'simulated', auth: 'pin' } as const;
/** Refusals of the box, not of the rule: the same key may be taken later. */
const NOT_YET: ReadonlySet<string> = new Set(['box_busy', 'box_recovering', 'box_fenced', 'disk_full', 'box_fault']);

/** Tablets give orders at the same moment; with a cut, the power goes while they wait. */
export async function give(night: Night, box: SimBox, orders: readonly Order[], cut: Cut = 'none'): Promise<void> {
  const taps = orders.map((order) => ({ key: newKey(night), order }));
  for (const { key, order } of taps) {
    night.orders.set(key, order);
    night.attempts.set(key, [key]);
    night.unanswered.set(key, { order, box });
  }
  await send(night, box, { taps, cut });
}

/** Those who lost their answer ask again, and some who did not. */
export async function askAgain(night: Night, box: SimBox): Promise<void> {
  const fresh = night.broken === 'fresh-keys';
  // A tablet keeps to its box; when that is gone, it asks the one that took its place.
  const own = [...night.unanswered].filter(([, asked]) => asked.box === box || !night.boxes.includes(asked.box));
  const waiting = own.map(([tap, { order }]) => {
    const key = fresh ? newKey(night) : tap;
    if (fresh) night.attempts.get(tap)?.push(key);
    if (fresh) night.unanswered.delete(tap);
    return { key, order };
  });
  const heard = [...night.recent].flatMap(([key, of]) => (of === box ? [key] : []));
  const twice = heard.slice(-3).flatMap((key) => {
    const order = night.orders.get(key);
    return order ? [{ key, order }] : [];
  });
  await send(night, box, { taps: [...waiting, ...twice], cut: 'none' });
}

async function send(
  night: Night,
  box: SimBox,
  { taps, cut }: { readonly taps: readonly Tap[]; readonly cut: Cut },
): Promise<void> {
  const before = syncedBytes(box);
  // What the power cuts off was never told to anybody.
  if (cut !== 'none' && mainBox(night) === box) for (const screen of night.screens) screen.drop();
  let image: string | null = null;
  if (cut === 'in the middle') box.clock.onNextReading(() => (image = box.disk.afterPowerCut(before)));
  const answers = await Promise.all(
    taps.map(({ key, order }) => box.edge().command(order.name, order.input as never, { key, actor: ACTOR })),
  );
  if (cut === 'at the commit') image = box.disk.afterPowerCut(before);
  const told = image === null || night.broken === 'ack-before-commit';
  for (const [at, { key }] of taps.entries()) {
    const answer = answers[at];
    if (told && answer && !isNotYet(answer) && !isLost(night.seed)) hear(night, box, { key, answer });
  }
  if (image !== null) {
    const left = image;
    await reboot(night, box, () => box.dieTo(left));
  }
  night.facts.see(box);
}

const isNotYet = (answer: Answer): boolean => !answer.ok && NOT_YET.has(answer.refusal);
const isLost = (seed: Seeded): boolean => seed.chance(ANSWER_LOST);

/** Tablets ask no more: what they asked a disk that is gone may be told otherwise by another. */
export function forgetAsking(night: Night): void {
  night.unanswered.clear();
  night.recent.clear();
}

/** Places move when histories are joined; what was answered does not. */
function hear(night: Night, box: SimBox, { key, answer }: { readonly key: string; readonly answer: Answer }): void {
  const first = night.known.get(key);
  must(
    !first || isSame(first, answer) || night.facts.isKeyExcused(key),
    `key ${key} got ${JSON.stringify(answer)} after ${JSON.stringify(first)}`,
  );
  if (!first) night.known.set(key, answer);
  night.recent.set(key, box);
  night.unanswered.delete(key);
}

function isSame(a: Answer, b: Answer): boolean {
  if (!a.ok || !b.ok) return !a.ok && !b.ok && a.refusal === b.refusal;
  // A box that learned an answer from a joined line does not know what was born by it.
  return a.id === b.id || a.id === '' || b.id === '';
}

/** What a power cut would spare: with FULL, all that was committed. */
export function syncedBytes(box: SimBox): number {
  const full = box.edge().sqlite.pragma('synchronous', { simple: true }) === 2;
  return full ? box.disk.walBytes() : 0;
}
