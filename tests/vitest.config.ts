import path from 'node:path';
import { defineConfig } from 'vitest/config';

const top = path.resolve(import.meta.dirname, '..');

export default defineConfig({
  root: top,
  test: {
    include: ['tests/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    // Vitest's own second is less than a browser or a disk may take while both cores are busy.
    expect: { poll: { timeout: 20_000 } },
    hookTimeout: 120_000,
  },
});
