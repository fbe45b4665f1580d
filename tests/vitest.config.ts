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
    hookTimeout: 120_000,
  },
});
