import { fork } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync } from 'node:fs';
import process from 'node:process';
import { startEmbeddedPostgres } from '../../control-plane/app.ts';
import { endWithThisProcess } from '../support/cloud.ts';
import { diskFolder } from './folder.ts';
import { giveWay, treeCpuUs } from './processes.ts';

export type CloudProcess = {
  readonly url: string;
  readonly databaseUrl: string;
  /** Of the control plane and of PostgreSQL with all its processes. */
  readonly cpuUs: () => { readonly node: number; readonly postgres: number };
  readonly newCode: () => Promise<string>;
  /** From now on it only gets what CPU nobody else wants, as one that is on another machine. */
  readonly putAway: () => void;
  readonly close: () => Promise<void>;
};
type Ready = { readonly url: string; readonly adminToken: string };

/** The real control plane as a process of its own, on a real PostgreSQL that syncs its commits to the disk. */
export async function startCloud(): Promise<CloudProcess> {
  const folder = diskFolder();
  const postgres = await startEmbeddedPostgres({ dir: `${folder.path}/postgres`, port: 0, settings: {} });
  endWithThisProcess(postgres.pid, folder.path);
  const env = {
    ...process.env,
    DATABASE_URL: postgres.url,
    CLUBOPS_CLOUD_DATA: `${folder.path}/cloud`,
    CLUBOPS_CLOUD_PORT: '0',
  };
  const child = fork(new URL('../../control-plane/main.ts', import.meta.url), {
    env,
    execArgv: profiling(),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [ready] = (await once(child, 'message')) as [Ready];
  chmodSync(folder.path, 0o711);
  const admin = async (path: string, body: object): Promise<Record<string, string>> => {
    const headers = { authorization: `Bearer ${ready.adminToken}`, 'content-type': 'application/json' };
    const answer = await fetch(`${ready.url}/api/v1${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    return (await answer.json()) as Record<string, string>;
  };
  return {
    url: ready.url,
    databaseUrl: postgres.url,
    cpuUs: () => ({ node: treeCpuUs(child.pid ?? 0), postgres: treeCpuUs(postgres.pid) }),
    putAway: () => {
      giveWay(child.pid ?? 0);
      giveWay(postgres.pid);
    },
    newCode: async () => {
      const { orgId } = await admin('/orgs', { name: 'Bench' });
      const { clubId } = await admin('/clubs', { orgId, name: 'Bench' });
      return (await admin(`/clubs/${clubId}/enrolment-codes`, {}))['code'] ?? '';
    },
    close: async () => {
      child.disconnect();
      await once(child, 'exit');
      await postgres.stop();
    },
  };
}

function profiling(): string[] {
  const folder = process.env['BENCH_PROFILE'];
  return folder === undefined
    ? []
    : ['--cpu-prof', `--cpu-prof-dir=${folder}`, '--cpu-prof-name=cloud.${pid}.cpuprofile'];
}
