// npm test: installs what it needs, runs every test, and ends with the counts.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { build, environment, install, say, top } from './install.mjs';
import { findOrInstallChromium } from './chromium.mjs';
import { findOrInstallFfmpeg } from './ffmpeg.mjs';

install();
build();
const chromium = findOrInstallChromium();
const ffmpeg = findOrInstallFfmpeg();
const counts = path.join(top, '.cache', 'tests.json');
mkdirSync(path.dirname(counts), { recursive: true });
rmSync(counts, { force: true });
say('Testing');
const vitest = path.join(top, 'node_modules', '.bin', 'vitest');
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${counts}`];
const { status } = spawnSync(
  vitest,
  ['run', '--config', 'tests/vitest.config.ts', ...reporters, ...process.argv.slice(2)],
  {
    cwd: top,
    stdio: 'inherit',
    env: { ...environment, ...ffmpeg, ...(chromium && { CLUBOPS_CHROMIUM: chromium }) },
  },
);
const result = JSON.parse(readFileSync(counts, 'utf8'));
// A file that can't even be loaded has no tests to count, but it has failed.
const broken = result.testResults.filter(
  (file) => file.status === 'failed' && file.assertionResults.length === 0,
).length;
const failed = result.numFailedTests + broken;
const skipped = result.numPendingTests + result.numTodoTests;
console.log(`${result.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exit(status === 0 && failed > 0 ? 1 : (status ?? 1));
