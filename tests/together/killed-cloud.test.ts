import { readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cloudAdmin, type CloudAdmin } from '../../installer/from-source/cloud-admin.ts';
import { startCloud, startEdge, type CloudProgram, type EdgeProgram } from '../../installer/from-source/programs.ts';
import { temporaryHome } from '../support/cloud.ts';
import { pairTablet, type Tablet } from '../support/tablet.ts';

const KILLS = 10;
const CAUGHT_UP_MS_MAX = 60_000;
type Log = { readonly acked: number; readonly headHash: string; readonly unprojected: number };
type Status = { readonly head: { readonly seq: number; readonly hash: string } };

let folder: string;
let port: number;
let cloud: CloudProgram;
let admin: CloudAdmin;
let clubId: string;
let edge: EdgeProgram;
let tablet: Tablet;

const begin = (): Promise<CloudProgram> => startCloud(path.join(folder, 'cloud'), { CLUBOPS_CLOUD_PORT: String(port) });

beforeAll(async () => {
  folder = temporaryHome();
  port = await anyPort();
  cloud = await begin();
  admin = cloudAdmin(cloud);
  clubId = await admin.newClub('Killed');
  const env = {
    CLUBOPS_PORT: '0',
    CLUBOPS_CLOUD_URL: cloud.url,
    CLUBOPS_ENROL_CODE: await admin.enrolmentCode(clubId),
    CLUBOPS_DEMO: 'evening',
  };
  edge = await startEdge(path.join(folder, 'edge'), env, null);
  tablet = await pairTablet(edge.url, { code: edge.demo.code, name: 'Max Manager', pin: '2222' });
});

afterAll(async () => {
  await edge.stop();
  await cloud.stop();
  rmSync(folder, { recursive: true, force: true });
});

test(`a control plane that is killed with its database ${KILLS} times loses nothing, and the floor does not notice`, async () => {
  const entries = await rotation();
  let given = 0;
  for (let kill = 0; kill < KILLS; kill += 1) {
    const floor = work(entries, 40);
    killWithDatabase();
    given += await floor;
    cloud = await begin();
    admin = cloudAdmin(cloud);
  }
  expect(given).toBe(KILLS * 40);
  const { body } = await tablet.ask<Status>('GET', '/api/v1/status');
  const log = await caughtUp(body.head.seq);
  expect(log).toMatchObject({ acked: body.head.seq, headHash: body.head.hash, unprojected: 0 });
  expect(await callsInTheCloud()).toBe(given);
});

/** Calls dancers one after the other; answers how many were acknowledged. */
async function work(entries: readonly string[], times: number): Promise<number> {
  let done = 0;
  for (let at = 0; at < times; at += 1) {
    const given = await tablet.give('rotation.call', { entry: entries[at % entries.length] ?? '', away: at % 4 });
    if (given.ok) done += 1;
  }
  return done;
}

async function rotation(): Promise<readonly string[]> {
  const { body } = await tablet.ask<{
    readonly rows: readonly (readonly [string, string, { readonly held: boolean } | null])[];
  }>('GET', '/api/v1/view');
  return body.rows.filter(([table, , row]) => table === 'entry' && row?.held === false).map(([, id]) => id);
}

function killWithDatabase(): void {
  const postmaster = Number(
    readFileSync(path.join(folder, 'cloud', 'postgres', 'data', 'postmaster.pid'), 'utf8').split('\n')[0],
  );
  cloud.child.kill('SIGKILL');
  process.kill(postmaster, 'SIGKILL');
}

async function caughtUp(seq: number): Promise<Log> {
  const until = Date.now() + CAUGHT_UP_MS_MAX;
  for (;;) {
    const log = await admin.get<Log>(`/clubs/${clubId}/log`);
    if ((log.acked >= seq && log.unprojected === 0) || Date.now() > until) return log;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function callsInTheCloud(): Promise<number> {
  const { nights } = await admin.get<{ readonly nights: readonly { readonly counts: Record<string, number> }[] }>(
    `/clubs/${clubId}/nights`,
  );
  return nights[0]?.counts['rotation.called'] ?? 0;
}

function anyPort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.listen(0, '127.0.0.1', () => {
      const { port: free } = probe.address() as AddressInfo;
      probe.close(() => resolve(free));
    });
  });
}
