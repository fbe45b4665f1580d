/** A broken invariant is a bug of ours, never a person's mistake: it stops here, loudly. */
export function assert(holds: boolean, what: string): asserts holds {
  if (!holds) throw Object.assign(new Error(`Broken invariant: ${what}`), { name: 'BrokenInvariant' });
}
