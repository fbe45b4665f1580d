import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';

const top = path.resolve(import.meta.dirname, '../..');

test('a whole night with the link cut at 20:00 ends with equal totals and heads on the box and in the cloud', () => {
  const out = execFileSync(process.execPath, ['tests/night/main.ts', '--json'], { cwd: top, encoding: 'utf8' });
  const result = JSON.parse(out.trim().split('\n').at(-1) ?? '') as Record<string, unknown>;
  expect(result).toMatchObject({ equal: true, boxHead: result['cloudHead'], box: result['cloud'] });
  expect(result['events']).toBeGreaterThan(1_500);
  expect(out).toContain('60 check-ins, 200 sets, 90 room sessions');
});
