import { expect, test } from 'vitest';
import { breakNamed, type Break } from './breaks.ts';
import { runSeed } from './run.ts';
import { openStage } from './stage.ts';

/** With a defence off this seed finds it: so the simulator itself is seen to fail. After a change that draws other numbers, look for another. */
const FOUND_BY = {
  'lazy-fsync': 1,
  'ack-before-commit': 1,
  'sequence-only': 14,
  'trust-ack': 1,
  'carry-all': 8,
  'no-heartbeat': 5,
  'unknown-keys': 4,
  'fresh-keys': 2,
  'blind-screens': 6,
} as const satisfies Record<Break, number>;

for (const [name, seed] of Object.entries(FOUND_BY)) {
  const broken = breakNamed(name);
  test(`without ${broken} seed ${seed} finds a breach, and with it none`, async () => {
    const without = await openStage(broken);
    const whole = await openStage(null);
    try {
      expect((await runSeed(seed, without, { broken, restores: true })).breach).not.toBeNull();
      expect((await runSeed(seed, whole, { broken: null, restores: true })).breach).toBeNull();
    } finally {
      await without.close();
      await whole.close();
    }
  });
}
