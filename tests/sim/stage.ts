import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { verifyBatch } from '../../control-plane/app.ts';
import { buildTestCloud } from '../support/cloud.ts';
import type { Break } from './breaks.ts';
import { openCloudOperator } from './cloud-backup.ts';
import { crashAtCommits, type Fate } from './crashing-pool.ts';
import { openTemplate, type Stage } from './night.ts';
import { sequenceOnly } from './sequence-only.ts';

export type OpenStage = Stage & { readonly close: () => Promise<void> };

/** One control plane on one database for all seeds, a tenant each. */
export async function openStage(broken: Break | null): Promise<OpenStage> {
  const folder = mkdtempSync(path.join(tmpdir(), 'clubops-sim-'));
  const cloud = await buildTestCloud({ verifyBatch: broken === 'sequence-only' ? sequenceOnly : verifyBatch });
  const operator = await openCloudOperator(cloud.ownerUrl);
  const fate = { now: (): Fate => 'through' };
  crashAtCommits(cloud.pool, () => fate.now());
  const template = openTemplate(folder);
  return {
    cloud,
    adminToken: cloud.adminToken,
    laterInTheCloud: (ms) => void (cloud.time.now += ms),
    operator,
    fate,
    ...template,
    close: async () => {
      template.fresh.sqlite.close();
      await operator.close();
      await cloud.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
