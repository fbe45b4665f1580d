import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openHome, sweep } from '../../edge-node/music/home.ts';

const WHOLE = 'a'.repeat(64);
const HALF = 'b'.repeat(64);

test('what a kill left is swept away, and a whole track stays', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'clubops-home-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const home = openHome(folder);
  for (const file of [home.original(WHOLE), home.rendition(WHOLE), home.peaks(WHOLE), home.facts(WHOLE)])
    writeFileSync(file, 'x');
  for (const file of [home.original(HALF), home.rendition(HALF), home.peaks(HALF), home.aside('claim')])
    writeFileSync(file, 'x');
  sweep(home);
  const left = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(left.map(({ name }) => name).toSorted()).toEqual([WHOLE, WHOLE, `${WHOLE}.json`, `${WHOLE}.m4a`]);
});
