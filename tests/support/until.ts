const LOOK_MS = 10;

/** Resolves as soon as it holds; rejects after a while, with what was waited for. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  { msMax = 20_000 }: { readonly msMax?: number } = {},
): Promise<void> {
  const late = performance.now() + msMax;
  while (!(await holds())) {
    if (performance.now() > late) throw new Error(`Waited ${msMax} ms for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
