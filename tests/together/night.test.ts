import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';

const top = path.resolve(import.meta.dirname, '../..');

test('two nights without a cloud from 20:30 on, the hour that comes twice in the first, end with equal totals and heads in box and cloud', () => {
  const out = execFileSync(process.execPath, ['tests/night/main.ts', '--json'], { cwd: top, encoding: 'utf8' });
  const result = JSON.parse(out.trim().split('\n').at(-1) ?? '') as Record<string, unknown>;
  expect(result).toMatchObject({ equal: true, nights: 2, boxHead: result['cloudHead'], box: result['cloud'] });
  expect(result['events']).toBeGreaterThan(5_000);
  expect(out).toMatch(/122 check-ins, \d+ guests, 400 sets, 180 room sessions/);
});
