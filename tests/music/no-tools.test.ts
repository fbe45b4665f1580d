import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import type { MusicStatus } from '#shared/contract/music-api.ts';
import { DEMO_PAIRING_CODE, DEMO_STAFF } from '../../edge-node/demo.ts';
import { NO_FFMPEG } from '../../edge-node/music/tools.ts';
import { pairTablet } from '../support/tablet.ts';

const MAIN = fileURLToPath(new URL('../../edge-node/main.ts', import.meta.url));

test('a node on a machine without ffmpeg says so at its start, and runs everything else', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'clubops-no-tools-'));
  const env = { PATH: folder, CLUBOPS_DATA: path.join(folder, 'data'), CLUBOPS_PORT: '0', CLUBOPS_DEMO: '1' };
  const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    rmSync(folder, { recursive: true, force: true });
  });
  let said = '';
  child.stdout?.on('data', (text: Buffer) => void (said += text.toString()));
  const [ready] = (await once(child, 'message')) as [{ readonly url: string }];
  await expect.poll(() => said, { timeout: 10_000 }).toContain(NO_FFMPEG);
  const [owner] = DEMO_STAFF;
  const who = { code: DEMO_PAIRING_CODE, name: owner?.name ?? '', pin: owner?.pin ?? '' };
  const tablet = await pairTablet(ready.url, who);
  const status = (await tablet.ask<MusicStatus>('GET', '/api/v1/music')).body;
  expect([status.says, status.working, status.again]).toEqual([NO_FFMPEG, [], { left: 0, failed: 0 }]);
  await tablet.must('day.open', { date: null });
  expect((await tablet.ask('GET', '/api/v1/tracks')).body).toEqual([]);
});
