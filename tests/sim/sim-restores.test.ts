import { describe } from 'vitest';
import { testSeeds } from './seeds.ts';

describe('with all defences on, and a cloud that is put back to its backups', () => {
  testSeeds({ from: 1, to: 250, restores: true });
});
