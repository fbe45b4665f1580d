/** Defences that the simulator can switch off, and no other program. With any one of them off it must find a breach. */
export const BREAKS = {
  'lazy-fsync': 'the node answers after a commit that is not on the disk yet (synchronous=NORMAL)',
  'ack-before-commit': 'the tablet is told when the rule has decided, before the commit',
  'sequence-only': 'the cloud checks sequence numbers and no hashes',
  'fresh-keys': 'a tablet that lost an answer asks again under a new key',
  'blind-screens': 'a screen that was away never asks for what it missed',
} as const;
export type Break = keyof typeof BREAKS;

export function breakNamed(name: string): Break {
  const found = Object.keys(BREAKS).find((one) => one === name);
  if (!found) throw new Error(`There is no defence ${name}: ${Object.keys(BREAKS).join(', ')}.`);
  return found as Break;
}

/** Something that must never be was found. */
export class Breach extends Error {}

export function must(holds: boolean, what: string): void {
  if (!holds) throw new Breach(what);
}
