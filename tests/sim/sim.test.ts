import { describe } from 'vitest';
import { testSeeds } from './seeds.ts';

describe('with all defences on', () => {
  testSeeds({ from: 1, to: 250, restores: false });
});
