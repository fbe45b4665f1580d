import { CHECKS, type Checks } from '../../edge-node/checks.ts';

/** Defences that the simulator can switch off, and no other program. With any one of them off it must find a breach. */
export const BREAKS = {
  'lazy-fsync': 'the node answers after a commit that is not on the disk yet (synchronous=NORMAL)',
  'ack-before-commit': 'the tablet is told when the rule has decided, before the commit',
  'sequence-only': 'the cloud checks sequence numbers and no hashes',
  'trust-ack': 'neither side compares hashes where the other says how far it is',
  'carry-all': 'the node carries events into a new log without looking which of them the cloud has already',
  'no-heartbeat': 'a node that has nothing to send never asks the cloud where it stands',
  'unknown-keys': 'a box that takes over events does not learn the commands that they answer',
  'fresh-keys': 'a tablet that lost an answer asks again under a new key',
  'blind-screens': 'a screen that was away never asks for what it missed',
} as const;
export type Break = keyof typeof BREAKS;

export function breakNamed(name: string): Break {
  const found = Object.keys(BREAKS).find((one) => one === name);
  if (!found) throw new Error(`There is no defence ${name}: ${Object.keys(BREAKS).join(', ')}.`);
  return found as Break;
}

/** What the node judges for itself, with one judgement off. */
export function checksWithout(broken: Break | null): Checks {
  if (broken === 'trust-ack') return { ...CHECKS, agrees: () => true };
  if (broken === 'unknown-keys') return { ...CHECKS, learnsKeys: false };
  return broken === 'carry-all' ? { ...CHECKS, isRepeat: () => false } : CHECKS;
}

/** Something that must never be was found. */
export class Breach extends Error {}

export function must(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Breach(what);
}
