import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { openAssets } from '../../edge-node/assets.ts';
import { openDataFolder } from '../../edge-node/data-folder.ts';
import { openDatabase } from '../../edge-node/db/open.ts';
import { limits } from '../../edge-node/limits.ts';
import { applyAll } from '../../edge-node/log/replay.ts';
import { openApply } from '../../edge-node/state/apply.ts';
import { enrol } from '../../edge-node/sync/enrol.ts';
import { nodeKey } from '../../edge-node/sync/node-identity.ts';
import { buildTestEdge } from '../support/edge.ts';
import { cpuUs, serve, settledMemory } from './child.ts';
import { callable, fillNight, playLong } from './night.ts';
import { withoutLines, withoutTails } from './without.ts';

/**
 * A real node in a full night, as one process. By the environment: BENCH_COMMANDS_PER_COMMIT cuts its group commit,
 * BENCH_MIRROR is a folder for its second copy and BENCH_MIRROR_MODE how it is kept, BENCH_BARE_LOG and BENCH_TAILS=off
 * take parts out (`without.ts`), BENCH_MUSIC is a folder whose `drop` is watched for music, BENCH_CLOUD is where its cloud is; with BENCH_CODE it enrols there first.
 */
const { env } = process;
const folder = env['BENCH_FOLDER'] ?? '';
const perCommit = env['BENCH_COMMANDS_PER_COMMIT'];
if (perCommit !== undefined) Object.assign(limits, { commandsPerCommitMax: Number(perCommit) });
if (env['BENCH_CODE'] !== undefined) await enrolFolder(env['BENCH_CLOUD'] ?? '', env['BENCH_CODE']);

const node = await buildTestEdge({
  folder,
  mirror: mirrorOf(env['BENCH_MIRROR']),
  cloudUrl: env['BENCH_WAY'] ?? null,
  ...(env['BENCH_MUSIC'] !== undefined && { music: musicIn(env['BENCH_MUSIC']) }),
});
const { edge } = node;
if (!edge.reads.day.open()) await fillNight(edge);
const bare = env['BENCH_BARE_LOG'];
if (bare === 'row' || bare === 'nothing') withoutLines(edge, bare);
if (env['BENCH_TAILS'] === 'off') withoutTails(edge);

function mirrorOf(at: string | undefined) {
  if (at === undefined) return null;
  mkdirSync(at, { recursive: true });
  const mode: 'sync' | 'async' = env['BENCH_MIRROR_MODE'] === 'sync' ? 'sync' : 'async';
  return { folder: at, mode, apartFrom: null };
}

function musicIn(at: string) {
  return { home: `${at}/music`, folder: `${at}/drop`, runtime: at, env, target: -14 };
}

async function enrolFolder(url: string, code: string): Promise<void> {
  const data = openDataFolder(folder, randomBytes, null);
  const { nodeId } = data.node;
  const { publicJwk } = nodeKey(data.nodeKeyPem);
  const { clubId, orgId, receiptKeys } = await enrol(url, { code, nodeId, publicKey: publicJwk, version: 'bench' });
  data.saveNode({ nodeId, cloud: { url, clubId, orgId, receiptKeys } });
  data.release();
}

/** One of each sight: the owner sees money, the host cash, the DJ the booth. */
const FIRST_NAMES = ['DJ', 'Olivia', 'Helen'] as const;
const LOOK_MS = 5;

const tasks = {
  /** Tablets that are signed in and may call, and what they may call. */
  tablets: async (count: number) => {
    const tablets = Array.from({ length: count }, (_, at) => node.tablet(FIRST_NAMES[at % FIRST_NAMES.length] ?? 'DJ'));
    const tokens = (await Promise.all(tablets)).map(({ token }) => token);
    return {
      url: node.url,
      tokens,
      paths: callable(edge).map((entry) => `/api/v1/rotation-entries/${entry}/call`),
    };
  },
  cpuUs,
  settledMemory,
  head: () => edge.log.head().pos,
  play: (events: number) => playLong(edge, events),
  cloud: () => edge.cloud(),
  music: () => node.music.status(),
  /** How long until the cloud has all, and this box has at least so many events, in milliseconds. */
  settled: async (events: number) => {
    const start = performance.now();
    const isSettled = (): boolean => edge.cloud().link === 'up' && edge.cloud().waiting === 0;
    while (!isSettled() || edge.log.head().pos < events) await pause(LOOK_MS);
    return performance.now() - start;
  },
  /** The tables made anew from the log, in a database beside; in milliseconds. */
  replay: () => {
    const fresh = openDatabase(`${folder}/replay.db`, openAssets(), null);
    fresh.sqlite.exec('BEGIN');
    const start = performance.now();
    applyAll(edge.sqlite, openApply(fresh.db).review);
    const ms = performance.now() - start;
    fresh.sqlite.exec('ROLLBACK');
    fresh.sqlite.close();
    return ms;
  },
};
export type EdgeTasks = typeof tasks;

serve(tasks, node.stop);
